// The closing words of apply and destroy.
import { expect, test } from "vitest";
import type { Result } from "../../../src/engine/events.js";
import { paint } from "../../../src/report/color.js";
import { resultText } from "../../../src/report/result.js";
import { change, planOf } from "./make-plan.js";

const result = (more: Partial<Result>): Result => ({
  outcome: "applied",
  plan: planOf([change("create", "namespace:red"), change("delete", "bridge:host/br0")]),
  left: [],
  timing: { read: 100, execute: 1150 },
  ...more,
});
const options = { verb: "apply" as const, paint: paint(false) };

test("Done", () => {
  expect(resultText(result({}), options)).toBe("Applied lab demo: 1 created, 1 deleted, verified, in 1.3 s.\n");
  expect(resultText(result({ outcome: "unchanged" }), options)).toBe("No changes. The lab is as the file says.\n");
  expect(resultText(result({ outcome: "unchanged" }), { ...options, verb: "destroy" })).toBe(
    "Nothing to destroy: there is no lab demo here.\n",
  );
  expect(resultText(result({ outcome: "refused" }), options)).toBe("Nothing was changed.\n");
});

const failure = {
  step: { number: 7, id: "address:red/eth0/10.0.0.1/24", action: "create" },
  command: { tool: "ip", place: "red", args: ["address", "replace", "10.0.0.1/24", "dev", "eth0"] },
  message: "RTNETLINK answers: No buffer space available",
  exitCode: 2,
  origin: "/namespaces/red/interfaces/eth0/addresses/0",
};

test("A failed step: where it was asked for, the command, the tool's own words, and that all is back", () => {
  const locate = (pointer: string) => {
    expect(pointer).toBe(failure.origin);
    return { file: "t.yaml", line: 5, column: 19, length: 11, source: "      addresses: [10.0.0.1/24]" };
  };
  expect(resultText(result({ outcome: "rolled-back", failure }), { ...options, locate })).toBe(
    [
      "t.yaml:5:19  error  step-failed  Step 7 failed: create address:red/eth0/10.0.0.1/24.",
      "    5 |       addresses: [10.0.0.1/24]",
      "      |                   ^^^^^^^^^^^",
      "  command  ip -n red address replace 10.0.0.1/24 dev eth0",
      "  says     RTNETLINK answers: No buffer space available (exit code 2)",
      "",
      "Rolled back: lab demo is as it was before, in 1.3 s.",
      "",
    ].join("\n"),
  );
});

test("A step for something that the file does not name says so; without a file it cannot", () => {
  const { origin: _, ...unnamed } = failure;
  const told = (locate?: () => undefined) => resultText(result({ failure: unnamed }), { ...options, locate });
  expect(told(() => undefined)).toContain("(exit code 2)\n  file     does not name it\n");
  expect(told()).not.toContain("file");
});

test("What was lost and came again is not new", () => {
  const again = { ...change("create", "address:red/eth0/10.0.0.1/24"), reason: "lost with veth:a/b~red/eth0" };
  const plan = planOf([change("replace", "veth:a/b~red/eth0"), again, again, change("create", "namespace:blue")]);
  expect(resultText(result({ plan }), options)).toMatch(/: 1 created, 1 replaced, 2 made again, verified/);
});

test("Without a file the failure stands alone", () => {
  const text = resultText(result({ outcome: "rolled-back", failure: { ...failure, hint: "try again" } }), options);
  expect(text).toContain("error  step-failed  Step 7 failed: create address:red/eth0/10.0.0.1/24.\n");
  expect(text).toContain("  cure     try again\n");
});

test("What went wrong after the failure stands below it", () => {
  const also = ["cannot write the journal in /run/netlab/demo: ENOSPC"];
  expect(resultText(result({ outcome: "rolled-back", failure: { ...failure, also } }), options)).toContain(
    `(exit code 2)\n  then     ${also[0]}\n`,
  );
});

test("What is left is listed with the way out", () => {
  const left = [{ id: "namespace:red", action: "delete" as const, fields: [] }];
  const text = resultText(result({ outcome: "left-behind", failure, left }), options);
  expect(text).toContain("The rollback did not bring everything back.\n1 difference to what was there before:\n");
  expect(text).toContain("  -  namespace:red\n");
  expect(text).toContain("netlab destroy --lab demo\n");
  const destroyed = resultText(result({ outcome: "left-behind", failure, left }), { ...options, verb: "destroy" });
  expect(destroyed).toContain("Not everything is removed.\n1 difference to a machine without the lab:\n");
  expect(resultText(result({ outcome: "left-behind", left }), { ...options, kept: true })).toContain(
    "Not rolled back, as you asked.",
  );
});

test("An interruption is no failure", () => {
  expect(resultText(result({ outcome: "rolled-back", signal: "SIGINT" }), options)).toBe(
    "Interrupted by SIGINT.\n\nRolled back: lab demo is as it was before, in 1.3 s.\n",
  );
});

test("What is not the lab's and cannot be put back is named, whatever the outcome", () => {
  const missed = { gone: ["process:red/12 (sleep 9)"], remade: ["namespace:red"] };
  expect(resultText(result({ outcome: "rolled-back", ...missed }), options)).toBe(
    [
      "Rolled back: lab demo is as it was before, in 1.3 s.",
      "Not put back, since it is not the lab's:",
      "  - process:red/12 (sleep 9)",
      "  - what others may have set in namespace:red besides (filters, rules, settings): it was made again",
      "",
    ].join("\n"),
  );
  const left = [{ id: "namespace:red", action: "delete" as const, fields: [] }];
  for (const outcome of ["applied", "left-behind"] as const)
    expect(resultText(result({ outcome, left, gone: missed.gone }), options)).toContain(
      "\n  - process:red/12 (sleep 9)\n",
    );
});
