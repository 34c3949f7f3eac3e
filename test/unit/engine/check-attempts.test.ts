// How often and when a check is tried, by a clock that the test moves.
import { expect, test } from "vitest";
import { attemptCheck, type Clock } from "../../../src/engine/check-attempts.js";
import type { Outcome } from "../../../src/host/probe/outcome.js";
import type { Check } from "../../../src/topology/lab.js";

const CHECK: Check = { origin: "/checks/0", from: "red", test: { ping: "192.0.2.2" }, expect: "ok", within: 5 };

function fakeClock(): Clock & { time: number } {
  return {
    time: 0,
    now() {
      return this.time;
    },
    async sleep(ms) {
      this.time += ms;
    },
  };
}

/** Probes that end as listed (the last one again and again), each after `takes` ms; and when and how long each was. */
function script(clock: { time: number }, outcomes: Outcome["is"][], takes: (seconds: number) => number) {
  const begun: { at: number; seconds: number }[] = [];
  const probe = async (seconds: number): Promise<Outcome> => {
    begun.push({ at: clock.time, seconds });
    clock.time += takes(seconds);
    const is = outcomes[Math.min(begun.length, outcomes.length) - 1]!;
    return { is, got: is };
  };
  return { probe, begun };
}

const atOnce = () => 0;
const allOfIt = (seconds: number) => seconds * 1000;

test("ok at the first probe", async () => {
  const clock = fakeClock();
  const result = await attemptCheck(CHECK, script(clock, ["ok"], () => 7).probe, clock);
  expect(result).toEqual({ check: CHECK, ok: true, got: "ok", attempts: 1, ms: 7 });
});

test("ok is waited for until `within` is over", async () => {
  const clock = fakeClock();
  const late = script(clock, [...Array<"refused">(20).fill("refused"), "ok"], atOnce);
  expect(await attemptCheck(CHECK, late.probe, clock)).toMatchObject({ ok: true, attempts: 21, ms: 4000 });
  clock.time = 0;
  const never = script(clock, ["refused"], atOnce);
  const result = await attemptCheck(CHECK, never.probe, clock);
  expect(result).toMatchObject({ ok: false, got: "refused", attempts: 25, reason: "a reply was expected within 5 s" });
  expect(clock.time).toBeLessThanOrEqual(5000);
});

test("probes get longer, and the last ends at most a second after `within`", async () => {
  const clock = fakeClock();
  const { probe, begun } = script(clock, ["unreachable"], allOfIt);
  const result = await attemptCheck({ ...CHECK, within: 8 }, probe, clock);
  expect(begun.map(({ seconds }) => seconds)).toEqual([1, 2, 3, 1, 1]);
  expect(result.ms).toBeLessThanOrEqual(9000);
});

test("a `within` shorter than a probe allows one", async () => {
  const clock = fakeClock();
  const result = await attemptCheck({ ...CHECK, within: 0.1 }, script(clock, ["unreachable"], allOfIt).probe, clock);
  expect(result).toMatchObject({ ok: false, attempts: 1, ms: 1000 });
});

test("unreachable is seen twice, at least a second apart, whatever `within` says", async () => {
  for (const takes of [atOnce, () => 400, allOfIt]) {
    const clock = fakeClock();
    const { probe, begun } = script(clock, ["unreachable"], takes);
    const result = await attemptCheck({ ...CHECK, expect: "unreachable", within: 0.1 }, probe, clock);
    expect(result).toMatchObject({ ok: true, attempts: 2 });
    expect(begun[1]!.at).toBe(1000);
  }
});

test("one answer fails `unreachable` at once, at either probe", async () => {
  const check: Check = { ...CHECK, expect: "unreachable" };
  for (const answer of ["ok", "refused", "broken"] as const) {
    const clock = fakeClock();
    expect(await attemptCheck(check, script(clock, [answer], atOnce).probe, clock)).toMatchObject({
      ok: false,
      attempts: 1,
    });
    const second = script(clock, ["unreachable", answer], atOnce);
    expect(await attemptCheck(check, second.probe, clock)).toMatchObject({ ok: false, attempts: 2, got: answer });
  }
});

test("what is impossible is not tried again", async () => {
  const clock = fakeClock();
  const result = await attemptCheck(CHECK, script(clock, ["impossible"], atOnce).probe, clock);
  expect(result).toMatchObject({ ok: false, attempts: 1, reason: "impossible" });
});

test("an abort ends a probe that hangs", async () => {
  const abort = new AbortController();
  const hanging = attemptCheck(CHECK, () => new Promise(() => {}), fakeClock(), abort.signal);
  abort.abort(new Error("stopped"));
  await expect(hanging).rejects.toThrow("stopped");
});
