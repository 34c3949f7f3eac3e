// What the tools of a box are really given while something runs, as single commands in the order of their beginnings.
import path from "node:path";
import type { Command } from "../../src/core/resource.js";
import type { Box } from "./box.js";

const WRAPPER = path.join(import.meta.dirname, "log-tool.pl");
const FOLDER = "/run/log-tools";
const FILE = "/run/log-tools.jsonl";
const TOOLS = ["ip", "nft", "ovs-vsctl", "sysctl", "ethtool", "kill"];

/** For what is to be logged. `dry`: nothing is done. */
export async function loggingEnv(box: Box, dry = false): Promise<Record<string, string>> {
  await box.sh(
    `rm -f ${FILE}; mkdir -p ${FOLDER}; for tool in ${TOOLS.join(" ")}; do ln -sf ${WRAPPER} ${FOLDER}/$tool; done`,
  );
  const at = `${FOLDER}:${process.env.PATH}:/usr/local/sbin:/usr/sbin:/sbin`;
  return { PATH: at, LOG_FILE: FILE, ...(dry && { LOG_DRY: "1" }) };
}

export interface Logged {
  /** As `textOf` says it. */
  command: string;
  /** Numbers of the lines of the log: when its process began and ended; -1 where it has not. */
  began: number;
  ended: number;
}

interface Line {
  at: "begin" | "end";
  pid: number;
  place: string;
  tool: string;
  args: string[];
  stdin: string | null;
}

export async function executionLog(box: Box): Promise<Logged[]> {
  const text = await box.sh(`cat ${FILE} 2>/dev/null || true`);
  const lines = text
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Line);
  return lines.flatMap((line, began) => {
    if (line.at === "end") return [];
    const ended = lines.findIndex(({ at, pid }, index) => index > began && at === "end" && pid === line.pid);
    return commandsOf(line).map((command) => ({ command: textOf(command), began, ended }));
  });
}

/** One command as one text; the guard against a pid that was used again is netlab's own. */
export const textOf = ({ tool, place, args, stdin }: Command): string =>
  JSON.stringify([place, tool, ...args, ...(stdin && tool === "nft" ? [stdin.trimEnd()] : [])]);

/** A batch, a transaction or an assignment of many taken apart. */
function commandsOf({ place, tool, args, stdin }: Line): Command[] {
  if (tool === "ip" && args[0] === "-batch") {
    const lines = (stdin ?? "").split("\n").filter(Boolean);
    return lines.map((line) => ({ tool, place, args: line.split(" ").map((word) => (word === '""' ? "" : word)) }));
  }
  if (tool === "ip" && args[0] === "-n") return [{ tool, place: args[1]!, args: args.slice(2) }];
  if (tool === "ovs-vsctl") {
    const clauses: string[][] = [[]];
    for (const arg of args.filter((one) => !one.startsWith("--timeout="))) {
      if (arg === "--") clauses.push([]);
      else clauses.at(-1)!.push(arg);
    }
    return clauses.filter((clause) => clause.length > 0).map((clause) => ({ tool, place, args: clause }));
  }
  if (tool === "sysctl") {
    const options = args.filter((arg) => arg.startsWith("-"));
    return args.filter((arg) => !arg.startsWith("-")).map((one) => ({ tool, place, args: [...options, one] }));
  }
  return [{ tool, place, args, ...(stdin !== null && { stdin }) }];
}
