// The process that waits for a confirmation: it does not give up.
import { beforeEach, expect, test, vi } from "vitest";
import { confirmPending, requireNonePending, watchPending } from "../../../src/engine/pending.js";
import { type Machine, MachineError } from "../../../src/host/machine.js";

const host = vi.hoisted(() => ({ pending: undefined as object | undefined }));
vi.mock("../../../src/host/pending.js", () => ({
  now: () => 100,
  readPending: () => host.pending,
  removePending: () => void (host.pending = undefined),
  runs: () => true,
}));
vi.mock("../../../src/engine/rollback.js", () => ({ backTo: vi.fn() }));

const events: string[] = [];
beforeEach(() => void events.splice(0));

/** Nobody gets the lock until `tries` have failed; then somebody has confirmed. */
function watched(tries: number): Promise<string> {
  const lock = () => {
    if (--tries === 0) host.pending = undefined;
    throw tries % 2 === 0 ? new MachineError("the lock is held", {}) : new TypeError("something else");
  };
  return watchPending("a", { lock } as unknown as Machine, {
    ready: () => void events.push("ready"),
    tell: (words) => void events.push(words),
    pause: async (time) => void events.push(`pause ${time}`),
  });
}

test("it says that it waits, and tries until it is done, ever more seldom", async () => {
  host.pending = { until: 99 };
  expect(await watched(9)).toBe("lab a was confirmed");
  expect(events[0]).toBe("ready");
  expect(events.filter((one) => one.startsWith("pause")).map((one) => Number(one.slice(6)))).toEqual([
    2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000, 60_000,
  ]);
  expect(events[1]).toMatch(/^nobody confirmed lab a in time, and it could not be taken back: the lock is held$/);
});

test("when its time is over, another may have been quicker", async () => {
  host.pending = { until: 99 };
  const lock = async () => {
    host.pending = undefined;
    return { release: () => {} };
  };
  const said = watchPending("a", { lock } as unknown as Machine, { ready: () => {}, tell: () => {} });
  expect(await said).toBe("lab a was confirmed or taken back by another");
});

test("until the time is over it only looks", async () => {
  host.pending = { until: 101 };
  const ended = watchPending("a", {} as Machine, {
    ready: () => void events.push("ready"),
    tell: (words) => void events.push(words),
    pause: async (time) => {
      events.push(`pause ${time}`);
      if (events.length === 4) host.pending = undefined;
    },
  });
  expect(await ended).toBe("lab a was confirmed");
  expect(events).toEqual(["ready", "pause 200", "pause 200", "pause 200"]);
});

test("what was killed in the middle, or is being taken back, is not kept", async () => {
  const machine = { lock: async () => ({ release: () => void events.push("released") }) } as unknown as Machine;
  const confirmed = () => confirmPending("a", machine, 1);
  for (const [until, words] of [
    [undefined, "the apply of lab a has ended in the middle"],
    [100, "the time to confirm lab a is over"],
  ] as const) {
    host.pending = { lab: "a", by: { pid: 1, start: "1" }, until };
    await expect(confirmed()).rejects.toThrow(words);
    await expect(confirmed()).rejects.toMatchObject({ hint: expect.stringMatching(/--back[\s\S]*destroy --lab a/) });
    expect(() => requireNonePending("a")).toThrow(words);
    expect(host.pending).toBeDefined();
  }
  host.pending = { lab: "a", until: 101 };
  expect(() => requireNonePending("a")).toThrow("in 1 s it is taken back");
  expect([await confirmed(), await confirmed()]).toEqual([true, false]);
  expect(events).toEqual(Array(6).fill("released"));
});
