// What a netlab inside a sandbox knows of the call outside: where it was made, and the file that it named.
import { readFileSync } from "node:fs";

export interface Call {
  /** Working directory of the caller. */
  cwd: string;
  /** The name of the topology file or saved plan whose text is in descriptor 3. */
  file?: string;
}

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
  const { cwd, file } = JSON.parse(words) as Call;
  try {
    process.chdir(cwd);
  } catch {
    process.chdir("/");
  }
  return file === undefined ? undefined : { name: file, text: readFileSync(3, "utf8") };
}
