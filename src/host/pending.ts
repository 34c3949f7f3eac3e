// An apply that waits to be confirmed: what is needed to take it back, in the lab's folder, and the process that waits.
import { spawn } from "node:child_process";
import { uptime } from "node:os";
import { fileURLToPath } from "node:url";
import type { State } from "../core/resource.js";
import type { JournalRows } from "../kinds/rows.js";
import { childEnvironment } from "./environment.js";
import { readLabFile, removeLabFile, writeLabFile } from "./lab-folder.js";
import { MachineError } from "./machine.js";
import { hasEnded, statOf } from "./proc.js";

const NAME = "pending.json";
const FORMAT = 1;
const CLI = fileURLToPath(new URL("../cli.js", import.meta.url));

export interface Runner {
  pid: number;
  /** proc(5) stat, field 22. */
  start: string;
}

export interface Pending {
  format: typeof FORMAT;
  lab: string;
  /** The netlab that applies, or takes back: while it runs, nobody else does. */
  by: Runner;
  /** Seconds since boot at which it is taken back; absent while it is being applied. */
  until?: number;
  /** What was asked for, and what the lab was before. */
  desired: State;
  before: State;
  /** Things of others that may go with what was asked for. */
  strangers?: State;
  journal: Pick<JournalRows, "namespaces" | "devices" | "routes">;
}

/** Seconds since boot: nobody sets that clock. */
export const now = (): number => uptime();

export const thisRunner = (): Runner => ({ pid: process.pid, start: startOf(process.pid) ?? "" });

export const runs = ({ pid, start }: Runner): boolean => startOf(pid) === start;

function startOf(pid: number): string | undefined {
  const stat = statOf(pid);
  return stat && !hasEnded(stat) ? stat.start : undefined;
}

/** @throws MachineError where it cannot be read, or is of a newer netlab */
export function readPending(lab: string): Pending | undefined {
  const text = readLabFile(lab, NAME);
  if (text === undefined) return undefined;
  const pending = parsed(text);
  if (pending?.format === FORMAT) return pending;
  throw new MachineError(`what lab ${lab} was before its unconfirmed apply cannot be read`, {
    hint: `netlab destroy --lab ${lab} removes the lab`,
  });
}

function parsed(text: string): Pending | undefined {
  try {
    return JSON.parse(text) as Pending;
  } catch {
    return undefined;
  }
}

/** @throws MachineError where /run is full or read-only */
export function writePending(pending: Pending): void {
  try {
    writeLabFile(pending.lab, NAME, `${JSON.stringify(pending)}\n`);
  } catch (cause) {
    throw new MachineError(`cannot write down how to take the apply back: ${(cause as Error).message}`, {
      hint: "/run must be writable and have space",
      cause,
    });
  }
}

export const removePending = (lab: string): void => removeLabFile(lab, NAME);

/**
 * Starts the process that takes the apply back, and returns when it stands by itself. It has a session of its own, no
 * terminal, and no parent: it outlives the shell and the connection. setsid(1)
 * @throws MachineError where it cannot be started
 */
export function startWatcher(lab: string): Promise<void> {
  const words = ["--fork", process.execPath, CLI, "take-back", "--lab", lab];
  const child = spawn("setsid", words, { detached: true, stdio: "ignore", cwd: "/", env: childEnvironment() });
  return new Promise((resolve, reject) => {
    const fail = (why: string) => reject(new MachineError(`cannot start what would take the apply back: ${why}`));
    child.on("error", (error: NodeJS.ErrnoException) =>
      fail(error.code === "ENOENT" ? "setsid is not installed (package util-linux)" : error.message),
    );
    child.on("exit", (code) => (code === 0 ? resolve() : fail(`setsid ended with ${code}`)));
  });
}

/** The last words of a process that nobody listens to: logger(1), where it is installed. */
export function tellLog(text: string): void {
  const child = spawn("logger", ["-t", "netlab", "--", text], { stdio: "ignore", env: childEnvironment() });
  child.on("error", () => {});
}
