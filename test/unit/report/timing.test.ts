import { expect, test } from "vitest";
import { timingText } from "../../../src/report/timing.js";

test("says how long each phase took, and what lies outside of them", () => {
  expect(timingText({ read: 300, execute: 1500, verify: 100 }, 2100)).toBe(
    [
      "read            300 ms",
      "execute         1.5 s",
      "verify          100 ms",
      "start and file  200 ms",
      "in all          2.1 s",
      "",
    ].join("\n"),
  );
});
