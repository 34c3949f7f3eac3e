// What a netlab inside a sandbox knows of the call outside: where it was made, and the file that it named.
import { readFileSync, writeFileSync } from "node:fs";

export interface Call {
  /** Working directory of the caller. */
  cwd: string;
  /** The name of the topology file or saved plan whose text is in descriptor 3. */
  file?: string;
  /** Where it wants to be told what the verb came to, a file of the sandbox's. */
  outcome?: string;
}

let outcomeFile: string | undefined;

/** The lab in whose sandbox this process runs; undefined outside. */
export const insideSandbox = (): string | undefined => process.env.NETLAB_SANDBOX;

/**
 * Goes to the caller's directory, where it is visible in here.
 * @returns the file that was read outside, if any. Only the first call of a process has something to take.
 */
export function takeCall(): { name: string; text: string } | undefined {
  const { NETLAB_SANDBOX_CALL: words } = process.env;
  if (words === undefined) return undefined;
  // Commands of the user's, and their netlab, are calls of their own.
  delete process.env.NETLAB_SANDBOX_CALL;
  const { cwd, file, outcome } = JSON.parse(words) as Call;
  outcomeFile = outcome;
  try {
    process.chdir(cwd);
  } catch {
    process.chdir("/");
  }
  return file === undefined ? undefined : { name: file, text: readFileSync(3, "utf8") };
}

/** Tells the netlab outside what its verb came to: an exit code says less. */
export function tellOutcome(outcome: string): void {
  if (outcomeFile === undefined) return;
  try {
    writeFileSync(outcomeFile, outcome);
  } catch {
    // /run is full: the exit code has to do.
  }
}
