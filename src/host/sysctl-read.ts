// Kernel parameters as grep(1) prints their files: one process reads as many as are asked for.

const ROOT = "/proc/sys/";

/** `net.ipv4.conf.eth0/1.forwarding` ↔ `/proc/sys/net/ipv4/conf/eth0.1/forwarding`, sysctl(8). */
export function sysctlPath(key: string): string {
  return ROOT + swap(key);
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
