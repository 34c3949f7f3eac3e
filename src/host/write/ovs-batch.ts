// Many ovs-vsctl commands as one transaction, ovs-vsctl(8).
import type { Command } from "../../core/resource.js";
import { mentioned, oneLine, type Parcel, runs } from "./parcel.js";

/** Options of the whole transaction, which a command has as its first arguments: the others stand before its verb. */
const GLOBAL = new Set(["--no-wait"]);
/** Bytes of one command line: execve(2) allows 2 MB in all. */
const LINE_SIZE = 500_000;

/** `timeout`: seconds. ovs-vsctl gets one less, so that it says itself that nobody answers; with none it waits for ever. */
export function ovsParcels(commands: Command[], timeout: number): Parcel[] {
  const limit = `--timeout=${Math.max(1, Math.floor(timeout) - 1)}`;
  let size = 0;
  const transactions = runs(commands, (run, next) => {
    const length = next.args.join(" ").length + 4;
    size += length;
    if (size <= LINE_SIZE && globals(run[0]!).join() === globals(next).join()) return true;
    size = length;
    return false;
  });
  return transactions.map((transaction) => {
    const clauses = transaction.flatMap(({ args }) => ["--", ...args.filter((arg) => !GLOBAL.has(arg))]);
    return {
      commands: transaction,
      process: { argv: ["ovs-vsctl", limit, ...globals(transaction[0]!), ...clauses], input: "" },
      blame: (end) => {
        const message = oneLine(end.output).replace(/^ovs-vsctl: /, "") || `exit code ${end.exitCode}`;
        return { command: mentioned(transaction, message), done: 0, message };
      },
    };
  });
}

function globals({ args }: Command): string[] {
  return args.filter((arg) => GLOBAL.has(arg));
}
