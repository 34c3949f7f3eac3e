// Kernel parameters as grep(1) prints their files: one process reads as many as are asked for.
import { readdirSync, readFileSync } from "node:fs";

const ROOT = "/proc/sys/";

/** `net.ipv4.conf.eth0/1.forwarding` ↔ `/proc/sys/net/ipv4/conf/eth0.1/forwarding`, sysctl(8). */
export function sysctlPath(key: string): string {
  return ROOT + swap(key);
}

/** The files of a key in which one part may be `*`: every device, all and default. In the namespace that netlab is in. */
function sysctlPaths(key: string): string[] {
  const path = sysctlPath(key);
  const [folder = "", rest] = path.split("*");
  if (rest === undefined) return [path];
  try {
    return readdirSync(folder).map((name) => `${folder}${name}${rest}`);
  } catch {
    return []; // IPv6, or a module, is not loaded.
  }
}

function swap(name: string): string {
  return name.replace(/[./]/g, (char) => (char === "." ? "/" : "."));
}

/**
 * Arguments of grep that print `PATH\0VALUE` for each key that exists. (The shell's own `read` takes a byte at a time,
 * and such a file gives only its first byte to that.)
 */
export function sysctlArgs(keys: Iterable<string>): string[] {
  return ["-sHZ", "", ...[...keys].map(sysctlPath)];
}

/** Key → value; a list of numbers is joined by single spaces. Keys that do not exist here are absent. */
export function parseSysctls(output: string): Record<string, string> {
  const values: Record<string, string> = {};
  for (const line of output.split("\n")) {
    const [path = "", value] = line.split("\0");
    if (value === undefined || !path.startsWith(ROOT)) continue;
    values[swap(path.slice(ROOT.length))] = value.trim().replace(/\s+/g, " ");
  }
  return values;
}

/** The keys in the namespace that this thread is in: no process is needed to read a file. */
export function ownSysctls(keys: Iterable<string>): Record<string, string> {
  let output = "";
  for (const path of [...keys].flatMap(sysctlPaths)) {
    try {
      output += `${path}\0${readFileSync(path, "utf8").trim()}\n`;
    } catch {
      // Not there, or only to be written.
    }
  }
  return parseSysctls(output);
}
