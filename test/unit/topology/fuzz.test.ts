// Whatever is in a file, loading it gives a lab or says what is wrong, in a place that the file has; and a lab can be planned
// from nothing, and from what was there before the file was changed.
import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { diff } from "../../../src/core/diff.js";
import { isEmpty, makePlan } from "../../../src/core/planner.js";
import type { State } from "../../../src/core/resource.js";
import { simulate, stepsOf } from "../../../src/core/simulate.js";
import { model } from "../../../src/engine/model.js";
import { desiredWith } from "../../../src/engine/state.js";
import { guard } from "../../../src/host/guard/guard.js";
import { kinds } from "../../../src/kinds/index.js";
import { paint } from "../../../src/report/color.js";
import { commandsScript } from "../../../src/report/commands-script.js";
import { renderDiagnostics } from "../../../src/report/diagnostics.js";
import { planText } from "../../../src/report/plan-text.js";
import type { Lab } from "../../../src/topology/lab.js";
import type { Loaded } from "../../../src/topology/load.js";
import { fullParse } from "../../../src/topology/parse.js";
import { Source } from "../../../src/topology/source.js";
import { Values } from "../../../src/topology/values.js";
import { FACTS } from "../../helpers/facts.js";
import { figure } from "../../helpers/figure.js";
import { loadText } from "./help.js";

const folder = new URL("../../../examples/", import.meta.url);
const texts = readdirSync(folder, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".yaml"))
  .map((name) => readFileSync(new URL(name, folder), "utf8"));
const values = texts.map((text) => new Values(() => {}).read(fullParse(new Source("x", text)).tree!));

const [MUTATED, EDITED] = process.env.NETLAB_SOAK ? [60_000, 30_000] : [3000, 1500];
/** On a busy machine. */
const SLOW = { timeout: process.env.NETLAB_SOAK ? 3_600_000 : 600_000 };

type Path = (string | number)[];

function paths(value: unknown, path: Path = []): Path[] {
  if (value === null || typeof value !== "object") return [path];
  return [
    path,
    ...Object.entries(value).flatMap(([key, member]) =>
      paths(member, [...path, Array.isArray(value) ? Number(key) : key]),
    ),
  ];
}

const get = (value: unknown, path: Path): unknown => path.reduce((here, key) => (here as never)?.[key], value);

function set(root: unknown, path: Path, make: (parent: never, key: never) => void): void {
  const parent = get(root, path.slice(0, -1));
  if (path.length > 0 && parent !== null && typeof parent === "object") make(parent as never, path.at(-1) as never);
}

const junk = fc.constantFrom<unknown>(
  null,
  true,
  -1,
  1.5,
  4294967296,
  "",
  "x",
  "a b",
  "10.0.0.1",
  "10.0.0.1/33",
  "fd00::/64",
  "red:eth0",
  "host",
  "lo",
  "br0",
  "%",
  "é",
  [],
  {},
  [null],
  [[]],
  { a: null },
  ["x"],
);

/** Drops, doubles, swaps or replaces something; or gives it the value that another of its name has, which is often a lab still. */
const mutation = fc.record({
  what: fc.constantFrom("drop", "double", "swap", "replace", "rename", "alike"),
  where: fc.nat(),
  other: fc.nat(),
  value: junk,
});

function mutate(
  root: unknown,
  { what, where, other, value }: { what: string; where: number; other: number; value: unknown },
): void {
  const all = paths(root);
  const path = all[where % all.length]!;
  const second = all[other % all.length]!;
  const copy = structuredClone(get(root, path));
  if (what === "drop")
    set(root, path, (parent: Record<string, unknown>, key: string) =>
      Array.isArray(parent) ? parent.splice(Number(key), 1) : delete parent[key],
    );
  if (what === "replace") set(root, path, (parent: Record<string, unknown>, key: string) => (parent[key] = value));
  if (what === "double")
    set(root, second, (parent: Record<string, unknown>, key: string) =>
      Array.isArray(parent) ? parent.push(copy) : (parent[`${key}2`] = copy),
    );
  if (what === "swap") set(root, second, (parent: Record<string, unknown>, key: string) => (parent[key] = copy));
  const alike = all.filter((one) => Object.is(one.at(-1), path.at(-1)));
  if (what === "alike")
    set(root, path, (parent: Record<string, unknown>, key: string) => {
      parent[key] = structuredClone(get(root, alike[other % alike.length]!));
    });
  if (what === "rename")
    set(
      root,
      path,
      (parent: Record<string, unknown>, key: string) => (parent[typeof value === "string" ? value : `x${key}`] = copy),
    );
}

/** @returns whether the text is a lab */
function check(text: string, before: State): boolean {
  const { lab, diagnostics, locate } = loadText(text);
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  expect(lab === undefined).toBe(errors.length > 0);
  const lines = text.split("\n").length;
  for (const { position, message, code } of diagnostics) {
    expect(position.line >= 1 && position.line <= lines && position.column >= 1 && position.length >= 1).toBe(true);
    expect(`${code} ${message}`).toMatch(/^[a-z0-9-]+ .*\.$/su);
    expect(message).not.toMatch(/undefined|\[object|NaN|Symbol/);
  }
  expect(renderDiagnostics(diagnostics, { color: true, summary: true })).not.toMatch(/undefined/);
  expect(locate("/namespaces/red/interfaces").line).toBeGreaterThan(0);
  if (lab) for (const live of [{}, before]) checkPlan(lab, live, locate);
  return lab !== undefined;
}

const stateOf = (lab: Lab): State => desiredWith(lab, FACTS);

/** The plan leads to what the lab wants, can be shown in both ways, and asks for nothing that the guard refuses. */
function checkPlan(lab: Lab, live: State, locate: Loaded["locate"]): State {
  const desired = stateOf(lab);
  const warnings = kinds.flatMap((kind) => kind.advise?.(desired, live) ?? []);
  const plan = makePlan(model, { lab: lab.name, desired, live, warnings });
  expect(plan.conflicts).toEqual([]);
  const steps = stepsOf(plan);
  for (const { commands } of steps) for (const command of commands) guard(command);
  const after = simulate(model, live, desired, steps);
  expect(diff(model, desired, after)).toEqual([]);
  expect(isEmpty(makePlan(model, { lab: lab.name, desired, live: after }))).toBe(true);
  for (const shown of [planText(plan, { paint: paint(false), verbose: true, locate }), commandsScript(plan, "0.0.0")])
    expect(shown).not.toMatch(/\bundefined\b|\[object|\bNaN\b/);
  return after;
}

/** What is there when a file is as it was. */
const applied = texts.map((text) => {
  const { lab, locate } = loadText(text);
  return lab ? checkPlan(lab, {}, locate) : {};
});

test("mutated topologies", SLOW, () => {
  let planned = 0;
  fc.assert(
    fc.property(fc.nat(values.length - 1), fc.array(mutation, { minLength: 1, maxLength: 4 }), (index, mutations) => {
      const value = structuredClone(values[index]);
      for (const one of mutations) mutate(value, structuredClone(one));
      if (check(JSON.stringify(value, null, 1), applied[index]!)) planned += 2;
    }),
    { numRuns: MUTATED },
  );
  expect(planned).toBeGreaterThan(MUTATED / 10);
  figure("hostile inputs: mutated topologies", MUTATED);
  figure("hostile inputs: plans of mutated topologies", planned);
});

test("edited texts", SLOW, () => {
  let planned = 0;
  const edit = fc.record({
    at: fc.nat(),
    remove: fc.nat({ max: 6 }),
    insert: fc.constantFrom(
      "",
      "\n",
      " ",
      ":",
      "- ",
      "[",
      "}",
      '"',
      "&a ",
      "*a",
      "<<: ",
      "\t",
      "#",
      "é",
      "\u0000",
      "---\n",
      "|",
      "!x ",
      "0",
      "~",
    ),
  });
  fc.assert(
    fc.property(fc.nat(texts.length - 1), fc.array(edit, { minLength: 1, maxLength: 4 }), (index, edits) => {
      let text = texts[index]!;
      for (const { at, remove, insert } of edits) {
        const offset = at % (text.length + 1);
        text = text.slice(0, offset) + insert + text.slice(offset + remove);
      }
      if (check(text, applied[index]!)) planned += 2;
    }),
    { numRuns: EDITED },
  );
  expect(planned).toBeGreaterThan(EDITED / 10);
  figure("hostile inputs: edited texts", EDITED);
  figure("hostile inputs: plans of edited texts", planned);
});
