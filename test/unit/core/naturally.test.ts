import fc from "fast-check";
import { expect, test } from "vitest";
import { naturally } from "../../../src/core/naturally.js";

const collator = new Intl.Collator("en", { numeric: true });

test("numbers are taken for what they are worth", () => {
  expect(["n10", "n2", "n1/b", "n1/a", "n1"].sort(naturally)).toEqual(["n1", "n1/a", "n1/b", "n2", "n10"]);
});

test("it is the collator's order, whatever is decided without it", () => {
  const word = fc.oneof(
    fc.string({ unit: fc.constantFrom(..."ab9810Zz:/.-~_ ") }),
    fc.string({ unit: "binary-ascii" }),
    fc.string(),
  );
  const pair = fc.tuple(word, word, word).map(([start, a, b]) => [start + a, start + b] as const);
  fc.assert(
    fc.property(pair, ([a, b]) => {
      const right = a === b ? 0 : collator.compare(a, b) || (a < b ? -1 : 1);
      expect(Math.sign(naturally(a, b))).toBe(right);
    }),
    { numRuns: 5000 },
  );
});
