// A saved plan whose text was changed is refused by its digest, a change everywhere alike too. The digest has no key: it is
// against accidents, and apply's own plan judges what somebody has given a right one.

import { expect, test } from "vitest";
import { makePlan } from "../../../src/core/planner.js";
import { model } from "../../../src/engine/model.js";
import { digestOf, type Parsed, parseSavedPlan, savedPlanText } from "../../../src/engine/saved-plan.js";
import { desiredWith } from "../../../src/engine/state.js";
import { NO_FACTS } from "../../../src/kinds/rows.js";
import { figure } from "../../helpers/figure.js";
import { labOf } from "../topology/help.js";

const VERSION = "1.2.3";
const LAB = labOf(`
name: saved
namespaces: { red: { routes: [{ to: default, via: 10.0.0.2 }] }, blue: { forwarding: true } }
bridges: { lan0: {}, sw0: { kind: ovs } }
links:
  - endpoints: [{ end: "red:eth0", addresses: [10.0.0.1/24] }, { end: "blue:eth0", addresses: [10.0.0.2/24] }]
  - endpoints: [red:eth1, lan0]
  - endpoints: [blue:eth1, "sw0:p0"]
`);
const desired = desiredWith(LAB, NO_FACTS);
const plan = makePlan(model, { lab: LAB.name, desired, live: {} });
const TEXT = savedPlanText({ netlab: VERSION, adopt: false, plan, desired });

const problem = (text: string): string | undefined => {
  const parsed: Parsed = parseSavedPlan(text, VERSION);
  return "problem" in parsed ? `${parsed.problem} (${parsed.hint})` : undefined;
};
const AGAIN = "(make it again: netlab plan --out FILE)";

test("as it was saved, and laid out in another way, it is good", () => {
  const saved = JSON.parse(TEXT);
  const turned = Object.fromEntries(Object.entries(saved).reverse());
  for (const text of [TEXT, JSON.stringify(saved, null, 4), JSON.stringify(turned)])
    expect(parseSavedPlan(text, VERSION)).toEqual({
      saved: { netlab: VERSION, adopt: false, plan: JSON.parse(JSON.stringify(plan)), desired },
    });
});

/** Every value in it that is no map and no list, and what is empty. */
function* leaves(value: unknown, path: string[] = []): Generator<string[]> {
  if (value === null || typeof value !== "object" || Object.keys(value).length === 0) yield path;
  else for (const [key, one] of Object.entries(value)) yield* leaves(one, [...path, key]);
}

const REFUSED = /^The saved plan was edited: .*|^The plan was saved by .*|^This is not a saved plan\..*/;

test("any value changed or taken out is refused", () => {
  const paths = [...leaves(JSON.parse(TEXT))];
  expect(paths.length).toBeGreaterThan(1000);
  const edits = [
    (parent: never, key: never) => (parent[key] = "x" as never),
    (parent: never, key: never) => delete parent[key],
  ];
  for (const path of paths)
    for (const edit of edits) {
      const saved = JSON.parse(TEXT);
      edit(path.slice(0, -1).reduce((here, key) => here[key], saved) as never, path.at(-1) as never);
      expect(problem(JSON.stringify(saved)), path.join("/")).toMatch(REFUSED);
    }
  figure("hostile inputs: saved plans refused", paths.length * edits.length);
});

test("a word changed everywhere alike is refused", () => {
  const words = new Set(TEXT.match(/[A-Za-z0-9_.-]{2,}/g));
  expect(words).toContain("red");
  for (const word of words) expect(problem(TEXT.replaceAll(word, "zz9")), word).toBeDefined();
  figure("hostile inputs: saved plans refused", words.size);
});

test("cut short anywhere, it is refused", () => {
  for (let length = 0; length < TEXT.trimEnd().length; length += 97)
    expect(problem(TEXT.slice(0, length)), `${length}`).toBe(
      `The saved plan is not whole: it was cut short or edited. ${AGAIN}`,
    );
});

test("nested deeper than netlab writes, and with a word that it does not know, it is refused", () => {
  const deep = `${"[".repeat(20_000)}${"]".repeat(20_000)}`;
  const edited = `The saved plan was edited: its digest is not that of what it says. ${AGAIN}`;
  for (const text of [
    TEXT.replace('"adopt":false', `"adopt":${deep}`),
    TEXT.replace('"adopt":false', `"adopt":false,"more":${deep}`),
    TEXT.replace('"fields":{"', `"fields":{"more":${deep},"`),
  ]) {
    expect(text).not.toBe(TEXT);
    expect(problem(text)).toBe(edited);
  }
  const more = { ...JSON.parse(TEXT), more: 1 };
  expect(problem(JSON.stringify({ ...more, digest: digestOf(more) }))).toBe(edited);
});

test.each([
  ["0.0.9", undefined, `The plan was saved by netlab 0.0.9, and this is netlab 1.2.3. ${AGAIN}`],
  ["1.2.3-beta", undefined, `The plan was saved by netlab 1.2.3-beta, and this is netlab 1.2.3. ${AGAIN}`],
  [7, undefined, `The plan was saved by another netlab, and this is netlab 1.2.3. ${AGAIN}`],
  ["9\n9", undefined, `The plan was saved by netlab 9\\n9, and this is netlab 1.2.3. ${AGAIN}`],
  ["9.0.0", 99, "The plan was saved by netlab 9.0.0, in a newer form. (it needs netlab 9.0.0 or later)"],
])("another version's is refused: %j, form %s", (netlab, format, message) => {
  const saved = { ...JSON.parse(TEXT), netlab, ...(format && { format }) };
  expect(problem(JSON.stringify({ ...saved, digest: digestOf(saved) }))).toBe(message);
});

test("for another lab than it makes, it is refused, though its digest is right", () => {
  const saved = JSON.parse(TEXT);
  saved.plan.lab = "other";
  expect(problem(JSON.stringify({ ...saved, digest: digestOf(saved) }))).toBe(
    `The saved plan is for lab other, but what it makes is of lab saved. ${AGAIN}`,
  );
});
