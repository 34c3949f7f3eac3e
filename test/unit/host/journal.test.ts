import { expect, test } from "vitest";
import { parseJournal, readJournal } from "../../../src/host/journal.js";
import { MachineError } from "../../../src/host/machine.js";

const PATH = "/run/netlab/campus/journal.json";
const journal = { format: 1, namespaces: ["red"], devices: [], sysctls: {}, routes: [], uplinks: {} };

function problem(text: string): MachineError {
  try {
    parseJournal(text, PATH);
  } catch (error) {
    if (error instanceof MachineError) return error;
    throw error;
  }
  throw new Error("it was accepted");
}

test("a journal is read back", () => {
  expect(parseJournal(JSON.stringify(journal), PATH)).toEqual(journal);
});

test("one of a newer format is refused with its number", () => {
  expect(problem(JSON.stringify({ ...journal, format: 2 })).message).toBe(
    `the journal ${PATH} has format 2, this netlab knows 1 at most`,
  );
});

test.each(["", "{", "null", "[]", "{}", '{"format":1}', '{"format":"1","namespaces":[],"sysctls":{},"routes":[]}'])(
  "a broken one is named with the cure: %s",
  (text) => {
    expect(problem(text)).toMatchObject({
      message: `the journal ${PATH} is broken`,
      hint: expect.stringContaining(`rm ${PATH}`),
    });
  },
);

test.each(["..", "a/b", "", "A", "x".repeat(32)])("a name that is no lab's opens nothing: %j", (lab) => {
  expect(() => readJournal(lab)).toThrow(/refused/);
});
