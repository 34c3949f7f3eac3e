// Who holds the lock: /proc/locks names the flock(1) that took it and has ended, so the open files are looked through.
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { basename } from "node:path";
import { processIds } from "./process/proc.js";

/** `netlab apply campus.yaml (pid 123)`; several where a killed netlab has left orphans; who it is may be hidden. */
export function findHolder(self = process.pid): string {
  const namespace = readlinkSync("/proc/self/ns/net");
  const holders = processIds()
    .filter((pid) => pid !== self && holds(pid, namespace))
    .map((pid) => ({ pid, command: commandOf(pid) }));
  const netlab = holders.filter(({ command }) => command.startsWith("netlab"));
  const shown = (netlab.length > 0 ? netlab : holders).slice(0, 3).map(({ pid, command }) => `${command} (pid ${pid})`);
  return shown.join(", ") || "another process";
}

function holds(pid: number, namespace: string): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some(
      (fd) =>
        readlinkSync(`/proc/${pid}/fd/${fd}`) === namespace &&
        readFileSync(`/proc/${pid}/fdinfo/${fd}`, "utf8").includes("FLOCK"),
    );
  } catch {
    return false; // It ended, closed the file, or is somebody else's.
  }
}

/** The command line; without the interpreter where that is node. */
function commandOf(pid: number): string {
  try {
    const words = readFileSync(`/proc/${pid}/cmdline`, "utf8")
      .split("\0")
      .filter((word) => word !== "");
    const script = /^node/.test(basename(words[0] ?? ""))
      ? words.findIndex((word, i) => i > 0 && !word.startsWith("-"))
      : 0;
    const [program = "", ...rest] = words.slice(Math.max(0, script));
    const name = /(^|\/)netlab$|\/cli\.[jt]s$/.test(program) ? "netlab" : basename(program);
    return [name, ...rest].join(" ").replace(/\s+/g, " ").slice(0, 80) || "a process";
  } catch {
    return "a process";
  }
}
