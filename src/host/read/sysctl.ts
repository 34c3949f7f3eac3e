// Kernel parameters as grep(1) prints their files: one process reads as many as are asked for.
import { closeSync, constants, openSync, readdirSync, readFileSync } from "node:fs";

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

const canonical = (value: string): string => value.trim().replace(/\s+/g, " ");

/** Key → value; a list of numbers is joined by single spaces. Keys that do not exist here are absent. */
export function parseSysctls(output: string): Record<string, string> {
  const values: Record<string, string> = {};
  for (const line of output.split("\n")) {
    const [path = "", value] = line.split("\0");
    if (value === undefined || !path.startsWith(ROOT)) continue;
    values[swap(path.slice(ROOT.length))] = canonical(value);
  }
  return values;
}

/** The keys in the namespace that this thread is in: no process is needed to read a file. */
export function ownSysctls(keys: Iterable<string>): Record<string, string> {
  const values: Record<string, string> = {};
  const folders = new Map<string, string[]>();
  for (const path of [...keys].flatMap(sysctlPaths)) {
    const folder = /^\/proc\/sys\/net\/[^/]+/.exec(path)?.[0] ?? ROOT;
    const files = folders.get(folder);
    if (files) files.push(path);
    else folders.set(folder, [path]);
  }
  for (const [folder, paths] of folders)
    opened(folder, (open) => {
      for (const path of paths) {
        const value = textOf(open + path.slice(folder.length));
        if (value !== undefined) values[swap(path.slice(ROOT.length))] = canonical(value);
      }
    });
  return values;
}

/**
 * Hands over the path of a folder that is held open. All namespaces have a folder `ipv4` of their own in one folder, and
 * the kernel finds one among a thousand by looking at each: once for each folder is enough.
 */
function opened(folder: string, work: (open: string) => void): void {
  let fd: number;
  try {
    fd = openSync(folder, constants.O_RDONLY | constants.O_DIRECTORY);
  } catch {
    return; // IPv6, or a module, is not loaded.
  }
  try {
    work(`/proc/self/fd/${fd}`);
  } finally {
    closeSync(fd);
  }
}

/** Undefined where it is not there, or only to be written. */
function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
