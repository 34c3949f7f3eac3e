// A command of a plan as the line of shell that does the same.
import type { Command } from "../core/resource.js";
import { HOST } from "../topology/lab.js";

const PLAIN = /^[A-Za-z0-9_@%+=:,./-]+$/;

/** One word of POSIX shell. */
export function quote(word: string): string {
  return PLAIN.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** The words, with what takes the command to its namespace: `ip -n` for ip(8), nsenter(1) for all others. */
function commandWords({ tool, place, args }: Command): string[] {
  // What netlab reads has options of its own.
  if (tool === "ovs-vsctl" && args[0]?.startsWith("--timeout=")) return [tool, ...args];
  if (tool === "ovs-vsctl") return [tool, "--timeout=10", ...(args[0]?.startsWith("-") ? ["--"] : []), ...args];
  if (place === HOST) return [tool, ...args];
  return tool === "ip" ? [tool, "-n", place, ...args] : ["nsenter", `--net=/run/netns/${place}`, tool, ...args];
}

/** Without its standard input. */
export function commandLine(command: Command): string {
  return commandWords(command).map(quote).join(" ");
}
