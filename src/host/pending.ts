// An apply that waits to be confirmed: what is needed to take it back, in the lab's folder, and the process that waits.
import { spawn } from "node:child_process";
import { existsSync, writeSync } from "node:fs";
import { uptime } from "node:os";
import type { State } from "../core/resource.js";
import type { JournalRows } from "../kinds/rows.js";
import { readLabFile, removeLabFile, writeLabFile } from "./lab-folder.js";
import { MachineError } from "./machine.js";
import { CLI } from "./own-files.js";
import { childEnvironment, which } from "./process/environment.js";
import { hasEnded, statOf } from "./process/proc.js";
import { patience } from "./tuning.js";

const NAME = "pending.json";
const FORMAT = 1;
/** Seconds: a Node.js has to start. */
const PATIENCE = patience(20);

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

/** What the process that waits says as soon as it does. */
const READY = "waiting\n";

/** By the pipe that it was started with; its starter may be gone already. */
export function sayReady(): void {
  try {
    writeSync(1, READY);
  } catch {
    // Nobody listens any more.
  }
}

/**
 * Starts the process that takes the apply back, and returns when it has said that it waits. It has a session of its own, no
 * terminal, and no parent: it outlives the shell and the connection, setsid(1). Where systemd is the init it has a scope of
 * its own, too: what ends a user's processes when they log out (KillUserProcesses in logind.conf(5)) leaves it alone.
 * @throws MachineError where it does not come up
 */
export async function startWatcher(lab: string): Promise<void> {
  const words = ["setsid", "--fork", process.execPath, CLI, "take-back", "--lab", lab];
  const scope = ["systemd-run", "--scope", "--quiet", "--collect", "--no-ask-password", "--"];
  const isScoped = existsSync("/run/systemd/system") && which("systemd-run") !== undefined;
  // systemd may be there and not listen: in a container, or without its bus.
  if (isScoped && (await troubleOf([...scope, ...words])) === undefined) return;
  const trouble = await troubleOf(words);
  if (trouble !== undefined) throw new MachineError(`cannot start what would take the apply back: ${trouble}`);
}

/** Undefined when it waits. What has not said so within `seconds` is ended: another is started in its place. */
export function troubleOf([file, ...words]: string[], seconds = PATIENCE): Promise<string | undefined> {
  const stdio = ["ignore", "pipe", "ignore"] as const;
  const child = spawn(file!, words, { detached: true, stdio: [...stdio], cwd: "/", env: childEnvironment() });
  const { stdout } = child;
  return new Promise((resolve) => {
    let said = "";
    const end = (trouble?: string) => {
      clearTimeout(timer);
      stdout!.destroy();
      resolve(trouble);
    };
    const timer = setTimeout(() => {
      endGroup(child.pid);
      end(`it has not said within ${seconds} s that it waits`);
    }, seconds * 1000);
    child.on("error", (error: NodeJS.ErrnoException) =>
      end(error.code === "ENOENT" ? `${file} is not installed (package util-linux)` : error.message),
    );
    stdout!.setEncoding("utf8").on("data", (text: string) => {
      said += text;
      if (said.endsWith(READY)) end();
    });
    // Nobody has it open any more.
    stdout!.on("end", () => end("it has ended"));
  });
}

/** The process is the first of its group: kill(2). */
function endGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, "SIGKILL");
  } catch {
    // It has ended.
  }
}

/** The last words of a process that nobody listens to: logger(1), where it is installed. */
export function tellLog(text: string): void {
  const child = spawn("logger", ["-t", "netlab", "--", text], { stdio: "ignore", env: childEnvironment() });
  child.on("error", () => {});
}
