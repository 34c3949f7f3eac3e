// How far one batch has come, and what the end of its processes means for it.
import type { Batch } from "../../core/plan.js";
import type { Command } from "../../core/resource.js";
import type { BatchResult } from "../machine.js";
import type { ProcessEnd } from "../process/job.js";
import { blameProcess } from "./blame.js";
import type { Parcel } from "./parcel.js";

/** EBUSY, EAGAIN, ENODEV: for moments under parallel work. The words are those of strerror(3). */
const TRANSIENT = /Device or resource busy|Resource temporarily unavailable|: No such device(?! or address)/;
const TRIES = 5;

export class Progress {
  /** The command that comes next failed for a moment only: try again from it. */
  again = false;
  private tries = 0;
  /** Commands that are done for certain, from the beginning. */
  private done = 0;
  private readonly commands: { step: number; command: number; data: Command }[];
  private failure: BatchResult["failure"];

  constructor(readonly batch: Batch) {
    this.commands = batch.steps.flatMap((step, s) => step.commands.map((data, c) => ({ step: s, command: c, data })));
  }

  get finished(): boolean {
    return this.failure !== undefined || this.done === this.commands.length;
  }

  /** Commands that are not done yet. */
  open(): Command[] {
    return this.commands.slice(this.done).map(({ data }) => data);
  }

  /** Takes the ends of the processes that were started for `parcels`, in order. */
  take(parcels: Parcel[], ends: ProcessEnd[], timeout: number): void {
    this.again = false;
    for (const [i, end] of ends.entries()) {
      const parcel = parcels[i]!;
      if (end.exitCode !== 0 || end.timedOut) {
        this.judge(parcel, end, timeout);
        return;
      }
      this.done += parcel.commands.length;
      this.tries = 0;
    }
  }

  private judge(parcel: Parcel, end: ProcessEnd, timeout: number): void {
    const blame = blameProcess(parcel, end, timeout);
    if (blame.done > 0) this.tries = 0;
    this.done += blame.done;
    const certain = blame.command === blame.done;
    this.again = !blame.timedOut && certain && TRANSIENT.test(blame.message) && ++this.tries < TRIES;
    if (this.again) return;
    const at = this.commands[this.done - blame.done + blame.command]!;
    this.failure = { step: at.step, command: at.command, message: blame.message };
    if (end.exitCode < 128) this.failure.exitCode = end.exitCode;
    if (blame.timedOut) this.failure.timedOut = true;
  }

  /** The guard does not let these commands through: nothing was run. */
  refuse(message: string): void {
    this.again = false;
    const { step, command } = this.commands[this.done]!;
    this.failure = { step, command, message };
  }

  /** A step is done when all its commands are. */
  result(): BatchResult {
    const done = this.commands[this.done]?.step ?? this.batch.steps.length;
    return this.failure ? { done, failure: this.failure } : { done };
  }
}
