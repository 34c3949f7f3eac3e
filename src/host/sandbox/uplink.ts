// The way out of a sandbox: a program in its user and process namespaces, but in the network of the machine. It ends
// with the sandbox, and so does what is written down of it, in the sandbox's own /run.
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { MachineError } from "../machine.js";
import { exec } from "../process/exec.js";
import { requireTools } from "../tools.js";
import { enterWords } from "./enter.js";
import { identify, type Sandbox, withRecords } from "./record.js";
import { requireTun } from "./trouble.js";
import { askSlirp, type Published, requireFree } from "./uplink-ports.js";
import { DEVICE, NET, type Program, programWords, uplinkProgram } from "./uplink-program.js";

/** Seconds until a program has made its device, or has ended. */
const TIMEOUT = 10;

export interface Uplink {
  program: Program;
  /** Number of the program in the sandbox's process namespace. */
  pid: number;
  /** See `identify`. */
  started: string;
  published: Published[];
}

/** Files of the sandbox as this process sees them, proc_pid_root(5): they go with it. */
const inside = (sandbox: Sandbox, path: string) => `/proc/${sandbox.pid}/root${path}`;
const RECORD = "/run/netlab-uplink.json";
const SOCKET = "/run/netlab-uplink.sock";
const LOG = "/run/netlab-uplink.log";
const RESOLV = "/run/netlab-resolv.conf";

/** What was asked for, whether its program still runs or not. */
export function findUplink(sandbox: Sandbox): Uplink | undefined {
  try {
    return JSON.parse(readFileSync(inside(sandbox, RECORD), "utf8")) as Uplink;
  } catch {
    return undefined;
  }
}

/** The device lives as long as the program does: tun.rst in the kernel's documentation. */
export function hasUplink(sandbox: Sandbox): boolean {
  return new RegExp(`^ *${DEVICE}:`, "m").test(readFileSync(`/proc/${sandbox.pid}/net/dev`, "utf8"));
}

/**
 * Makes the uplink as asked for. One whose published ports differ ends first, with the connections through it; where
 * the new one cannot be made, it comes back.
 * @param published undefined: no uplink
 * @returns what there was before, where it was changed: `setUplink` with it takes the change back
 * @throws MachineError with the program that is missing, the port that is taken, or the program's words
 */
export function setUplink(sandbox: Sandbox, published: Published[] | undefined): Promise<Changed | undefined> {
  return withRecords(() => change(sandbox, published));
}

interface Changed {
  before: Published[] | undefined;
}

async function change(sandbox: Sandbox, published: Published[] | undefined): Promise<Changed | undefined> {
  const before = findUplink(sandbox);
  const isUp = hasUplink(sandbox);
  if (isUp && JSON.stringify(before?.published) === JSON.stringify(published)) return undefined;
  if (!before && !published) return undefined;
  const program = published && uplinkProgram();
  if (program) {
    requireTools(["ip", "nsenter", "sh", ...(program === "pasta" && published.length > 0 ? ["nft", "sysctl"] : [])]);
    requireTun("the uplink");
  }
  if (before) await stop(sandbox, before);
  try {
    if (program) await start(sandbox, program, published);
  } catch (error) {
    await stopAny(sandbox);
    if (before && isUp) await start(sandbox, before.program, before.published);
    throw error;
  }
  return { before: before?.published };
}

async function start(sandbox: Sandbox, program: Program, published: Published[]): Promise<void> {
  await requireFree(published);
  const words = programWords(program, published, inside(sandbox, SOCKET));
  const script = `log=$1 netns=$2; shift 2; "$@" <"$netns" >"$log" 2>&1 & echo $!`;
  const netns = `/proc/${sandbox.pid}/ns/net`;
  const begin = ["sh", "-c", script, "uplink", inside(sandbox, LOG), netns, ...words];
  const pid = Number((await run(enterWords(sandbox, begin, ["pid"]))).trim());
  const uplink: Uplink = { program, pid, started: startOf(sandbox, pid) ?? "", published };
  writeFileSync(inside(sandbox, RECORD), JSON.stringify(uplink));
  await until(() => hasUplink(sandbox) || !isRunning(sandbox, uplink), `${program} does not begin its work`);
  if (!hasUplink(sandbox)) throw new MachineError(`the uplink cannot be made: ${lastWords(sandbox, program)}`);
  writeNameServer(sandbox);
  await run(enterWords(sandbox, ["sh", "-c", configuration(program, published)]));
  if (program === "slirp4netns") await askSlirp(inside(sandbox, SOCKET), published);
}

/** What it said before it ended. pasta complains about a system log that is not there. */
function lastWords(sandbox: Sandbox, program: Program): string {
  const lines = readFileSync(inside(sandbox, LOG), "utf8").trim().split("\n");
  const said = lines.filter((line) => line !== "" && !/syslog/.test(line));
  return said.at(-1) ?? `${program} ended without a word`;
}

async function stopAny(sandbox: Sandbox): Promise<void> {
  const uplink = findUplink(sandbox);
  if (uplink) await stop(sandbox, uplink);
}

async function stop(sandbox: Sandbox, uplink: Uplink): Promise<void> {
  if (isRunning(sandbox, uplink)) {
    await run(enterWords(sandbox, ["sh", "-c", `kill -KILL ${uplink.pid}`]));
    await until(() => !isRunning(sandbox, uplink), `${uplink.program} does not end`);
  }
  for (const file of [RECORD, SOCKET]) rmSync(inside(sandbox, file), { force: true });
  await run(enterWords(sandbox, ["sh", "-c", UNDO]));
}

function isRunning(sandbox: Sandbox, { pid, started }: Pick<Uplink, "pid" | "started">): boolean {
  return startOf(sandbox, pid) === started;
}

function startOf(sandbox: Sandbox, pid: number): string | undefined {
  try {
    return identify(pid, inside(sandbox, "/proc")).started;
  } catch {
    return undefined;
  }
}

const TABLE = "ip sandbox_uplink";

/** Addresses, routes and the name server; the same with both programs. */
function configuration(program: Program, published: Published[]): string {
  const families = [NET[4], NET[6]].map(
    ({
      address,
      prefix,
      gateway,
    }) => `ip address add ${address}/${prefix} dev ${DEVICE}${gateway.includes(":") ? " nodad" : ""}
ip route replace default via ${gateway} dev ${DEVICE}`,
  );
  const loopback = program === "pasta" && published.length > 0 ? fromLoopback(published) : "";
  return `set -e\nip link set ${DEVICE} up\n${families.join("\n")}\n${NAME_SERVER}\n${loopback}`;
}

/**
 * What comes from 127.0.0.1 outside, pasta before 2024 sends to 127.0.0.1 inside, where the lab's own rules leave it
 * alone: ip-sysctl.rst, route_localnet.
 */
function fromLoopback(published: Published[]): string {
  const rules = published.map(
    ({ protocol, port, to, toPort }) => `ip daddr 127.0.0.1 ${protocol} dport ${port} dnat to ${to}:${toPort}`,
  );
  return `sysctl -q -w net.ipv4.conf.all.route_localnet=1
nft -f - <<'END'
add table ${TABLE}
delete table ${TABLE}
table ${TABLE} {
  chain output {
    type nat hook output priority -110;
    ${rules.join("\n    ")}
  }
  chain postrouting {
    type nat hook postrouting priority 90;
    ct status dnat ip saddr 127.0.0.0/8 masquerade
  }
}
END`;
}

/**
 * resolv.conf(5) with the program's name server, which asks the machine's; it has one address for each family of
 * those. Where the file is a link into /run, it leads nowhere in here.
 */
function writeNameServer(sandbox: Sandbox): void {
  const lines = readResolvConf().split("\n");
  const servers = lines.flatMap((line) => /^\s*nameserver\s+(\S+)/.exec(line)?.[1] ?? []);
  const own = [NET[4], NET[6]].filter(({ dns }) => servers.some((one) => one.includes(":") === dns.includes(":")));
  const kept = lines.filter((line) => /^\s*(search|domain|options)\b/.test(line));
  const text = [...(own.length > 0 ? own : [NET[4]]).map(({ dns }) => `nameserver ${dns}`), ...kept, ""].join("\n");
  writeFileSync(inside(sandbox, RESOLV), text);
}

function readResolvConf(): string {
  try {
    return readFileSync("/etc/resolv.conf", "utf8");
  } catch {
    return "";
  }
}

const NAME_SERVER = `
file=$(readlink -m /etc/resolv.conf)
if [ -e "$file" ]; then mount --bind ${RESOLV} "$file"
else case $file in /run/*) mkdir -p "\${file%/*}"; ln -sf ${RESOLV} "$file" ;; esac
fi`;

const UNDO = `
nft delete table ${TABLE} 2>/dev/null
file=$(readlink -m /etc/resolv.conf)
[ ! -e ${RESOLV} ] || umount "$file" 2>/dev/null
rm -f ${RESOLV}`;

async function run([file, ...words]: string[]): Promise<string> {
  const end = await exec(file!, words, { timeout: 30 });
  if (end.failed) throw new MachineError(`the uplink cannot be made: ${end.message}`);
  return end.stdout;
}

async function until(holds: () => boolean, late: string): Promise<void> {
  const deadline = Date.now() + TIMEOUT * 1000;
  while (!holds()) {
    if (Date.now() > deadline) throw new MachineError(`the uplink cannot be made: ${late}`);
    await pause(10);
  }
}
