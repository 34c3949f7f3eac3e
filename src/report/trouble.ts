// Warnings, conflicts and failures: with the quotation of the topology file where there is one, as plain lines where not.
import type { Plan } from "../core/plan.js";
import type { Paint } from "./color.js";
import { renderDiagnostics } from "./diagnostics.js";
import { diagnosticOf, type Locate, type Trouble } from "./locate.js";
import { oneLine } from "./words.js";

/** Without a newline at the end. */
export function renderTrouble(
  trouble: Trouble,
  { paint, locate }: { paint: Paint; locate?: Locate | undefined },
): string {
  const diagnostic = diagnosticOf(trouble, locate);
  if (diagnostic) return renderDiagnostics([diagnostic], { color: paint.on }).trimEnd();
  const word = trouble.severity === "error" ? paint.red("error") : paint.yellow("warning");
  const line = `${word}  ${trouble.code}  ${oneLine(trouble.message)}`;
  return trouble.suggestion ? `${line}\n  ${oneLine(trouble.suggestion)}` : line;
}

/** The warnings and the conflicts of a plan, as troubles. */
export function troublesOf(plan: Plan): Trouble[] {
  return [
    ...plan.warnings.map(({ code, message, origin }) => ({ severity: "warning" as const, code, message, origin })),
    ...plan.conflicts.map(({ message, hint, origin }) => ({
      severity: "error" as const,
      code: "conflict",
      message,
      suggestion: hint,
      origin,
    })),
  ];
}
