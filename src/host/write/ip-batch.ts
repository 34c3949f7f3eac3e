// Many `ip` commands as one `ip -batch -`, ip(8).
import type { Command } from "../../core/resource.js";
import type { ProcessEnd } from "../process/job.js";
import { type Blame, mentioned, oneLine, type Parcel, runs } from "./parcel.js";

/**
 * Characters of one batch: in bytes it fits into a pipe, so that the whole is written at once. If netlab were killed
 * in the middle of writing, ip would read half a line and do that.
 */
const BATCH_SIZE = 30_000;

export function ipParcels(commands: Command[]): Parcel[] {
  let length = 0;
  const batches = runs(commands, (_, next) => {
    const size = line(next).length + 1;
    length += size;
    if (length <= BATCH_SIZE) return true;
    length = size;
    return false;
  });
  return batches.map((batch) => ({
    commands: batch,
    process: { argv: ["ip", "-batch", "-"], input: batch.map((command) => `${line(command)}\n`).join("") },
    blame: (end) => blame(batch, end),
  }));
}

/** ip stops at the first failing line and names it, unless it does not understand an argument: then it just exits. */
function blame(commands: Command[], end: ProcessEnd): Blame {
  const line = Number(/^Command failed .*:(\d+)\s*$/m.exec(end.output)?.[1]);
  const message = oneLine(end.output, (text) => !text.startsWith("Command failed ")) || `exit code ${end.exitCode}`;
  if (line >= 1 && line <= commands.length) return { command: line - 1, done: line - 1, message };
  return { command: mentioned(commands, message), done: 0, message };
}

/** An empty argument (no alias) needs quotes to be one. */
const line = ({ args }: Command): string => args.map((arg) => arg || '""').join(" ");
