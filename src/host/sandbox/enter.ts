// Runs netlab once more inside a sandbox: Node has threads, and cannot enter a user namespace itself (setns(2)).
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { constants } from "node:os";
import type { Writable } from "node:stream";
import { HOST, type Place } from "../../topology/lab.js";
import { MachineError } from "../machine.js";
import { netnsPath } from "../namespaces.js";
import { CLI } from "../own-files.js";
import { exec } from "../process/exec.js";
import { handOn } from "../process/foreground.js";
import { processIds, statOf } from "../process/proc.js";
import type { Call } from "./inside.js";
import { justEnded, type Sandbox } from "./record.js";

const OVS = "/run/openvswitch";

/** A file that was read outside: the inside may not see it, or it can be read only once. */
export interface Handed {
  name: string;
  text: string;
}

type Namespaces = ("net" | "mount" | "pid")[];

/** The words that run a command in the namespaces of a sandbox, of which its user namespace is always one. */
export function enterWords(
  { pid, user }: Pick<Sandbox, "pid" | "user">,
  command: string[],
  namespaces: Namespaces = ["net", "mount", "pid"],
): string[] {
  const own = user ? ["--user", "--preserve-credentials"] : [];
  return ["nsenter", "-t", String(pid), ...own, ...namespaces.map((one) => `--${one}`), "--", ...command];
}

/** Where it is, and the Open vSwitch of its own. */
export function insideEnvironment({ lab }: Sandbox): NodeJS.ProcessEnv {
  const ovs = { OVS_RUNDIR: OVS, OVS_LOGDIR: OVS, OVS_DBDIR: OVS };
  return { ...process.env, ...ovs, NETLAB_SANDBOX: lab };
}

function environment(sandbox: Sandbox, call: Call): NodeJS.ProcessEnv {
  return { ...insideEnvironment(sandbox), NETLAB_SANDBOX_CALL: JSON.stringify(call) };
}

const netlab = (args: string[]): string[] => [process.execPath, ...process.execArgv, CLI, ...args];

/**
 * Standard streams, terminal and signals are the inner netlab's until it ends.
 * @returns its exit code
 * @throws MachineError where the sandbox cannot be entered, or ends meanwhile
 */
export async function netlabInside(
  sandbox: Sandbox,
  args: string[],
  handed?: Handed,
  call: Pick<Call, "outcome"> = {},
): Promise<number> {
  // nsenter(1), deaf to signals as it is here, says 1 of a command that a signal ended; a shell says which.
  const words = enterWords(sandbox, ["sh", "-c", `exec 2>&5 5>&-; "$@"; exit $?`, "sh", ...netlab(args)]);
  // A Ctrl-C reaches all processes of the terminal: nsenter has to stay until the inner netlab, which sets its
  // signals anew, has put things back. Standard error is 5 on the way in: what nsenter says goes to 4, and is no user's to read.
  const patient = ["-c", `trap '' INT QUIT TERM HUP; exec 5>&2 2>&4 4>&-; exec "$@"`, "sh", ...words];
  const child = spawn("sh", patient, {
    stdio: ["inherit", "inherit", "inherit", handed ? "pipe" : "ignore", "pipe"],
    env: environment(sandbox, { ...call, cwd: process.cwd(), ...(handed ? { file: handed.name } : {}) }),
  });
  const pipe = child.stdio[3] as Writable | null | undefined;
  pipe?.on("error", () => {}); // it ended without reading
  pipe?.end(handed?.text);
  let said = "";
  child.stdio[4]?.on("data", (chunk) => {
    said += chunk;
  });
  const send = (signal: NodeJS.Signals) => {
    const inner = childrenOf(child.pid!).flatMap(childrenOf);
    for (const pid of inner) process.kill(pid, signal);
    if (inner.length === 0 && child.exitCode === null && child.signalCode === null) setTimeout(send, 10, signal);
  };
  const stop = handOn(send);
  const ended = new Promise<number>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve(code ?? 128 + constants.signals[signal!]));
  });
  const code = await ended.finally(stop);
  const complaint = /(^|: )nsenter: .*/m.exec(said)?.[0];
  const trouble = complaint || code === 128 + constants.signals.SIGKILL ? justEnded(sandbox) : undefined;
  if (trouble || complaint) throw trouble ?? new MachineError(`the sandbox cannot be entered: ${complaint}`);
  return code;
}

/**
 * For a verb that changes something.
 * @returns what `tellOutcome` was told inside, too; no outcome where it was told nothing
 */
export async function changeInside(
  sandbox: Sandbox,
  args: string[],
  handed?: Handed,
): Promise<{ code: number; outcome: string | undefined }> {
  const outcome = `/run/netlab-outcome-${randomUUID()}`;
  const code = await netlabInside(sandbox, args, handed, { outcome });
  return { code, outcome: take(`/proc/${sandbox.pid}/root${outcome}`) };
}

function take(path: string): string | undefined {
  try {
    const text = readFileSync(path, "utf8");
    rmSync(path);
    return text;
  } catch {
    return undefined;
  }
}

/** What an inner netlab that needs no terminal prints, or undefined where it fails. */
export async function askInside(sandbox: Sandbox, args: string[]): Promise<string | undefined> {
  const [file, ...words] = ["env", ...inner(sandbox), ...enterWords(sandbox, netlab(args))];
  const end = await exec(file!, words, { timeout: 60 });
  return end.failed ? undefined : end.stdout;
}

function inner(sandbox: Sandbox): string[] {
  const { NETLAB_SANDBOX, NETLAB_SANDBOX_CALL, OVS_RUNDIR } = environment(sandbox, { cwd: "/" });
  return Object.entries({ NETLAB_SANDBOX, NETLAB_SANDBOX_CALL, OVS_RUNDIR }).map(([key, value]) => `${key}=${value}`);
}

/** Whether a place is on this machine, or in a sandbox: its files are seen through its holder, proc_pid_root(5). */
export function hasNamespace(place: Place, sandbox?: Sandbox): boolean {
  const root = sandbox ? `/proc/${sandbox.pid}/root` : "";
  return place === HOST || (!place.includes("/") && existsSync(`${root}${netnsPath(place)}`));
}

/**
 * Open vSwitch of the sandbox's own, started where it does not run; ends with the sandbox.
 * @returns what went wrong, in its words; undefined where it runs
 */
export async function startOvs(sandbox: Sandbox): Promise<string | undefined> {
  const [file, ...words] = enterWords(sandbox, ["sh", "-c", START_OVS]);
  const end = await exec(file!, words, { timeout: 30 });
  return end.failed ? (end.message ?? "it does not start") : undefined;
}

const START_OVS = `
set -e
export OVS_RUNDIR=${OVS} OVS_LOGDIR=${OVS} OVS_DBDIR=${OVS} OVS_SYSCONFDIR=${OVS}
mkdir -p ${OVS}
cd ${OVS}
exec 9<.
flock -x -w 25 9
runs() { [ -s $1.pid ] && kill -0 "$(cat $1.pid)" 2>/dev/null; }
common="--no-chdir -vconsole:off --pidfile --log-file --detach"
if ! runs ovsdb-server; then
  schema=/usr/share/openvswitch/vswitch.ovsschema
  [ -e conf.db ] || ovsdb-tool create conf.db $schema
  rm -f db.sock ovsdb-server.pid
  ovsdb-server ${OVS}/conf.db --remote=punix:${OVS}/db.sock $common 9<&-
  ovs-vsctl --timeout=10 --no-wait init
fi
runs ovs-vswitchd || ovs-vswitchd unix:${OVS}/db.sock $common 9<&- || { tail -n 1 ovs-vswitchd.log >&2; exit 1; }
`;

/** Looked up when a signal comes: /proc/PID/task/TID/children is not in every kernel, proc_pid_stat(5) is. */
function childrenOf(parent: number): number[] {
  return processIds().filter((pid) => statOf(pid)?.parent === parent);
}
