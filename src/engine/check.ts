// The verb `check`: what must hold when the lab is up, tried from inside its namespaces.
import { setMaxListeners } from "node:events";
import type { Outcome } from "../host/probe/outcome.js";
import { listenerName, openProbes, type Probes } from "../host/probe/probes.js";
import type { Check, Lab } from "../topology/lab.js";
import { attemptCheck, CLOCK, type Clock } from "./check-attempts.js";
import type { CheckEvent, CheckResult } from "./check-result.js";
import { inParallel } from "./in-parallel.js";

export interface CheckOptions {
  on?: (event: CheckEvent) => void;
  signal?: AbortSignal;
  /** Which of the lab's checks to run; default all. */
  only?: (check: Check) => boolean;
  /** Where they are run from; default: the namespaces of this machine. */
  probes?: Probes;
  clock?: Clock;
}

/** A ping is one small process; a TCP check keeps up to two node processes busy. */
const PINGS_AT_ONCE = 64;
const CONNECTIONS_AT_ONCE = 8;

interface Run {
  probes: Probes;
  clock: Clock;
  signal?: AbortSignal;
}

/**
 * Runs the checks of a lab side by side; results in the order of the file. Never throws for a check that fails.
 *
 * TCP checks without `listen` come before those with, so that none finds the listener of another. Its processes have
 * ended when it returns.
 * @throws the signal's reason, when it is aborted
 */
export async function runChecks(lab: Lab, options: CheckOptions = {}): Promise<CheckResult[]> {
  const { on, only = () => true, probes = openProbes(), clock = CLOCK } = options;
  const signal = options.signal && AbortSignal.any([options.signal]);
  if (signal) setMaxListeners(0, signal); // One for each probe that is under way.
  const checks = lab.checks.filter(only);
  const total = checks.length;
  const results: CheckResult[] = [];
  const runAt = async (index: number) => {
    const check = checks[index]!;
    on?.({ type: "check-started", check, number: index + 1, total });
    const result = await runCheck(check, { probes, clock, signal });
    results[index] = result;
    on?.({ type: "check-done", result, number: index + 1, total });
  };
  const having = (test: (check: Check) => boolean) => [...checks.keys()].filter((index) => test(checks[index]!));
  const pings = having((check) => "ping" in check.test);
  const plain = having((check) => "tcp" in check.test && !check.listen);
  const heard = having((check) => "tcp" in check.test && check.listen !== undefined);
  try {
    signal?.throwIfAborted();
    const connections = inParallel(plain, CONNECTIONS_AT_ONCE, runAt).then(() =>
      inParallel(heard, CONNECTIONS_AT_ONCE, runAt),
    );
    await Promise.all([inParallel(pings, PINGS_AT_ONCE, runAt), connections]);
  } finally {
    await probes.close();
  }
  return results;
}

async function runCheck(check: Check, { probes, clock, signal }: Run): Promise<CheckResult> {
  const { test, listen } = check;
  if ("ping" in test) {
    return attemptCheck(check, (seconds) => probes.ping(check.from, test.ping, seconds), clock, signal);
  }
  if (listen === undefined) {
    return attemptCheck(check, (seconds) => probes.connect(check.from, test.tcp, seconds), clock, signal);
  }
  const listening = await probes.listen(listen.place, listen.port);
  if (listening.is !== "ok") return notListening(check, listening);
  const target = { ...test.tcp, listener: listenerName(listen.place, listen.port) };
  try {
    return await attemptCheck(check, (seconds) => probes.connect(check.from, target, seconds), clock, signal);
  } finally {
    await probes.unlisten(listen.place, listen.port);
  }
}

function notListening(check: Check, outcome: Outcome): CheckResult {
  const reason = `no listener in ${check.listen!.place}: ${outcome.got}`;
  return { check, ok: false, got: "no listener", attempts: 0, ms: 0, reason };
}
