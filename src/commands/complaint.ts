// Errors that are the user's to solve, and how every error is told: never as a stack trace.
import { MachineError } from "../host/machine.js";
import { commandLine } from "../report/command-line.js";
import { renderDiagnostics } from "../report/diagnostics.js";
import { errorJson } from "../report/json.js";
import { oneLine, plural } from "../report/words.js";
import type { Diagnostic } from "../topology/diagnostic.js";
import type { Session } from "./session.js";

/** What cannot be done, in one sentence, and what can be done about it. */
export class Complaint extends Error {
  readonly hint: string | undefined;
  constructor(message: string, hint?: string) {
    super(message);
    this.name = "Complaint";
    this.hint = hint;
  }
}

/** A topology file with errors. */
export class Invalid extends Complaint {
  readonly diagnostics: Diagnostic[];
  constructor(file: string, diagnostics: Diagnostic[]) {
    const errors = diagnostics.filter(({ severity }) => severity === "error").length;
    super(`${file} has ${plural(errors, "error")}`);
    this.diagnostics = diagnostics;
  }
}

/** Tells what was thrown on standard error, and with `json` as one line on standard output too. */
export function complain(error: unknown, session: Session, json: boolean): void {
  const { message, hint } = wordsOf(error);
  const diagnostics = error instanceof Invalid ? error.diagnostics : undefined;
  if (json) session.out(errorJson({ message, hint, diagnostics }));
  const { errPaint, err } = session;
  if (diagnostics) {
    err(`${renderDiagnostics(diagnostics, { color: errPaint.on }).trimEnd()}\n`);
    return;
  }
  err(`${errPaint.red("error")}  ${message}\n`);
  if (error instanceof MachineError && error.command)
    err(`  ${errPaint.dim("command")}  ${commandLine(error.command)}\n`);
  if (hint) err(`  ${errPaint.dim("cure")}  ${hint}\n`);
  if (session.debug && error instanceof Error && error.stack) err(`${errPaint.dim(error.stack)}\n`);
}

function wordsOf(error: unknown): { message: string; hint: string | undefined } {
  const message = oneLine(error instanceof Error ? error.message || error.name : String(error));
  const { hint, reason } = (error ?? {}) as { hint?: unknown; reason?: { suggestion?: unknown } };
  const cure = hint ?? reason?.suggestion;
  return { message, hint: typeof cure === "string" ? oneLine(cure) : undefined };
}
