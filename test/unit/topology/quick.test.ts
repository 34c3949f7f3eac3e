// The fast parser and the full one: the same tree wherever the fast one gives any.
import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fullParse } from "../../../src/topology/parse.js";
import { quickParse } from "../../../src/topology/quick.js";
import { Source } from "../../../src/topology/source.js";
import { loadText } from "./help.js";

function agree(text: string): boolean {
  const quick = quickParse(text);
  if (quick === undefined) return false;
  const { tree, diagnostics } = fullParse(new Source("x.yaml", text));
  expect(diagnostics).toEqual([]);
  expect(quick).toEqual(tree);
  return true;
}

function yamlFiles(folder: string): string[] {
  const url = new URL(`../../../${folder}/`, import.meta.url);
  const names = readdirSync(url, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".yaml"));
  return names.map((name) => readFileSync(new URL(name, url), "utf8"));
}

describe("quickParse", () => {
  test("reads the examples, and agrees on every file it reads", () => {
    for (const text of yamlFiles("examples")) expect(agree(text)).toBe(true);
    expect(yamlFiles("test/invalid").filter(agree).length).toBeGreaterThan(100);
  });

  test.each([
    ["empty values", "a:\nb:\n  c:\nd: { e: , f: }\ng:\n-\n- x\n-\n"],
    ["a list at the indent of its key", "a:\n- 1\n- b: 2\n  c: 3\nd: 4\n"],
    ["lists in lists", "- - 1\n  - 2\n-\n  - 3\n- - a: b\n    c: d\n"],
    ["comments everywhere", "# a\na: 1 # b\n  # c\nb: [x, y] # d\n# e\nc: x#y\n"],
    [
      "scalars of the core schema",
      "a: [1, -1, +1, 010, 1.10, .5, 1., 1e3, 1.5E-3, true, True, null, ~, no, 1_000, 0o, 1.2.3, -x]\n",
    ],
    ["quotes", "a: 'x # y'\nb: \"x: y\"\n'c d': 1\n\"e\": [\"f\", 'g']\n"],
    ["colons inside words", "a: [red:eth0, a::b]\nb: gw:x\nc: fd00::1/64\n"],
    ["no line feed at the end", "a:\n  - b: 1"],
    ["trailing commas and spaces", "a: [ 1 , 2 , ]   \nb: {c: 1, }\n"],
  ])("%s", (_, text) => {
    agree(text);
  });

  test.each([
    ["an anchor", "a: &x 1\n"],
    ["a tag", "a: !!str 1\n"],
    ["a block scalar", "a: |\n  x\n"],
    ["several lines of text", "a: x\n  y\n"],
    ["a list of several lines", "a: [1,\n  2]\n"],
    ["an escape", 'a: "\\n"\n'],
    ["a carriage return", "a: 1\r\n"],
    ["a document marker", "---\na: 1\n"],
    ["text alone", "a\n"],
    ["nothing", "\n"],
    ["deep nesting", "a: ".concat("[".repeat(100_000))],
  ])("leaves %s to the full parser", (_, text) => {
    expect(quickParse(text)).toBeUndefined();
  });

  test("agrees on random text of YAML's own characters", () => {
    const piece = fc.constantFrom(
      ..."a b 1 : - , [ ] { } # ' \" . \n".split(" "),
      " ",
      "  ",
      ": ",
      "- ",
      "\n",
      "\n  ",
      "\n    ",
      "\n- ",
      "a: ",
      "b:\n",
      " # c",
      "?",
      "null",
      "!",
      "é",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 25 }), (pieces) => {
        agree(pieces.join(""));
      }),
      { numRuns: 20_000 },
    );
  });
});

test("long runs of spaces, deep nesting and thousands of errors end soon", () => {
  const begin = performance.now();
  const texts = [
    `a: b${" ".repeat(200_000)}c`,
    `a: [b${" ".repeat(200_000)}c]`,
    `a: ${"[".repeat(500)}${"]".repeat(500)}`,
    Array.from({ length: 500 }, (_, i) => `${" ".repeat(i)}a:`).join("\n"),
    Array.from({ length: 5_000 }, (_, i) => `k${i}: {}`).join("\n"),
  ];
  for (const text of texts) expect(loadText(text).lab).toBeUndefined();
  expect(performance.now() - begin).toBeLessThan(10_000);
});
