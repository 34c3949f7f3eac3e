// Names of users by number, as `ip` prints them: passwd(5).
import { readFileSync } from "node:fs";

/** Undefined where /etc/passwd does not have it; programs may know more (nsswitch.conf(5)). */
export function userName(id: number): string | undefined {
  try {
    const lines = readFileSync("/etc/passwd", "utf8").split("\n");
    return lines.find((line) => line.split(":")[2] === String(id))?.split(":")[0];
  } catch {
    return undefined;
  }
}
