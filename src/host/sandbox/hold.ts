// Makes and ends a sandbox: user (unless root), network, mount and process namespaces that live as long as one process.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { MachineError } from "../machine.js";
import { childEnvironment } from "../process/environment.js";
import { mayChange } from "../rights.js";
import { requireTools } from "../tools.js";
import { askInside } from "./enter.js";
import { findSandbox, identify, isThere, removeRecord, type Sandbox, withRecords, writeRecord } from "./record.js";
import { sandboxTrouble } from "./trouble.js";
import { isFresh, markFresh, startUse, type Use } from "./use.js";

/**
 * The first process of the sandbox. /run is its own (ip-netns(8) and Open vSwitch keep their files there), but for
 * /run/user where it is asked for: the caller's files may be there. /etc can be written to, for /etc/netns, and that stays in
 * here: an overlay, or links to what is there where the kernel gives none (a third one above another, or before Linux 5.11).
 * Where SIGCHLD is ignored, ended orphans need nobody to wait for them; a shell cannot ignore it for what it starts, env(1) can.
 */
const HOLD = `
set -e
cd /
read -r pid rest </proc/self/stat
mount -t proc proc /proc
if [ "$1" = "user folders" ] && [ -d /run/user ]; then
  cd /run/user
  mount -t tmpfs -o mode=755 netlab /run
  mkdir /run/user
  mount --no-canonicalize --rbind . /run/user
  cd /
else
  mount -t tmpfs -o mode=755 netlab /run
fi
mount -t sysfs sysfs /sys 2>/dev/null || :
overlay_etc() {
  mount -t tmpfs -o mode=755 netlab /mnt || return
  mkdir /mnt/upper /mnt/work /mnt/etc
  mount --no-canonicalize --rbind /etc /mnt/etc
  mount -t overlay -o lowerdir=/etc,upperdir=/mnt/upper,workdir=/mnt/work netlab /etc || { umount -l /mnt; return 1; }
  while read -r _ _ _ _ at _; do
    case $at in /mnt/etc/*) mount --no-canonicalize --rbind "$at" "\${at#/mnt}" ;; esac
  done </proc/self/mountinfo
  umount -l /mnt
}
links_to_etc() {
  mkdir /run/etc
  mount --no-canonicalize --rbind /etc /run/etc
  mount -o remount,bind,ro /run/etc || :
  mount -t tmpfs -o mode=755 netlab /etc || return
  ln -s /run/etc/* /etc
  rm -f /etc/netns
}
overlay_etc 2>/dev/null || links_to_etc 2>/dev/null || :
ip link set lo up
echo "sandbox $pid"
read -r word
env --ignore-signal=CHLD true 2>/dev/null && reap="env --ignore-signal=CHLD"
[ "$word" = stay ] || exec $reap cat
exec >/dev/null 2>&1 </dev/null
exec $reap sleep infinity
`;

interface Made {
  sandbox: Sandbox;
  /** From now on it stays when this process ends, however that ends. */
  keep(): Promise<void>;
  /** It is to end with this process; for a long life until then. */
  attend(): void;
}

interface MakeOptions {
  /** What is in /run/user is seen inside. */
  userFolders?: boolean;
}

export interface Opened {
  sandbox: Sandbox;
  made: boolean;
  /** To be ended by the caller. */
  use: Use;
}

/** The lab's sandbox, made where it has none. */
export async function openSandbox(lab: string): Promise<Opened> {
  return withRecords(async () => {
    const found = findSandbox(lab);
    if (found.state === "alive") return { sandbox: found.sandbox, made: false, use: await startUse(found.sandbox) };
    const { sandbox, keep } = await makeSandbox(lab);
    try {
      markFresh(sandbox);
      writeRecord(sandbox);
    } catch (error) {
      await endSandbox(sandbox);
      throw error;
    }
    await keep();
    return { sandbox, made: true, use: await startUse(sandbox) };
  });
}

/**
 * After an apply that came to nothing: ends the sandbox, unless a lab was finished in it or another netlab is at work there.
 * @returns whether it has ended
 */
export async function dropSandbox({ sandbox, made, use }: Opened): Promise<boolean> {
  return withRecords(async () => {
    const found = findSandbox(sandbox.lab);
    if (found.state === "alive") {
      if (found.sandbox.pid !== sandbox.pid) return true;
      if (!isFresh(sandbox) || !(await use.isAlone())) return false;
      // Whoever made it may have been killed, and what was applied stands.
      if (!made && !(await isEmpty(sandbox))) return false;
    }
    await endAndForget(sandbox.lab);
    return true;
  });
}

async function isEmpty(sandbox: Sandbox): Promise<boolean> {
  const text = await askInside(sandbox, ["list", "--json"]);
  return text !== undefined && (JSON.parse(text) as { labs: unknown[] }).labs.length === 0;
}

/**
 * A sandbox that is on no record: only the caller knows it, and it ends with the caller.
 * @throws MachineError with the setting that forbids it
 */
export async function makeSandbox(lab: string, { userFolders = true }: MakeOptions = {}): Promise<Made> {
  requireTools(["unshare", "nsenter", "mount", "ip", "sh", "sleep"]);
  const user = !mayChange();
  const namespaces = ["--net", "--mount", "--pid", "--fork", "--propagation", "private"];
  const hold = ["sh", "-c", HOLD, "netlab-sandbox", userFolders ? "user folders" : "nothing"];
  const words = [...(user ? ["--user", "--map-root-user"] : []), ...namespaces, ...hold];
  // A session of its own: the end of the terminal is not its end.
  const child = spawn("unshare", words, { detached: true, stdio: "pipe", env: childEnvironment() });
  const ended = once(child, "close");
  let [said, complaint] = ["", ""];
  child.stderr.on("data", (chunk) => {
    complaint += chunk;
  });
  const ready = new Promise<number>((resolve) => {
    child.stdout.on("data", (chunk) => {
      said += chunk;
      const pid = /^sandbox (\d+)$/m.exec(said)?.[1];
      if (pid) resolve(Number(pid));
    });
  });
  const pid = await Promise.race([ready, ended.then(() => undefined)]);
  if (pid === undefined) throw sandboxTrouble(complaint.trim().split("\n")[0] ?? "");
  const keep = async () => {
    await new Promise((resolve) => child.stdin.end("stay\n", () => resolve(undefined)));
    // unshare(1) only waits for the holder: one process is enough.
    child.kill("SIGKILL");
    await ended;
  };
  const attend = () => void child.stdin.write("attend\n");
  return { sandbox: { format: 1, lab, pid, ...identify(pid), user }, keep, attend };
}

/** Ends the lab's sandbox, if any, with everything in it, and removes its record. */
export async function closeSandbox(lab: string): Promise<void> {
  await withRecords(() => endAndForget(lab));
}

/** Only with the lock of the records. */
async function endAndForget(lab: string): Promise<void> {
  const found = findSandbox(lab);
  if (found.state === "alive") await endSandbox(found.sandbox);
  if (found.state === "dead" && found.ending) await endSandbox(found.ending);
  removeRecord(lab);
}

/** Returns when the holder has ended: the kernel ends all other processes of the sandbox before, pid_namespaces(7). */
export async function endSandbox(sandbox: Sandbox): Promise<void> {
  if (!isThere(sandbox)) return;
  process.kill(sandbox.pid, "SIGKILL");
  const deadline = Date.now() + 30_000;
  while (isThere(sandbox)) {
    if (Date.now() > deadline) throw new MachineError(`process ${sandbox.pid}, which holds the sandbox, does not end`);
    await pause(5);
  }
}
