// Whatever is in a file, loading it gives a lab or says what is wrong, in a place that the file has.
import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { renderDiagnostics } from "../../../src/report/diagnostics.js";
import { fullParse } from "../../../src/topology/parse.js";
import { Source } from "../../../src/topology/source.js";
import { Values } from "../../../src/topology/values.js";
import { figure } from "../../helpers/figure.js";
import { loadText } from "./help.js";

const folder = new URL("../../../examples/", import.meta.url);
const texts = readdirSync(folder, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".yaml"))
  .map((name) => readFileSync(new URL(name, folder), "utf8"));
const values = texts.map((text) => new Values(() => {}).read(fullParse(new Source("x", text)).tree!));

/** On a busy machine. */
const SLOW = { timeout: 180_000 };

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

/** Drops, doubles, swaps or replaces something. */
const mutation = fc.record({
  what: fc.constantFrom("drop", "double", "swap", "replace", "rename"),
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
  if (what === "rename")
    set(
      root,
      path,
      (parent: Record<string, unknown>, key: string) => (parent[typeof value === "string" ? value : `x${key}`] = copy),
    );
}

function check(text: string): void {
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
}

test("mutated topologies", SLOW, () => {
  fc.assert(
    fc.property(fc.nat(values.length - 1), fc.array(mutation, { minLength: 1, maxLength: 4 }), (index, mutations) => {
      const value = structuredClone(values[index]);
      for (const one of mutations) mutate(value, structuredClone(one));
      check(JSON.stringify(value, null, 1));
    }),
    { numRuns: 3000 },
  );
  figure("hostile inputs: mutated topologies", 3000);
});

test("edited texts", SLOW, () => {
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
      check(text);
    }),
    { numRuns: 1500 },
  );
  figure("hostile inputs: edited texts", 1500);
});
