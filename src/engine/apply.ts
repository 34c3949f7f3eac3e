// Apply and destroy: under the lock, read, plan, carry out, verify; on failure back to what was read.
import { isDeepStrictEqual as equal } from "node:util";
import type { Plan, Planned } from "../core/plan.js";
import { isEmpty } from "../core/planner.js";
import type { State } from "../core/resource.js";
import { type Machine, MachineError } from "../host/machine.js";
import { removePending } from "../host/pending.js";
import type { Rows } from "../kinds/rows.js";
import type { Lab } from "../topology/lab.js";
import type { Difference, Event, Failure, Phase, Result } from "./events.js";
import { execute } from "./execute.js";
import { failing, failureFrom, together } from "./failures.js";
import { areNamesGone } from "./gone.js";
import { noteAfter, noteBefore, noteRestored } from "./journal.js";
import { onceMore } from "./once-more.js";
import { awaitConfirm, beginPending, requireNonePending } from "./pending.js";
import { planState } from "./plan.js";
import { readAhead } from "./read-ahead.js";
import { rollBack } from "./rollback.js";
import type { SavedPlan } from "./saved-plan.js";
import { desiredState, liveState } from "./state.js";
import { missing, promised } from "./strangers.js";

export interface ApplyOptions {
  on?: (event: Event) => void;
  /** Aborted with "SIGINT" or "SIGTERM" as its reason. */
  signal?: AbortSignal;
  /** Seconds to wait for another netlab; 30 by default. */
  lockTimeout?: number;
  /** false: what a failed apply has made stays. */
  rollback?: boolean;
  /** Take over unmarked things that the lab wants as they are. */
  adopt?: boolean;
  /** Seconds in which somebody must confirm, or what was applied is taken back. */
  confirmWithin?: number;
  /** Asked when the plan is made; false refuses it. */
  confirm?: (plan: Plan) => Promise<boolean>;
  /** Throws where the plan is not the one that was saved. */
  check?: (planned: Planned) => void | Promise<void>;
  batch?: "single" | "real";
}

/** Makes the machine as the lab's file says. Never throws for what happens after the lock was taken, but for a bug. */
export async function applyLab(lab: Lab, machine: Machine, options: ApplyOptions = {}): Promise<Result> {
  return change(lab.name, () => desiredState(lab, machine), machine, { ...options, begin: requireNonePending });
}

/**
 * Applies a saved plan.
 * @throws MachineError where a plan made now is not the saved one, to the letter
 */
export async function applyState(saved: SavedPlan, machine: Machine, options: ApplyOptions = {}): Promise<Result> {
  const check = ({ plan }: Planned) => {
    if (!equal(JSON.parse(JSON.stringify(plan)), saved.plan))
      throw new MachineError(
        `The saved plan is not what has to be done now: the machine, or the file of the plan, has changed since.`,
        {
          hint: "make it again: netlab plan --out FILE",
        },
      );
  };
  return change(saved.plan.lab, async () => saved.desired, machine, { ...options, check, begin: requireNonePending });
}

/** Removes a lab, from whatever state it is in. It goes through with it whatever happens: there is no way back to half a lab. */
export async function destroyLab(lab: string, machine: Machine, options: ApplyOptions = {}): Promise<Result> {
  const { signal: _, ...rest } = options;
  return change(lab, async () => ({}), machine, { ...rest, rollback: false, agreed: removePending });
}

interface ChangeOptions extends ApplyOptions {
  /** Under the lock, before anything is read. */
  begin?: (lab: string) => void;
  /** Nothing stands in the way any more. */
  agreed?: (lab: string) => void;
}

type Timing = Partial<Record<Phase, number>>;

async function change(
  lab: string,
  wish: () => Promise<State>,
  machine: Machine,
  options: ChangeOptions,
): Promise<Result> {
  const timeout = options.lockTimeout ?? 30;
  const lock = await machine.lock(timeout, (holder) => options.on?.({ type: "waiting", holder, timeout }));
  try {
    options.begin?.(lab);
    const timing: Timing = {};
    const timed = stopwatch(timing, options.on);
    const planned = await timed("read", async () => planState(lab, await wish(), machine, options));
    await options.check?.(planned);
    options.on?.({ type: "planned", plan: planned.plan });
    const result = { ...seenAll(await carryOut(planned, machine, options, timed), planned), timing };
    options.on?.({ type: "done", result });
    return result;
  } finally {
    await lock.release();
  }
}

/** A destroy is not done where something of the lab could not be looked at. */
function seenAll(result: Omit<Result, "timing">, { desired, rows }: Planned & { rows: Rows }): Omit<Result, "timing"> {
  const isDone = result.outcome === "applied" || result.outcome === "unchanged";
  if (!isDone || !rows.ovsUnseen || Object.keys(desired).length > 0) return result;
  return { ...result, outcome: "left-behind", failure: rows.ovsUnseen };
}

type Timed = <T>(phase: Phase, work: () => Promise<T>) => Promise<T>;

function stopwatch(timing: Timing, on: ApplyOptions["on"]): Timed {
  return async (phase, work) => {
    on?.({ type: "phase", phase });
    const start = performance.now();
    try {
      return await work();
    } finally {
      timing[phase] = (timing[phase] ?? 0) + performance.now() - start;
    }
  };
}

async function carryOut(
  planned: Planned & { rows: Rows },
  machine: Machine,
  options: ChangeOptions,
  timed: Timed,
): Promise<Omit<Result, "timing">> {
  const { plan, desired, live, rows } = planned;
  if (plan.conflicts.length > 0) return { outcome: "refused", plan, left: [] };
  if (isEmpty(plan)) {
    options.agreed?.(plan.lab);
    const failure = await failing(() => noteAfter(plan.lab, desired, machine));
    return { outcome: "unchanged", plan, left: [], ...(failure && { failure }) };
  }
  if (options.confirm && !(await options.confirm(plan))) return { outcome: "refused", plan, left: [] };
  options.agreed?.(plan.lab);
  const { confirmWithin } = options;
  const pending = confirmWithin === undefined ? undefined : await beginPending(planned);
  const look = async () => (await liveState(plan.lab, desired, machine, options.adopt)).state;
  const ahead = readAhead(planned, machine, options.adopt);
  const deleted: string[] = [];
  const on = (event: Event) => {
    if (event.type === "step" && event.action === "delete" && live[event.id]?.kind === "namespace")
      deleted.push(event.id);
    options.on?.(event);
  };
  const trouble = await attempt(async () => {
    await noteBefore(plan, desired, live, rows.journal, machine);
    const { beforeLast } = ahead;
    const done = await timed("execute", () => execute(plan, desired, machine, { ...options, on, look, beforeLast }));
    if (done.failure || done.interrupted) return done;
    await noteRestored(plan.lab, desired, machine);
    const first = await timed("verify", async () => ((await areNamesGone(planned, machine)) ? [] : ahead.verify()));
    if (first.length === 0) return {};
    const { left, ...ended } = await timed("execute", () => onceMore(plan.lab, desired, first, machine, options));
    return ended.failure || ended.interrupted || left.length === 0 ? ended : { failure: unverified(left) };
  });
  if (!trouble.failure && !trouble.interrupted) {
    const failure = await failing(() => noteAfter(plan.lab, desired, machine));
    if (pending) awaitConfirm(pending, confirmWithin!);
    const missed = await missing(promised(planned), look);
    const failed = together(failure, missed.failure);
    return {
      outcome: "applied",
      plan,
      left: [],
      ...(missed.gone.length > 0 && { gone: missed.gone }),
      ...(failed && { failure: failed }),
      ...(pending && { confirmWithin }),
    };
  }
  const ended = await timed("rollback", () => rollBack(planned, { ...trouble, deleted }, machine, options));
  if (ended.outcome === "rolled-back" || options.rollback === false) removePending(plan.lab);
  return ended;
}

export interface Trouble {
  failure?: Failure;
  interrupted?: boolean;
  /** Namespaces that were deleted. */
  deleted?: string[];
}

/** What the machine throws while a plan runs is a failure like that of a command. */
async function attempt(work: () => Promise<Trouble>): Promise<Trouble> {
  try {
    return await work();
  } catch (error) {
    return { failure: failureFrom(error) };
  }
}

function unverified(left: Difference[]): Failure {
  const [first] = left as [Difference];
  const more = left.length > 1 ? ` (and ${left.length - 1} more)` : "";
  // What a thing says of itself is worth more than that it is not so.
  const said = first.fields.flatMap(({ field, from }) => (typeof from === "string" ? `${field} ${from}` : []));
  const words = said.length > 0 ? `: ${said.join(", ")}` : "";
  return { message: `all commands succeeded, yet ${first.id} is not as declared${more}${words}` };
}
