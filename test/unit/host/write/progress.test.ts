import { expect, test } from "vitest";
import type { Batch } from "../../../../src/core/plan.js";
import { parcels } from "../../../../src/host/write/parcels.js";
import { Progress } from "../../../../src/host/write/progress.js";

const line = (words: string) => ({ tool: "ip", place: "red", args: words.split(" ") });
const batch: Batch = {
  tool: "ip",
  place: "red",
  steps: [
    { number: 1, action: "create", id: "a", commands: [line("link set dev a up"), line("link set dev a mtu 1400")] },
    { number: 2, action: "create", id: "b", commands: [line("link set dev b up")] },
    { number: 3, action: "create", id: "c", commands: [line("link set dev c up"), line("link set dev c mtu 1400")] },
  ],
};

function failing(output: string, exitCode = 1, more = {}): Progress {
  const progress = new Progress(batch);
  progress.take(parcels(progress.open(), 5), [{ exitCode, output, ...more }], 5);
  return progress;
}

test("all done", () => {
  const progress = failing("", 0);
  expect(progress.finished).toBe(true);
  expect(progress.result()).toEqual({ done: 3 });
});

test("a step is done when all its commands are", () => {
  expect(failing("RTNETLINK answers: File exists\nCommand failed -:5\n").result()).toEqual({
    done: 2,
    failure: { step: 2, command: 1, message: "RTNETLINK answers: File exists", exitCode: 1 },
  });
  expect(failing("RTNETLINK answers: File exists\nCommand failed -:2\n").result()).toMatchObject({
    done: 0,
    failure: { step: 0, command: 1 },
  });
});

test("what is busy for a moment is tried again from where it failed, five times in all", () => {
  const progress = failing("RTNETLINK answers: Device or resource busy\nCommand failed -:3\n");
  expect(progress).toMatchObject({ again: true, finished: false });
  expect(progress.open()).toHaveLength(3);
  for (let tries = 2; tries <= 5; tries++) {
    expect(progress.again).toBe(true);
    const end = { exitCode: 1, output: "RTNETLINK answers: Device or resource busy\nCommand failed -:1\n" };
    progress.take(parcels(progress.open(), 5), [end], 5);
  }
  expect(progress).toMatchObject({ again: false, finished: true });
  expect(progress.result()).toMatchObject({ done: 1, failure: { step: 1, command: 0 } });
});

test("a name that does not exist is not for a moment", () => {
  expect(failing('Cannot find device "a"\nCommand failed -:1\n').again).toBe(false);
});

test("a timeout is told from a failure, and ovs-vsctl's own too", () => {
  expect(failing("", 143, { timedOut: true }).result().failure).toEqual({
    step: 0,
    command: 0,
    message: "ip did not end within 5 s",
    timedOut: true,
  });
  const alarm = "2026-01-01T00:00:05Z|00002|fatal_signal|WARN|terminating with signal 14 (Alarm clock)\n";
  expect(failing(alarm, 142).result().failure).toMatchObject({ timedOut: true });
});

test("a missing tool and a missing namespace have words of their own", () => {
  expect(failing("sh: 9: nsenter: not found\n", 127).result().failure!.message).toBe(
    "nsenter is not installed (package util-linux)",
  );
  expect(failing("nsenter: failed to execute ip: No such file or directory\n", 127).result().failure!.message).toBe(
    "ip is not installed (package iproute2)",
  );
  const gone = "nsenter: cannot open /run/netns/red: No such file or directory\n";
  expect(failing(gone).result().failure!.message).toBe("the namespace is not there");
});

test("cut short: neither a failure nor all done", () => {
  const progress = new Progress(batch);
  progress.take(parcels(progress.open(), 5), [], 5);
  expect(progress.result()).toEqual({ done: 0 });
  expect(progress.again).toBe(false);
});
