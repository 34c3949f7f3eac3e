// Probes until the verdict of one check is clear, or its time is over.
import { setTimeout as sleep } from "node:timers/promises";
import type { Outcome } from "../host/probe/outcome.js";
import type { Check } from "../topology/lab.js";
import type { CheckResult } from "./check-result.js";
import { failureReason, judge } from "./check-verdict.js";

export interface Clock {
  /** Milliseconds, monotonic. */
  now(): number;
  /** @throws the signal's reason */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export const CLOCK: Clock = {
  now: () => performance.now(),
  sleep: async (ms, signal) => {
    await sleep(ms, undefined, { signal }).catch(() => signal?.throwIfAborted());
  },
};

/** Milliseconds between the end of a probe and the next. */
const PAUSE = 200;
/** Milliseconds between the beginnings of the two probes of `unreachable`. */
const APART = 1000;
/** Seconds that one probe may take, at most; the first has one second, the second two. */
const LONGEST_PROBE = 3;

/**
 * Calls `probe` with the seconds that it may take, until `judge` is sure. No probe begins when `check.within` is over, so
 * one check takes at most a second longer; `unreachable` needs two probes and has no such limit.
 * @throws the signal's reason
 */
export async function attemptCheck(
  check: Check,
  probe: (seconds: number) => Promise<Outcome>,
  clock: Clock,
  signal?: AbortSignal,
): Promise<CheckResult> {
  const begin = clock.now();
  const deadline = check.expect === "unreachable" ? Number.POSITIVE_INFINITY : begin + check.within * 1000;
  for (let attempts = 1; ; attempts++) {
    const started = clock.now();
    const outcome = await orAborted(probe(probeSeconds(attempts, deadline - started)), signal);
    const verdict = judge(check, outcome, attempts);
    const pause = check.expect === "unreachable" ? started + APART - clock.now() : PAUSE;
    if (verdict === "again" && clock.now() + pause < deadline) {
      await clock.sleep(Math.max(0, pause), signal);
      continue;
    }
    const ok = verdict === "holds";
    const result = { check, ok, got: outcome.got, attempts, ms: Math.round(clock.now() - begin) };
    return ok ? result : { ...result, reason: failureReason(check, outcome) };
  }
}

/** @throws the signal's reason as soon as it is aborted */
function orAborted<T>(work: Promise<T>, signal?: AbortSignal): Promise<T> {
  if (signal === undefined) return work;
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}

/** Whole seconds, as every ping(8) takes them; more each time, for a link whose round trip is longer than a second. */
function probeSeconds(attempt: number, left: number): number {
  return Math.max(1, Math.min(attempt, LONGEST_PROBE, Math.floor(left / 1000)));
}
