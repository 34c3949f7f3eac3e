// Figures that the tests give for docs/reliability.md, a line of JSON each.
import { appendFileSync } from "node:fs";

/** Adds to what was counted; all counts of one name are summed up (scripts/generate-figures.mjs). */
export function figure(what: string, count: number): void {
  const file = process.env.NETLAB_FIGURES;
  if (file) appendFileSync(file, `${JSON.stringify({ what, count })}\n`);
}
