// What is wrong at one place of the topology, before it has a line and a column.
import type { Pointer } from "./lab.js";

export interface Problem {
  pointer: Pointer;
  /** The caret goes under the value (default) or under the key. */
  at?: "key" | "value";
  /** Default: error. */
  severity?: "error" | "warning";
  code: string;
  message: string;
  suggestion?: string;
}

export type Report = (problem: Problem) => void;

/** What is wrong with one piece of text, wherever it stands. */
export type Reason = Pick<Problem, "code" | "message" | "suggestion">;
