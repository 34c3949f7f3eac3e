// The closing words of apply and destroy: what was done, or what failed, in whose words, and what is left.
import type { Difference, Failure, Result } from "../engine/events.js";
import type { Paint } from "./color.js";
import { commandLine } from "./command-line.js";
import type { Locate } from "./locate.js";
import { doneWords } from "./plan-summary.js";
import { symbol } from "./symbol.js";
import { table } from "./table.js";
import { renderTrouble } from "./trouble.js";
import { changed } from "./value.js";
import { duration, oneLine, plural } from "./words.js";

export interface ResultOptions {
  verb: "apply" | "destroy";
  paint: Paint;
  locate?: Locate | undefined;
  /** `--no-rollback` was given: what is left is left on purpose. */
  kept?: boolean;
}

/** Ends with a newline. */
export function resultText(result: Result, options: ResultOptions): string {
  const failure = result.failure ? [failureText(result.failure, options)] : [];
  const signal = result.signal && !result.failure ? [`Interrupted by ${result.signal}.`] : [];
  return `${[...failure, ...signal, closing(result, options)].join("\n\n")}\n`;
}

function closing(result: Result, options: ResultOptions): string {
  const { paint, verb } = options;
  const lab = result.plan.lab;
  switch (result.outcome) {
    case "applied":
      return `${paint.green(verb === "apply" ? "Applied" : "Destroyed")} lab ${lab}: ${doneWords(result.plan) || "done"}, verified${took(result)}.${goneText(result)}${confirmText(result)}`;
    case "unchanged":
      return verb === "apply"
        ? "No changes. The lab is as the file says."
        : `Nothing to destroy: there is no lab ${lab} here.`;
    case "refused":
      return "Nothing was changed.";
    case "rolled-back":
      return `${paint.yellow("Rolled back")}: lab ${lab} is as it was before${took(result)}.${goneText(result)}`;
    case "left-behind":
      return `${leftText(result.left, lab, options)}${goneText(result)}`;
  }
}

/** What is not the lab's has no way back. */
function goneText({ gone = [], remade = [] }: Result): string {
  const lines = [
    ...gone.map((id) => `  - ${oneLine(id)}`),
    ...remade.map(
      (id) => `  - what others may have set in ${oneLine(id)} besides (filters, rules, settings): it was made again`,
    ),
  ];
  return lines.length > 0 ? [`\nNot put back, since it is not the lab's:`, ...lines].join("\n") : "";
}

function confirmText({ confirmWithin, plan }: Result): string {
  if (confirmWithin === undefined) return "";
  return `\nConfirm it within ${confirmWithin} s, or it is taken back: netlab confirm --lab ${plan.lab}`;
}

function took({ timing }: Result): string {
  const ms = Object.values(timing).reduce((sum, one) => sum + one, 0);
  return ms > 0 ? `, in ${duration(ms)}` : "";
}

/** What failed, where the file asks for it, and the facts: step, command, the tool's words, the cure. */
function failureText(failure: Failure, { paint, locate }: Pick<ResultOptions, "paint" | "locate">): string {
  const { step, command, message, exitCode, hint, origin, also = [] } = failure;
  const what = step
    ? `Step ${step.number} failed: ${step.action} ${step.id}.`
    : `${oneLine(message).replace(/\.$/, "")}.`;
  const head = renderTrouble(
    { severity: "error", code: step ? "step-failed" : "failed", message: what, origin },
    { paint, locate },
  );
  const facts = [
    ...(command ? [["command", commandLine(command)]] : []),
    ...(step
      ? [["says", oneLine(message) + (exitCode === undefined ? "" : paint.dim(` (exit code ${exitCode})`))]]
      : []),
    ...(step && locate && origin === undefined ? [["file", "does not name it"]] : []),
    ...also.map((message) => ["then", oneLine(message)]),
    ...(hint ? [["cure", oneLine(hint)]] : []),
  ];
  return facts.length > 0
    ? `${head}\n${table(
        facts.map(([name, text]) => [paint.dim(name!), text!]),
        { indent: "  " },
      )}`
    : head;
}

function leftText(left: Difference[], lab: string, { paint, kept, verb }: ResultOptions): string {
  const rows = left.map(({ action, id, fields }) => [
    symbol(action, paint),
    oneLine(id),
    fields.map(changed).join(", "),
  ]);
  const { head, of } = kept
    ? { head: "Not rolled back, as you asked.", of: "to what was there before" }
    : verb === "destroy"
      ? { head: paint.red("Not everything is removed."), of: "to a machine without the lab" }
      : { head: paint.red("The rollback did not bring everything back."), of: "to what was there before" };
  const list = rows.length > 0 ? [`${plural(rows.length, "difference")} ${of}:`, table(rows, { indent: "  " })] : [];
  const again = verb === "apply" ? "To go on: netlab apply again. " : "";
  return [head, ...list, `${again}To remove the lab: netlab destroy --lab ${lab}`].join("\n");
}
