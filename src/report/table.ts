// Aligned columns.
import { columns } from "./width.js";

const ESCAPES = /\u001b\[[0-9;]*m/g;

/** Columns that a text takes on the terminal, styles not counted. */
const width = (text: string): number => columns(text.replace(ESCAPES, ""));

/** Lines with each column as wide as its widest cell; the last cell of a line may be longer. No newline at the end. */
export function table(rows: string[][], options: { indent?: string; gap?: string } = {}): string {
  const { indent = "", gap = "  " } = options;
  const widths: number[] = [];
  for (const row of rows)
    for (const [i, cell] of row.slice(0, -1).entries()) widths[i] = Math.max(widths[i] ?? 0, width(cell));
  return rows
    .map((row) => indent + row.map((cell, i) => pad(cell, i < row.length - 1 ? widths[i]! : 0)).join(gap))
    .map((line) => line.trimEnd())
    .join("\n");
}

const pad = (cell: string, to: number): string => cell + " ".repeat(Math.max(0, to - width(cell)));
