// What the doctor found, topic by topic, as tables with the cures under what needs one.

import { groupBy } from "../core/group-by.js";
import type { Finding } from "../engine/doctor/finding.js";
import type { Paint } from "./color.js";
import { table } from "./table.js";
import { oneLine, plural } from "./words.js";

const COLORS = { ok: "green", note: "yellow", problem: "red" } as const;

/** Ends with a newline. */
export function doctorTable(findings: Finding[], paint: Paint): string {
  const width = Math.max(...findings.map(({ name }) => name.length));
  const parts = [...groupBy(findings, ({ topic }) => topic)].map(([topic, all]) => {
    const rows = all.map(({ level, name, found }) => [
      paint[COLORS[level]](level.padEnd("problem".length)),
      name.padEnd(width),
      oneLine(found),
    ]);
    const lines = table(rows, { indent: "  " })
      .split("\n")
      .flatMap((line, i) => [line, ...cureLines(all[i]!, paint)]);
    return `${paint.bold(topic)}\n${lines.join("\n")}\n`;
  });
  return parts.join("\n");
}

const cureLines = ({ cure }: Finding, paint: Paint): string[] =>
  cure === undefined ? [] : [`           ${paint.dim("cure")}  ${oneLine(cure)}`];

/** @param lab undefined where no lab was asked about */
export function doctorSummary(findings: Finding[], lab: string | undefined, paint: Paint): string {
  const count = (level: Finding["level"]) => findings.filter((one) => one.level === level).length;
  const [problems, notes] = [count("problem"), count("note")];
  const words = [...(problems ? [plural(problems, "problem")] : []), ...(notes ? [plural(notes, "note")] : [])].join(
    ", ",
  );
  if (lab === undefined) return `\n${words ? `Found: ${words}.` : paint.green("All is well.")}\n`;
  if (problems > 0) return `\n${paint.red(`Lab ${lab} cannot run here`)}: ${words}.\n`;
  return `\n${paint.green(`Lab ${lab} can run here`)}${words ? `: ${words}` : ""}.\n`;
}
