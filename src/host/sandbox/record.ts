// Which sandboxes this user has: a small file for each lab, believed only while the process that it names is alive.
import {
  closeSync,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { MachineError } from "../machine.js";
import { flock } from "../process/flock.js";
import { hasEnded, statOf } from "../process/proc.js";
import { mayChange } from "../rights.js";

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

export type Found =
  | { state: "alive"; sandbox: Sandbox }
  /** `ending`: its processes are about to end. */
  | { state: "dead"; ending?: Sandbox }
  | { state: "none" };

const FORMAT = 1;
const ROOTS = "/run/netlab";
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

/** False for a holder that has ended, and for a process that has its number today; true for one that is just ending. */
export function isThere({ pid, started, boot }: Sandbox): boolean {
  try {
    const now = identify(pid);
    return now.started === started && now.boot === boot;
  } catch {
    return false;
  }
}

/** The first process of a process namespace leaves its namespaces, and then waits for all others to end: pid_namespaces(7). */
function isEnding({ pid }: Sandbox): boolean {
  try {
    readlinkSync(`/proc/${pid}/ns/net`);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ENOENT";
  }
}

/** For who found it alive and could not enter it, or was ended in it. Undefined where it is alive still. */
export function justEnded(sandbox: Sandbox): MachineError | undefined {
  if (isThere(sandbox) && !isEnding(sandbox)) return undefined;
  return new MachineError(`the sandbox of lab ${sandbox.lab} has just ended, and the lab with it`, {
    hint: "netlab apply makes them again",
  });
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
  if (!whole || !isThere(json as Sandbox)) return { state: "dead" };
  const sandbox = json as Sandbox;
  return isEnding(sandbox) ? { state: "dead", ending: sandbox } : { state: "alive", sandbox };
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

/** Only with the lock. @throws MachineError with the place and the cure; nothing is there then */
export function writeRecord(sandbox: Sandbox): void {
  const path = join(folder(), `${sandbox.lab}.json`);
  try {
    writeFileSync(`${path}.new`, `${JSON.stringify(sandbox)}\n`, { mode: 0o600 });
    renameSync(`${path}.new`, path);
  } catch (error) {
    rmSync(`${path}.new`, { force: true });
    throw unwritable(folder(), error);
  }
}

/** Only with the lock. */
export function removeRecord(lab: string): void {
  try {
    for (const end of ["json", "json.new"]) rmSync(join(folder(), `${lab}.${end}`), { force: true });
  } catch (error) {
    throw unwritable(folder(), error);
  }
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
    const { exitCode, output } = await flock(fd, ["-x", "-w", "60"], 70);
    const same = statSync(path, { throwIfNoEntry: false })?.ino === fstatSync(fd).ino;
    if (exitCode === 0 && same) return fd;
    closeSync(fd);
    if (exitCode !== 0) throw new MachineError(`cannot lock ${path}: ${output.trim() || "another netlab has it"}`);
  }
}

function makeFolder(path: string): void {
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw unwritable(path, error);
  }
  requireOwn(path);
}

const REASONS: { [code: string]: [reason: string, cure: string] } = {
  ENOSPC: ["there is no space left", "make room there"],
  EDQUOT: ["your quota is used up", "make room there"],
  EROFS: ["it is read-only", "mount it anew with rw"],
  EACCES: ["you may not write there", "let it be yours"],
};

/** What is wrong with the folder of the records. @returns what is no matter of the folder as it is */
function unwritable(path: string, error: unknown): unknown {
  const [reason, cure] = REASONS[(error as NodeJS.ErrnoException).code ?? ""] ?? [];
  if (reason === undefined) return error;
  const other = path === ROOTS ? "" : ", or set XDG_RUNTIME_DIR to another folder of your own";
  return new MachineError(`sandboxes are noted in ${path}, and ${reason}`, { hint: `${cure}${other}` });
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
  if (mayChange() && uid === 0) return ROOTS;
  const isOwn = (path: string) => path.startsWith("/") && ownerOf(path) === uid;
  const base = [process.env.XDG_RUNTIME_DIR ?? "", `/run/user/${uid}`].find(isOwn);
  const path = base ? join(base, "netlab") : `/tmp/netlab-${uid}`;
  if (lstatSync(path, { throwIfNoEntry: false })) requireOwn(path);
  return path;
}

/** Undefined where there is nothing, or where one may not even look. */
function ownerOf(path: string): number | undefined {
  try {
    return statSync(path).uid;
  } catch {
    return undefined;
  }
}
