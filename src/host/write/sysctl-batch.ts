// Assignments to kernel parameters, as many as there are in one `sysctl -w`, sysctl(8).
import type { Command } from "../../core/resource.js";
import { sysctlPath } from "../read/sysctl.js";
import { oneLine, type Parcel, runs } from "./parcel.js";

const KEYS = 500;

export function sysctlParcels(commands: Command[]): Parcel[] {
  const options = (command: Command) => command.args.filter((arg) => arg.startsWith("-")).join(" ");
  return runs(commands, (run, next) => run.length < KEYS && options(run[0]!) === options(next)).map((run) => ({
    commands: run,
    process: {
      argv: ["sysctl", ...run[0]!.args.filter((arg) => arg.startsWith("-")), ...run.flatMap(assignments)],
      input: "",
    },
    // sysctl goes on after a failure: what follows may be done, what comes before is.
    blame: (end) => {
      const message = oneLine(end.output.split("\n").find((line) => line.startsWith("sysctl: ")) ?? "");
      const failed = Math.max(
        0,
        run.findIndex((command) => assignments(command).some((one) => names(message, one))),
      );
      return { command: failed, done: failed, message: message || `exit code ${end.exitCode}` };
    },
  }));
}

function assignments({ args }: Command): string[] {
  return args.filter((arg) => !arg.startsWith("-"));
}

/** It speaks of the key as written, or of its file. */
function names(message: string, assignment: string): boolean {
  const key = assignment.split("=", 1)[0]!;
  const words = message.split(/[\s":,]+/);
  return words.includes(key) || words.includes(sysctlPath(key));
}
