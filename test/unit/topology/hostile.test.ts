// Hostile strings in every place where the schema has a string: refused by validation, as diagnostics; test/unit/host/guard/hostile.test.ts passes it by.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { fullParse } from "../../../src/topology/parse.js";
import { Source } from "../../../src/topology/source.js";
import { Values } from "../../../src/topology/values.js";
import { figure } from "../../helpers/figure.js";
import { HOSTILE, type Path, type Spot, texts, withString } from "../../helpers/hostile.js";
import { loadText } from "./help.js";

/** On a busy machine. */
const SLOW = { timeout: 180_000 };

type Schema = { [key: string]: unknown };

const schema = JSON.parse(
  readFileSync(new URL("../../../schemas/topology.schema.json", import.meta.url), "utf8"),
) as Schema;
const values = texts.map((text) => new Values(() => {}).read(fullParse(new Source("x", text)).tree!));

const isString = (one: Schema) =>
  [one.type].flat().includes("string") || [one.format, one.pattern].some((rule) => typeof rule === "string");

function follow(one: Schema): [Schema, string | undefined] {
  if (typeof one.$ref !== "string") return [one, undefined];
  const name = one.$ref.split("/").at(-1)!;
  return [(schema.definitions as { [name: string]: Schema })[name]!, name];
}

/** Every string of the schema: free ones, not those with a list of words. */
function* rules(raw: Schema, where: string, seen = new Set<string>()): Generator<string> {
  const [one, name] = follow(raw);
  const here = name ?? where;
  if (isString(one) && !one.enum) yield here;
  if (name !== undefined) {
    if (seen.has(name)) return;
    seen.add(name);
  }
  if (one.propertyNames) yield* rules(one.propertyNames as Schema, `${here} keys`, seen);
  for (const [part, sub] of parts(one)) yield* rules(sub, `${here}/${part}`, seen);
}

function parts(one: Schema): [string, Schema][] {
  const properties = Object.entries((one.properties ?? {}) as { [name: string]: Schema });
  const others = ["items", "additionalProperties"].filter((key) => typeof one[key] === "object");
  return [...properties, ...others.map((key) => [key, one[key]] as [string, Schema])];
}

function* spots(raw: Schema, where: string, value: unknown, path: Path): Generator<Spot> {
  const [one, name] = follow(raw);
  const here = name ?? where;
  if (typeof value === "string" && isString(one) && !one.enum) yield { rule: here, path };
  if (Array.isArray(value) && one.items)
    for (const [index, item] of value.entries())
      yield* spots(one.items as Schema, `${here}/items`, item, [...path, index]);
  if (value === null || typeof value !== "object" || Array.isArray(value)) return;
  const properties = (one.properties ?? {}) as { [name: string]: Schema };
  for (const [key, member] of Object.entries(value)) {
    if (properties[key]) yield* spots(properties[key], `${here}/${key}`, member, [...path, key]);
    else if (typeof one.additionalProperties === "object") {
      if (one.propertyNames) {
        const [, named] = follow(one.propertyNames as Schema);
        yield { rule: named ?? `${here} keys`, path: [...path, key], key: true };
      }
      yield* spots(one.additionalProperties as Schema, `${here}/additionalProperties`, member, [...path, key]);
    }
  }
}

const all = values.map((value) => [...spots(schema, "", value, [])]);
/** Values of settings are words and numbers; these mean nothing but themselves. */
const SETTING = /sysctl\/additionalProperties$/;
const isHarmless = (rule: string, text: string) => SETTING.test(rule) && /^[\w.,:/+ \t-]*$/.test(text);
/** The user's own programs, what they print, and texts: any is good, and no shell and no batch reads them. */
const FREE =
  /^(Service\/(command(\/items)?|env\/additionalProperties|directory)|Ready\/log|Namespace\/files\/additionalProperties)$/;

/** A few of each rule: there are thousands of addresses in the examples. */
const chosen = new Map<string, { index: number; spot: Spot }[]>();
for (const [index, some] of all.entries())
  for (const spot of some) {
    const already = chosen.get(spot.rule) ?? [];
    if (already.length < 3) chosen.set(spot.rule, [...already, { index, spot }]);
  }

test("every string of the schema is tried", () => {
  const tried = new Set(all.flat().map(({ rule }) => rule));
  expect([...new Set(rules(schema, ""))].filter((rule) => !tried.has(rule) && !FREE.test(rule))).toEqual([]);
});

test.each([...chosen].filter(([rule]) => !FREE.test(rule)))("%s: refused by validation", SLOW, (rule, places) => {
  const texts = HOSTILE.filter((text) => !isHarmless(rule, text));
  const accepted = places.flatMap(({ index, spot }) =>
    texts.filter((text) => loadText(JSON.stringify(withString(values[index], spot, text))).lab !== undefined),
  );
  expect(accepted).toEqual([]);
  figure("hostile strings refused by validation", places.length * texts.length);
});
