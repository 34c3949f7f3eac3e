// When colours are used.
import { expect, test } from "vitest";
import { paint, wantsColor } from "../../../src/report/color.js";

const terminal = { isTTY: true };

test.each([
  ["a terminal", terminal, {}, true],
  ["no terminal", {}, {}, false],
  ["NO_COLOR", terminal, { NO_COLOR: "1" }, false],
  ["an empty NO_COLOR", terminal, { NO_COLOR: "" }, true],
  ["a dumb terminal", terminal, { TERM: "dumb" }, false],
  ["FORCE_COLOR in a pipe", {}, { FORCE_COLOR: "1", NO_COLOR: "1" }, true],
  ["FORCE_COLOR=0", terminal, { FORCE_COLOR: "0" }, false],
])("%s", (_, stream, env, wanted) => {
  expect(wantsColor(stream, env)).toBe(wanted);
});

test("An empty text stays empty", () => {
  expect(paint(true).red("")).toBe("");
  expect(paint(true).red("x")).toBe("\u001b[31mx\u001b[39m");
});
