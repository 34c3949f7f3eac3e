// Which sandboxes this user has: a small file for each lab, believed only while the process that it names is alive.
import {
  closeSync,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { runChild } from "./child.js";
import { MachineError } from "./machine.js";
import { hasEnded, statOf } from "./proc.js";
import { mayChange } from "./rights.js";

/** A sandbox: the namespaces of the process that holds it. */
export interface Sandbox {
  format: 1;
  lab: string;
  /** Number of the holder. */
  pid: number;
  /** Clock ticks from boot to the holder's start, field 22 of /proc/PID/stat: proc_pid_stat(5). */
  started: string;
  /** /proc/sys/kernel/random/boot_id */
  boot: string;
  /** It has a user namespace of its own: an ordinary user made it. */
  user: boolean;
}

export type Found = { state: "alive"; sandbox: Sandbox } | { state: "dead" | "none" };

const FORMAT = 1;
const NAME = /^([a-z0-9-]{1,31})\.json$/;

/**
 * What tells a process from an earlier one of the same number.
 * @param proc the proc(5) that knows it by this number
 * @throws Error where there is none
 */
export function identify(pid: number, proc = "/proc"): Pick<Sandbox, "started" | "boot"> {
  const stat = statOf(pid, proc);
  if (!stat || hasEnded(stat)) throw new Error(`process ${pid} has ended`);
  return { started: stat.start, boot: readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim() };
}

/** False for a holder that has ended, and for a process that has its number today. */
export function isAlive({ pid, started, boot }: Sandbox): boolean {
  try {
    const now = identify(pid);
    return now.started === started && now.boot === boot;
  } catch {
    return false;
  }
}

/** The lab's sandbox; `dead` where there is a file of one that has ended. @throws MachineError for a file of a newer netlab */
export function findSandbox(lab: string): Found {
  let json: Partial<Sandbox>;
  try {
    json = JSON.parse(readFileSync(join(folder(), `${lab}.json`), "utf8")) as Partial<Sandbox>;
  } catch (error) {
    if (error instanceof SyntaxError) return { state: "dead" };
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return { state: "none" };
    throw error;
  }
  if (typeof json?.format === "number" && json.format > FORMAT) {
    throw new MachineError(`the sandbox of lab ${lab} was made by a newer netlab`, { hint: "use that one" });
  }
  const whole = json?.format === FORMAT && Number.isInteger(json.pid) && json.pid! > 1 && json.lab === lab;
  return whole && isAlive(json as Sandbox) ? { state: "alive", sandbox: json as Sandbox } : { state: "dead" };
}

/** The sandboxes that are alive, by the names of their labs. */
export function listSandboxes(): Sandbox[] {
  return labsWithRecord().flatMap((lab) => {
    const found = findSandbox(lab);
    return found.state === "alive" ? [found.sandbox] : [];
  });
}

/** Whether there is any file of a sandbox, dead or alive: most users have none, and pay no more than this look. */
export const hasRecords = (): boolean => labsWithRecord().length > 0;

function labsWithRecord(): string[] {
  try {
    return readdirSync(folder()).flatMap((name) => NAME.exec(name)?.[1] ?? []);
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "")) return [];
    throw error;
  }
}

/** Only with the lock. */
export function writeRecord(sandbox: Sandbox): void {
  const path = join(folder(), `${sandbox.lab}.json`);
  writeFileSync(`${path}.new`, `${JSON.stringify(sandbox)}\n`, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

/** Only with the lock. */
export function removeRecord(lab: string): void {
  for (const end of ["json", "json.new"]) rmSync(join(folder(), `${lab}.${end}`), { force: true });
}

/** Runs `work` while no other netlab of this user makes or ends a sandbox: flock(2) on the folder, which goes when it is empty. */
export async function withRecords<T>(work: () => Promise<T>): Promise<T> {
  const path = folder();
  const fd = await lockFolder(path);
  try {
    return await work();
  } finally {
    try {
      rmdirSync(path);
    } catch {
      // It holds other sandboxes, or journals.
    }
    closeSync(fd);
  }
}

async function lockFolder(path: string): Promise<number> {
  for (;;) {
    makeFolder(path);
    let fd: number;
    try {
      fd = openSync(path, "r");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") continue;
      throw error;
    }
    const { exitCode, output } = await runChild(["flock", "-x", "-w", "60", "3"], { timeout: 70, inherit: fd });
    const same = statSync(path, { throwIfNoEntry: false })?.ino === fstatSync(fd).ino;
    if (exitCode === 0 && same) return fd;
    closeSync(fd);
    if (exitCode !== 0) throw new MachineError(`cannot lock ${path}: ${output.trim() || "another netlab has it"}`);
  }
}

function makeFolder(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  requireOwn(path);
}

/** In /tmp somebody else could have made it before. */
function requireOwn(path: string): void {
  const stat = lstatSync(path);
  if (stat.isDirectory() && stat.uid === process.geteuid!() && (stat.mode & 0o022) === 0) return;
  throw new MachineError(`${path} is not a folder that only you may write to`, {
    hint: `remove it, or set XDG_RUNTIME_DIR to a folder of your own`,
  });
}

/**
 * /run/netlab for root, else netlab/ in XDG_RUNTIME_DIR; where that is not set or another user's (su keeps it), in
 * /run/user/UID, else in /tmp.
 */
function folder(): string {
  const uid = process.geteuid!();
  if (mayChange() && uid === 0) return "/run/netlab";
  const isOwn = (path: string) => path.startsWith("/") && statSync(path, { throwIfNoEntry: false })?.uid === uid;
  const base = [process.env.XDG_RUNTIME_DIR ?? "", `/run/user/${uid}`].find(isOwn);
  const path = base ? join(base, "netlab") : `/tmp/netlab-${uid}`;
  if (lstatSync(path, { throwIfNoEntry: false })) requireOwn(path);
  return path;
}
