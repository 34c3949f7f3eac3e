// The plan as a POSIX shell script that does it without netlab.
import type { Plan, Step } from "../core/plan.js";
import type { Command } from "../core/resource.js";
import { commandLine } from "./command-line.js";
import { summaryLine } from "./plan-summary.js";
import { oneLine, plural } from "./words.js";

/** The plan's commands in its order, each step named in a comment. Ends with a newline. */
export function commandsScript(plan: Plan, netlabVersion: string): string {
  const steps = plan.stages
    .flatMap((stage) => stage.batches.flatMap((batch) => batch.steps))
    .filter(({ commands }) => commands.length > 0);
  const head = [
    "#!/bin/sh",
    `# netlab ${netlabVersion}: lab ${plan.lab}, ${plural(steps.length, "step")}. Run it as root.`,
    `# ${summaryLine(plan)}`,
    ...plan.conflicts.map(({ message }) => `# conflict: ${oneLine(message)}`),
    "set -e",
  ];
  return `${[...head, ...steps.map(stepText)].join("\n")}\n`;
}

function stepText({ number, action, id, commands }: Step): string {
  return [`\n# ${number}  ${action} ${oneLine(id)}`, ...joined(commands).map(commandText)].join("\n");
}

/** The clauses of one step for ovs-vsctl(8) are one transaction, so that nothing half-made is seen in between. */
function joined(commands: Command[]): Command[] {
  const [first] = commands;
  if (first?.tool !== "ovs-vsctl") return commands;
  return [{ ...first, args: commands.flatMap(({ args }, index) => (index > 0 ? ["--", ...args] : args)) }];
}

function commandText(command: Command): string {
  const line = commandLine(command);
  // A kill's standard input is the process's start time: netlab's own guard against a pid that was used again.
  if (command.stdin === undefined || command.tool === "kill") return line;
  const text = command.stdin.endsWith("\n") ? command.stdin : `${command.stdin}\n`;
  const end = delimiter(text);
  return `${line} <<'${end}'\n${text}${end}`;
}

/** A word that is no line of the text. */
function delimiter(text: string): string {
  const lines = new Set(text.split("\n"));
  let word = "END";
  while (lines.has(word)) word += "_";
  return word;
}
