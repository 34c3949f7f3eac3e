// The labs of a machine, one a line.
import { naturally } from "../core/naturally.js";
import type { LabSummary } from "../engine/labs.js";
import type { Paint } from "./color.js";
import { table } from "./table.js";
import { count } from "./words.js";

const NAMES_SHOWN = 6;

/** Ends with a newline. */
export function labTable(labs: LabSummary[], paint: Paint): string {
  const rows = labs.map(({ name, namespaces, counts, sandbox }) => [
    paint.bold(name),
    count(Object.values(counts).reduce((sum, one) => sum + one, 0)),
    count(namespaces.length),
    [shortened(namespaces), ...(sandbox ? [paint.dim("in a sandbox")] : [])].filter(Boolean).join("  "),
  ]);
  return `${table([["LAB", "THINGS", "NAMESPACES", ""].map(paint.dim), ...rows])}\n`;
}

function shortened(namespaces: string[]): string {
  const names = [...namespaces].sort(naturally);
  return names.length <= NAMES_SHOWN
    ? names.join(", ")
    : `${names.slice(0, NAMES_SHOWN - 1).join(", ")}, … ${names.at(-1)}`;
}
