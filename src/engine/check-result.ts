// What a check run says: one result a check, and the events on the way.
import type { Check } from "../topology/lab.js";

export interface CheckResult {
  check: Check;
  ok: boolean;
  /** What was seen last, in a few words: `1 reply, 0.08 ms`, `no reply`, `refused`, `seen as 198.51.100.1`. */
  got: string;
  /** Probes made. */
  attempts: number;
  /** Milliseconds from the first probe to the verdict. */
  ms: number;
  /** One sentence without a full stop: why it failed. Absent where it is ok. */
  reason?: string;
}

/** `number` is the check's place in the file's order, from 1, of `total` checks in this run. */
export type CheckEvent =
  | { type: "check-started"; check: Check; number: number; total: number }
  | { type: "check-done"; result: CheckResult; number: number; total: number };
