// Kernel settings of many namespaces, written by this process as sysctl(8) does: a hundred routers need a process less each.
import { writeFileSync } from "node:fs";
import type { Command } from "../../core/resource.js";
import { netnsPath } from "../namespaces.js";
import type { System } from "../netlink/system.js";
import { sysctlPath } from "../read/sysctl.js";

/**
 * Writes what commands for sysctl(8) assign in a namespace. Never throws.
 * @returns false where it could not write all: sysctl then says why. For options it writes nothing.
 */
export function writeSettings(system: System, place: string, commands: Command[]): boolean {
  const assignments = commands.flatMap(({ args }) => args);
  if (assignments.some((one) => one.startsWith("-"))) return false;
  try {
    return system.inside(netnsPath(place), () => {
      for (const one of assignments) {
        const [key = ""] = one.split("=", 1);
        writeFileSync(sysctlPath(key), `${one.slice(key.length + 1)}\n`);
      }
      return true;
    });
  } catch {
    return false;
  }
}
