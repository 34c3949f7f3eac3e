// Laws of the core, on the real kinds: from any live state to any wish, whole, in part, and back.
import fc from "fast-check";
import { expect, test } from "vitest";
import { diff } from "../../src/core/diff.js";
import { isEmpty } from "../../src/core/planner.js";
import type { State } from "../../src/core/resource.js";
import { simulate, stepsOf } from "../../src/core/simulate.js";
import { model } from "../../src/engine/model.js";
import { asItWas } from "../../src/engine/rollback.js";
import { labOf } from "../helpers/arbitrary-topology.js";
import { interrupted } from "./interrupted.js";
import { arbitraryRecipe, carriedOut, planOf, type Recipe, stateOf, worldOf } from "./worlds.js";

const RUNS = { numRuns: Number(process.env.NETLAB_SOAK ? 5000 : 200) };
const TIMEOUT = process.env.NETLAB_SOAK ? 1_200_000 : 120_000;
const law = (name: string, holds: (recipe: Recipe, choice: number) => Promise<void>, recipe = arbitraryRecipe()) =>
  test(name, () => fc.assert(fc.asyncProperty(recipe, fc.nat(1000), holds), RUNS), TIMEOUT);

const differences = (desired: State, live: State) => diff(model, desired, live);

law("a state has no difference with itself", async (recipe) => {
  const { live } = await worldOf(recipe);
  expect(differences(live, live)).toEqual([]);
  expect(isEmpty(planOf({ live, desired: ours(live) }))).toBe(true);
});

law("a plan leads from any state to the desired one, and then there is nothing to do", async (recipe, choice) => {
  const { live, desired } = await worldOf(recipe);
  const after = carriedOut(live, desired, choice % 2 ? 1 : undefined);
  expect(differences(desired, after)).toEqual([]);
  expect(planOf({ live: after, desired }).stages).toEqual([]);
});

law("what was interrupted anywhere is completed by planning again", async (recipe, choice) => {
  const { live, desired } = await worldOf(recipe);
  const steps = interrupted(planOf({ live, desired }), choice);
  const halfway = simulate(model, live, desired, steps);
  const again = planOf({ live: halfway, desired });
  expect(again.conflicts).toEqual([]);
  expect(differences(desired, carriedOut(halfway, desired))).toEqual([]);
});

law("what was interrupted anywhere is led back to what was there before", async (recipe, choice) => {
  const { live, desired } = await worldOf(recipe);
  const halfway = simulate(model, live, desired, interrupted(planOf({ live, desired }), choice));
  const before = asItWas(live, desired);
  expect(differences(before, carriedOut(halfway, before))).toEqual([]);
});

law("destroy leaves nothing of the lab, from any state", async (recipe, choice) => {
  const { live, desired } = await worldOf(recipe);
  const halfway = simulate(model, live, desired, interrupted(planOf({ live, desired }), choice));
  const plan = planOf({ live: halfway, desired: {} });
  expect(plan.conflicts).toEqual([]);
  expect(Object.values(simulate(model, halfway, {}, stepsOf(plan))).filter(({ owner }) => owner === "lab")).toEqual([]);
});

law("the order of keys in the file changes nothing", async (recipe, choice) => {
  const { live, desired } = await worldOf(recipe);
  const other = stateOf(await labOf(shuffled(recipe.wanted, numbers(choice))), recipe.facts);
  expect(JSON.stringify(planOf({ live, desired: other }))).toBe(JSON.stringify(planOf({ live, desired })));
});

const ours = (state: State): State => Object.fromEntries(Object.entries(state).filter(([, r]) => r.owner === "lab"));

function* numbers(seed: number): Generator<number> {
  for (let number = seed; ; number = (number * 421 + 1663) % 7875) yield number;
}

/** The same value with the keys of all maps in another order. */
function shuffled<V>(value: V, order: Generator<number>): V {
  if (Array.isArray(value)) return value.map((one) => shuffled(one, order)) as V;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map((entry) => ({ entry, at: order.next().value }))
      .sort((a, b) => a.at - b.at)
      .map(({ entry: [key, one] }) => [key, shuffled(one, order)]),
  ) as V;
}
