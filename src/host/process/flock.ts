// Locks a file that is open: flock(2), which Node has not, by flock(1).
import { runChild } from "./child.js";
import type { ProcessEnd } from "./job.js";

/**
 * The lock belongs to the open file, not to the process that asks for it: it stays when flock(1) has ended, and until
 * the last copy of the descriptor is closed. Exit code 1 without a word: another holds it.
 * @param options of flock(1)
 * @param timeout seconds, for flock(1) itself
 */
export function flock(fd: number, options: string[], timeout: number): Promise<ProcessEnd> {
  return runChild(["flock", ...options, "3"], { timeout, inherit: fd });
}
