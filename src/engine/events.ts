// What happens while a verb runs, as data: the engine emits events, `src/report/` prints them.
import type { FieldChange, Plan } from "../core/plan.js";
import type { Command, ResourceId } from "../core/resource.js";

/** A command that did not do what it should. */
export interface Failure {
  /** The step in the plan that failed; absent where reading or a probe failed. */
  step?: { number: number; id: ResourceId; action: string };
  command?: Command;
  /** What is wrong, one line, in the words of the tool where it has some. */
  message: string;
  exitCode?: number;
  /** The cure, where there is a known one. */
  hint?: string;
  /** JSON pointer into the topology file. */
  origin?: string;
  /** What went wrong after it, in the same words. */
  also?: string[];
}

/** A declared thing that is not as wanted after all commands succeeded. */
export interface Difference {
  id: ResourceId;
  action: "create" | "update" | "replace" | "delete";
  fields: FieldChange[];
}

export type Phase = "read" | "plan" | "execute" | "verify" | "rollback";

export type Event =
  /** Another netlab holds the lock; who, as far as it can be seen. */
  | { type: "waiting"; holder: string; timeout: number }
  | { type: "phase"; phase: Phase; total?: number }
  /** The plan is made, under the lock; commands follow. */
  | { type: "planned"; plan: Plan }
  /** A command is about to run, or was handed to a batch. */
  | { type: "command"; step: number; command: Command }
  /** A step is done; of `total` in this phase. */
  | { type: "step"; number: number; total: number; id: ResourceId; action: string }
  | { type: "failed"; failure: Failure }
  /** All commands succeeded, and something is not as declared: what is missing is done once more. */
  | { type: "again"; why: string }
  | { type: "rollback"; why: string }
  | { type: "done"; result: Result };

export type Outcome =
  /** The plan was carried out and verified. A failure is one to write down so, or to look at things of others, afterwards. */
  | "applied"
  /** Nothing differed, nothing was run. */
  | "unchanged"
  /** Not begun: a conflict, or the answer was no. */
  | "refused"
  /** Failed or interrupted; the lab is as it was before, verified. */
  | "rolled-back"
  /** Failed or interrupted, and something is left; `left` says what. */
  | "left-behind";

export interface Result {
  outcome: Outcome;
  plan: Plan;
  failure?: Failure;
  /** SIGINT or SIGTERM that ended it. */
  signal?: "SIGINT" | "SIGTERM";
  /** After a failed rollback or `--no-rollback`: what differs from before. */
  left: Difference[];
  /** Things of others and processes that were there before, are not now, and that netlab cannot make again. */
  gone?: ResourceId[];
  /** Namespaces that were deleted and made again on the way back: what others may have set in them besides is gone. */
  remade?: string[];
  /** Seconds in which it must be confirmed, or it is taken back. */
  confirmWithin?: number;
  /** Milliseconds by phase. */
  timing: Partial<Record<Phase, number>>;
}
