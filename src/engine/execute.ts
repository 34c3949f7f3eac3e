// Carries out a plan, stage by stage; stops at the first failure that is not already as wanted.
import { compare, isUsable } from "../core/diff.js";
import type { Batch, Plan, Step } from "../core/plan.js";
import type { Command, State } from "../core/resource.js";
import { stepsOf } from "../core/simulate.js";
import type { BatchResult, Machine, RunOptions } from "../host/machine.js";
import { batching, patience } from "../host/tuning.js";
import type { Event, Failure } from "./events.js";
import { failing, together } from "./failures.js";
import { noteMade } from "./journal.js";
import { model } from "./model.js";

export interface ExecuteOptions {
  on?: (event: Event) => void;
  signal?: AbortSignal;
  /** `single`: every command in a batch of its own, as a test of what a batch may hide. */
  batch?: "single" | "real";
  /** Goes on after a command that did not end in time, if what it was for is there: for the way back. */
  onward?: boolean;
  /** Reads the live state, to see whether what a failed command wanted is there all the same. */
  look: () => Promise<State>;
  /** Called when all but the last stage has been done. */
  beforeLast?: () => Promise<void>;
}

/** Seconds for one process. */
const TIMEOUT = patience(60);

export interface Executed {
  failure?: Failure;
  /** Ended by the signal, between two processes. */
  interrupted?: boolean;
}

export async function execute(
  plan: Plan,
  desired: State,
  machine: Machine,
  options: ExecuteOptions,
): Promise<Executed> {
  const steps = stepsOf(plan);
  const stepOf = new Map<Command, Step>(steps.flatMap((step) => step.commands.map((command) => [command, step])));
  const run: RunOptions = {
    timeout: TIMEOUT,
    ...(options.signal && { signal: options.signal }),
    onCommand: (command) => options.on?.({ type: "command", step: stepOf.get(command)?.number ?? 0, command }),
  };
  const tell = (batch: Batch, from: number, to: number) => {
    for (const { number, id, action } of batch.steps.slice(from, to))
      options.on?.({ type: "step", number, total: steps.length, id, action });
  };
  for (const stage of plan.stages) {
    const { batches } = stage;
    if (stage === plan.stages.at(-1)) await options.beforeLast?.();
    for (const group of (options.batch ?? batching()) === "single"
      ? batches.flatMap(apart).map((one) => [one])
      : [batches]) {
      const ended = await runStage(group, machine, run, { ...options, desired, tell });
      if (ended.failure || ended.interrupted) return ended;
    }
    await noteMade(stage, desired, plan.lab, machine);
  }
  return {};
}

interface StageContext {
  desired: State;
  look: () => Promise<State>;
  onward?: boolean;
  tell: (batch: Batch, from: number, to: number) => void;
}

const apart = (batch: Batch): Batch[] => batch.steps.map((step) => ({ ...batch, steps: [step] }));

/** Runs the batches side by side, and those again from behind a step that failed because it was done already. */
async function runStage(batches: Batch[], machine: Machine, run: RunOptions, context: StageContext): Promise<Executed> {
  let pending = batches.filter(({ tool }) => tool !== "");
  for (const batch of batches) if (batch.tool === "") context.tell(batch, 0, batch.steps.length);
  while (pending.length > 0) {
    if (run.signal?.aborted) return { interrupted: true };
    const results = await machine.runAll(pending, run);
    const again: Batch[] = [];
    const failed: { batch: Batch; result: BatchResult }[] = [];
    results.forEach((result, index) => {
      const batch = pending[index]!;
      context.tell(batch, 0, result.done);
      if (result.failure) failed.push({ batch, result });
      else if (result.done < batch.steps.length) again.push({ ...batch, steps: batch.steps.slice(result.done) });
    });
    if (failed.length > 0) {
      let live: State = {};
      const unseen = await failing(async () => (live = await context.look()));
      for (const { batch, result } of failed) {
        const next = unseen ? undefined : behind(batch, result, live, context);
        if (next === undefined) return { failure: together(failureOf(batch, result), unseen)! };
        context.tell(batch, result.done, next);
        if (next < batch.steps.length) again.push({ ...batch, steps: batch.steps.slice(next) });
      }
    }
    pending = again;
  }
  return run.signal?.aborted ? { interrupted: true } : {};
}

/** Index of the first step behind one that failed although it is done; undefined where it is a failure. */
function behind(
  { steps }: Batch,
  { failure }: BatchResult,
  live: State,
  { desired, onward }: StageContext,
): number | undefined {
  const { step: index, timedOut } = failure!;
  // What somebody else had there and does not fit any more is no failure of the lab; that it is gone is told at the end.
  if (!timedOut && steps[index]!.action === "create" && !(steps[index]!.id in desired)) return index + 1;
  const isDoneAt = (at: number) => isDone(steps[at]!, desired, live);
  // What hangs may be done all the same, but whoever should serve it is not there: only the way back goes on.
  if (!isDoneAt(index) || (timedOut && !onward && steps[index]!.action !== "delete")) return undefined;
  let next = index + 1;
  // Else each of the other steps of the same transaction could hang as long again.
  if (timedOut) while (next < steps.length && isDoneAt(next)) next++;
  return next;
}

/** Whether the live state is as the step wants it. */
function isDone({ action, id }: Step, desired: State, live: State): boolean {
  const [to, from] = [desired[id], live[id]];
  if (action === "delete") return from === undefined;
  return to !== undefined && from !== undefined && isUsable(from) && compare(model, from, to) === undefined;
}

function failureOf(batch: Batch, { failure }: BatchResult): Failure {
  const { step: index, command, message, exitCode, timedOut } = failure!;
  const step = batch.steps[index]!;
  return {
    step: { number: step.number, id: step.id, action: step.action },
    command: step.commands[command],
    message: timedOut ? `${message} (ended after ${TIMEOUT} s)` : message,
    ...(exitCode !== undefined && { exitCode }),
    ...(step.origin !== undefined && { origin: step.origin }),
  };
}
