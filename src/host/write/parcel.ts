// Consecutive commands that travel in one process.
import type { Command } from "../../core/resource.js";
import type { Process, ProcessEnd } from "../process/job.js";

export interface Parcel {
  commands: Command[];
  process: Process;
  /** Which command failed, by the words of the tool. Only asked where the process failed. */
  blame(end: ProcessEnd): Blame;
}

export interface Blame {
  /** Index into `commands`: the one that failed, or the best guess. */
  command: number;
  /** Commands from the beginning that are done for certain. */
  done: number;
  /** The tool's own words, one line. */
  message: string;
}

/** Splits commands into runs for which `fits(run, next)` holds. */
export function runs(commands: Command[], fits: (run: Command[], next: Command) => boolean): Command[][] {
  const all: Command[][] = [];
  for (const command of commands) {
    const run = all.at(-1);
    if (run && fits(run, command)) run.push(command);
    else all.push([command]);
  }
  return all;
}

/** The lines that say something, as one. */
export function oneLine(output: string, keep: (line: string) => boolean = () => true): string {
  const lines = output.split("\n").map((line) => line.trim());
  return lines
    .filter((line) => line !== "" && keep(line))
    .slice(0, 3)
    .join("; ");
}

/**
 * The first command that has one of the words of a message among its arguments: words in quotes before bare ones.
 * 0 where none has.
 */
export function mentioned(commands: Command[], message: string): number {
  const quoted = [...message.matchAll(/["'`]([^"'`]+)["'`]/g)].map((match) => match[1]!);
  for (const word of [...quoted, ...message.split(/[\s,;:]+/).filter((word) => word.length > 1)]) {
    const found = commands.findIndex((command) => command.args.includes(word));
    if (found >= 0) return found;
  }
  return 0;
}
