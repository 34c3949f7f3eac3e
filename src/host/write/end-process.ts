// Ends processes that would keep a namespace alive: TERM, and after a while KILL.
import { setTimeout as sleep } from "node:timers/promises";
import type { Command } from "../../core/resource.js";
import type { ProcessEnd } from "../process/job.js";
import { hasEnded, statOf } from "../process/proc.js";

/** Milliseconds that a process has after TERM, and after KILL. */
const GRACE = 3000;
const POLL = 20;

/**
 * Carries out `kill -TERM PID` and waits until the process has ended. Standard input of the command is the process'
 * start (proc(5) stat, field 22): a process that has come to the same number since is not touched.
 */
export async function endProcess({ args, stdin }: Command): Promise<ProcessEnd> {
  const pid = Number(args.at(-1));
  const runs = () => isRunning(pid, stdin);
  for (const signal of ["SIGTERM", "SIGKILL"] as const) {
    if (!runs()) return { exitCode: 0, output: "" };
    try {
      process.kill(pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ESRCH") return { exitCode: 0, output: "" };
      return { exitCode: 1, output: `kill: (${pid}): ${(error as Error).message}` };
    }
    for (const end = Date.now() + GRACE; runs() && Date.now() < end; ) await sleep(POLL);
  }
  return runs()
    ? { exitCode: 1, output: `process ${pid} does not end, not even by KILL` }
    : { exitCode: 0, output: "" };
}

/** A zombie has ended: it holds no namespace. */
function isRunning(pid: number, start: string | undefined): boolean {
  const stat = statOf(pid);
  return stat !== undefined && (start === undefined || stat.start === start) && !hasEnded(stat);
}
