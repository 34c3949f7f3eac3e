// What a step needs is there before it and goes after it; what is not ours is left alone. Judged by the slots that the
// kinds name, step by step over a simulated state, without the planner's own reckoning.
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Plan, Step } from "../../src/core/plan.js";
import type { Resource, Slot, State } from "../../src/core/resource.js";
import { simulate, stepsOf } from "../../src/core/simulate.js";
import { heldBy, slotsOf } from "../../src/core/slots.js";
import { model } from "../../src/engine/model.js";
import { mixed } from "./interrupted.js";
import { arbitraryRecipe, carriedOut, planOf, worldOf } from "./worlds.js";

const RUNS = { numRuns: Number(process.env.NETLAB_SOAK ? 3000 : 200) };
/** Fewer where every step is simulated and judged by itself. */
const FEWER = { numRuns: RUNS.numRuns / 2 };
const TIMEOUT = process.env.NETLAB_SOAK ? 1_200_000 : 120_000;

/** The host is always there. */
const providedIn = (state: State): Set<Slot> =>
  new Set(["ns:host", ...Object.values(state).flatMap((r) => slotsOf(model, "provides", r))]);

/** What lives on something of ours, or on what does. */
function riders(state: State): Set<string> {
  const found = new Set<string>();
  const slots = new Set<Slot>();
  const take = (r: Resource) => {
    if (r.owner !== "lab") found.add(r.id);
    for (const slot of slotsOf(model, "provides", r)) slots.add(slot);
  };
  for (const r of Object.values(state)) if (r.owner === "lab") take(r);
  for (let before = -1; before < found.size; ) {
    before = found.size;
    for (const r of Object.values(state)) if (slotsOf(model, "livesOn", r).some((slot) => slots.has(slot))) take(r);
  }
  return found;
}

/** Resources that need something which is not there, but for what the kernel takes from them with it. */
function bereft(state: State): Set<string> {
  const provided = providedIn(state);
  const lacks = (r: Resource) => {
    const lostBy = slotsOf(model, "lostBy", r);
    return slotsOf(model, "needs", r).some((slot) => !provided.has(slot) && !lostBy.includes(slot));
  };
  return new Set(Object.values(state).flatMap((r) => (r.owner === "lab" && lacks(r) ? [r.id] : [])));
}

/** A step without commands only says what came with another one. */
const isDone = ({ commands }: Step) => commands.length > 0;

test(
  "at each step what it needs is there, and its names are free",
  () =>
    fc.assert(
      fc.asyncProperty(arbitraryRecipe(), fc.nat(1000), async (recipe, choice) => {
        const { live, desired } = await worldOf(recipe);
        let state = live;
        const lacking = bereft(live);
        const { stages } = planOf({ live, desired }, choice % 2 ? 1 : undefined);
        for (const step of stages.flatMap((stage) => mixed(stage, choice))) {
          const r = desired[step.id];
          if (isDone(step) && step.action !== "delete") {
            const provided = providedIn(state);
            expect(slotsOf(model, "needs", r!).filter((slot) => !provided.has(slot))).toEqual([]);
          }
          if (step.action === "create") {
            const claims = new Set(slotsOf(model, "claims", r!));
            const holders = Object.values(state).filter(
              (other) => other.kind !== "interface" && heldBy(model, other).some((slot) => claims.has(slot)),
            );
            expect(holders.map(({ id }) => id)).toEqual([]);
          }
          if (isDone(step) && step.action === "delete") expect(Object.keys(state)).toContain(step.id);
          state = simulate(model, state, desired, [step]);
          expect([...bereft(state)].filter((id) => !lacking.has(id) && !(id in desired))).toEqual([]);
        }
      }),
      FEWER,
    ),
  TIMEOUT,
);

interface Turn {
  stage: number;
  batch: number;
  index: number;
}

const isBefore = (a: Turn, b: Turn) =>
  a.stage < b.stage || (a.stage === b.stage && a.batch === b.batch && a.index < b.index);

/** When each resource is made or changed. */
function turnsOf({ stages }: Plan): Map<string, Turn> {
  return new Map(
    stages.flatMap(({ batches }, stage) =>
      batches.flatMap(({ steps }, batch) =>
        steps.flatMap((step, index) =>
          isDone(step) && step.action !== "delete" ? [[step.id, { stage, batch, index }] as const] : [],
        ),
      ),
    ),
  );
}

test(
  "what comes after something comes after it, however the batches of a stage run",
  () =>
    fc.assert(
      fc.asyncProperty(arbitraryRecipe(), fc.constantFrom(1, undefined), async (recipe, many) => {
        const { live, desired } = await worldOf(recipe);
        const turns = turnsOf(planOf({ live, desired }, many));
        const wrong = [...turns].flatMap(([id, turn]) => {
          const slots = new Set([...slotsOf(model, "needs", desired[id]!), ...slotsOf(model, "after", desired[id]!)]);
          return [...turns].flatMap(([other, its]) =>
            other !== id && slotsOf(model, "provides", desired[other]!).some((slot) => slots.has(slot))
              ? isBefore(its, turn)
                ? []
                : [`${id} is made before ${other}`]
              : [],
          );
        });
        expect(wrong).toEqual([]);
      }),
      RUNS,
    ),
  TIMEOUT,
);

test(
  "a plan touches nothing that is not marked",
  () =>
    fc.assert(
      fc.asyncProperty(arbitraryRecipe(["foreign", "foreign", "lose"]), async (recipe) => {
        const { live, desired } = await worldOf(recipe);
        const isStrange = ({ owner }: Resource) => owner === "none" || typeof owner === "object";
        const strange = Object.values(live).filter(isStrange);
        for (const wish of [desired, {}]) {
          const plan = planOf({ live, desired: wish });
          const touched = stepsOf(plan).filter(({ action, id }) => action !== "create" && isStrange(live[id]!));
          expect(touched).toEqual([]);
          // Where the lab wants what others have, it says so; otherwise theirs is as it was.
          if (plan.conflicts.length > 0) continue;
          const after = carriedOut(live, wish);
          const riding = riders(live);
          for (const r of strange) if (!riding.has(r.id)) expect(after[r.id]).toEqual(r);
        }
      }),
      RUNS,
    ),
  TIMEOUT,
);

test(
  "what the lab wants and others have is a conflict",
  () =>
    fc.assert(
      fc.asyncProperty(arbitraryRecipe(["foreign"]), async (recipe) => {
        const { live, desired } = await worldOf(recipe);
        const isStrange = (r: Resource | undefined) => r?.owner === "none" || typeof r?.owner === "object";
        const wanted = Object.keys(desired).filter((id) => isStrange(live[id]));
        const { conflicts } = planOf({ live, desired });
        expect(conflicts.length > 0).toBe(wanted.length > 0);
        for (const { holder } of conflicts) expect(isStrange(live[holder])).toBe(true);
      }),
      RUNS,
    ),
  TIMEOUT,
);
