// Commit or come back: an apply that is taken back by itself unless somebody confirms it in time.
import { setTimeout as sleep } from "node:timers/promises";
import type { Planned } from "../core/plan.js";
import { type Machine, MachineError } from "../host/machine.js";
import {
  now,
  type Pending,
  readPending,
  removePending,
  runs,
  startWatcher,
  thisRunner,
  writePending,
} from "../host/pending.js";
import type { Rows } from "../kinds/rows.js";
import type { Difference } from "./events.js";
import { asItWas, backTo } from "./rollback.js";
import { strangersOf } from "./strangers.js";

/** Milliseconds between two looks. */
const POLL = 200;
/** Milliseconds between two tries of a way back that does not lead there; at first it is 2,000. */
const LONGEST = 60_000;
const LOCK_TIMEOUT = 3600;

/** Before the first change: how it was, and who brings it back when this process is gone. */
export async function beginPending(planned: Planned & { rows: Rows }): Promise<Pending> {
  const { plan, desired, live, rows } = planned;
  const { namespaces, devices, routes } = rows.journal;
  const pending: Pending = {
    ...{ format: 1, lab: plan.lab, by: thisRunner(), desired, before: asItWas(live, desired) },
    strangers: strangersOf(planned),
    journal: { namespaces, devices, routes },
  };
  writePending(pending);
  try {
    await startWatcher(plan.lab);
  } catch (error) {
    removePending(plan.lab);
    throw error;
  }
  return pending;
}

/** From now on it is awaited that somebody confirms. */
export const awaitConfirm = (pending: Pending, seconds: number): void =>
  writePending({ ...pending, until: now() + seconds });

/**
 * No apply on top of one that waits: which of the two would be taken back?
 * @throws MachineError with the two ways on
 */
export function requireNonePending(lab: string): void {
  const pending = readPending(lab);
  if (!pending) return;
  const left = Math.ceil((pending.until ?? 0) - now());
  if (left <= 0) throw tooLate(pending);
  throw new MachineError(`an apply of lab ${lab} waits to be confirmed; in ${left} s it is taken back`, {
    hint: `netlab confirm --lab ${lab} keeps it, netlab confirm --back --lab ${lab} takes it back now`,
  });
}

/** What is there may be half made, or half taken back. */
function tooLate({ lab, until }: Pending): MachineError {
  const message =
    until === undefined
      ? `the apply of lab ${lab} has ended in the middle, and is to be taken back`
      : `the time to confirm lab ${lab} is over, and it is to be taken back`;
  return new MachineError(message, {
    hint: `netlab confirm --back --lab ${lab} does that now, netlab destroy --lab ${lab} removes the lab`,
  });
}

/**
 * Keeps what was applied. False where nothing waits: it was confirmed, or it is taken back already.
 * @throws MachineError where its time is over, or its apply was killed: under the lock nobody is in the middle of one
 */
export async function confirmPending(lab: string, machine: Machine, lockTimeout: number): Promise<boolean> {
  const lock = await machine.lock(lockTimeout, () => {});
  try {
    const pending = readPending(lab);
    if (pending && (pending.until === undefined || now() >= pending.until)) throw tooLate(pending);
    removePending(lab);
    return pending !== undefined;
  } finally {
    await lock.release();
  }
}

/** Takes an apply back now. What is left, where it does not come back as it was; undefined where nothing waits. */
export async function takeBack(lab: string, machine: Machine, lockTimeout: number): Promise<Difference[] | undefined> {
  const lock = await machine.lock(lockTimeout, () => {});
  try {
    const pending = readPending(lab);
    if (!pending) return undefined;
    const { left, failure } = await backTo(pending, machine, {});
    if (left?.length === 0) removePending(lab);
    if (!left) throw new MachineError(failure!.message, failure!.hint === undefined ? {} : { hint: failure!.hint });
    return left;
  } finally {
    await lock.release();
  }
}

export interface Watch {
  /** Called when it waits. */
  ready: () => void;
  /** Called with what goes wrong, once for each way of going wrong. */
  tell: (trouble: string) => void;
  /** Milliseconds. */
  pause?: (time: number) => Promise<unknown>;
}

/**
 * Waits until an apply is confirmed, or its time is over, or its netlab has ended in the middle; then takes it back, however
 * often it has to try.
 * @returns how it ended
 */
export async function watchPending(lab: string, machine: Machine, watch: Watch): Promise<string> {
  const { ready, tell, pause = sleep } = watch;
  let [last, failures] = ["", 0];
  for (let round = 0; ; round++) {
    try {
      const pending = readPending(lab);
      if (round === 0) ready();
      if (!pending) return `lab ${lab} was confirmed`;
      const isOver = pending.until === undefined ? !runs(pending.by) : now() >= pending.until;
      if (!isOver) {
        await pause(POLL);
        continue;
      }
      const left = await takeBack(lab, machine, LOCK_TIMEOUT);
      if (!left) return `lab ${lab} was confirmed or taken back by another`;
      if (left.length === 0) return `nobody confirmed lab ${lab} in time: it is as it was before`;
      throw new Error(`${left.length} differences, the first: ${left[0]!.id}`);
    } catch (error) {
      const words = (error as Error).message;
      if (words !== last) tell(`nobody confirmed lab ${lab} in time, and it could not be taken back: ${words}`);
      last = words;
      await pause(Math.min(1000 * 2 ** ++failures, LONGEST));
    }
  }
}
