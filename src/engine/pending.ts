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
/** How often a way back is tried that does not lead there. */
const TRIES = 5;
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
  const left = pending.until === undefined ? undefined : Math.ceil(pending.until - now());
  const when = left !== undefined && left > 0 ? `; in ${left} s it is taken back` : "";
  throw new MachineError(`an apply of lab ${lab} waits to be confirmed${when}`, {
    hint: `netlab confirm --lab ${lab} keeps it, netlab confirm --back --lab ${lab} takes it back now`,
  });
}

/** Keeps what was applied. False where nothing waits: it was confirmed, or it is taken back already. */
export async function confirmPending(lab: string, machine: Machine, lockTimeout: number): Promise<boolean> {
  const lock = await machine.lock(lockTimeout, () => {});
  try {
    const found = readPending(lab) !== undefined;
    removePending(lab);
    return found;
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

/** Waits until an apply is confirmed, or its time is over, or its netlab has ended in the middle; then takes it back. */
export async function watchPending(lab: string, machine: Machine): Promise<string> {
  for (;;) {
    const pending = readPending(lab);
    if (!pending) return `lab ${lab} was confirmed`;
    const isOver = pending.until === undefined ? !runs(pending.by) : now() >= pending.until;
    if (isOver) return retried(lab, machine);
    await sleep(POLL);
  }
}

async function retried(lab: string, machine: Machine): Promise<string> {
  let words = "";
  for (let round = 0; round < TRIES; round++) {
    if (round > 0) await sleep(1000 * 2 ** round);
    try {
      const left = await takeBack(lab, machine, LOCK_TIMEOUT);
      if (!left) return `lab ${lab} was confirmed`;
      if (left.length === 0) return `nobody confirmed lab ${lab} in time: it is as it was before`;
      words = `${left.length} differences, the first: ${left[0]!.id}`;
    } catch (error) {
      if (!(error instanceof MachineError)) throw error;
      words = error.message;
    }
  }
  return `nobody confirmed lab ${lab} in time, and it could not be taken back: ${words}`;
}
