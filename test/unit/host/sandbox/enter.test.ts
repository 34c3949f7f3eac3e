// A sandbox that ends between the look and the entry: said as such, not in the words of nsenter(1).
import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { callInside } from "../../../../src/host/sandbox/call.js";
import { netlabInside } from "../../../../src/host/sandbox/enter.js";
import type { Sandbox } from "../../../../src/host/sandbox/record.js";

const ended = (): Sandbox => {
  const { pid } = spawnSync("true");
  return { format: 1, lab: "one", pid, started: "1", boot: "", user: true };
};
const words = "the sandbox of lab one has just ended, and the lab with it";

test("by the command line", () => expect(netlabInside(ended(), ["version"])).rejects.toThrow(words));
test("by the library", () => expect(callInside(ended(), "plan", "one", {})).rejects.toThrow(words));
