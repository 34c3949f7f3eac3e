// Problems of a topology file, each with its place, its source line, a caret and a suggestion.
import type { Diagnostic } from "../topology/diagnostic.js";
import { type Paint, paint } from "./color.js";
import { columns, printable } from "./width.js";

/** Widest quotation of a source line, in terminal columns. */
const QUOTE = 120;
const GUTTER = 5;

interface DiagnosticOptions {
  color: boolean;
  /** Ends with a line that counts them: `2 errors, 1 warning`. */
  summary?: boolean;
}

/** The text of the problems in the order of file, line and column, with a newline at the end; empty for none. */
export function renderDiagnostics(diagnostics: Diagnostic[], { color, summary = false }: DiagnosticOptions): string {
  if (diagnostics.length === 0) return "";
  const style = paint(color);
  const blocks = [...diagnostics].sort(byPlace).map((one) => `${block(one, style)}\n`);
  if (summary) blocks.push(`${summaryLine(diagnostics)}\n`);
  return blocks.join(summary ? "\n" : "");
}

/** `1 error`, `2 errors, 1 warning`. */
function summaryLine(diagnostics: Diagnostic[]): string {
  const count = (severity: Diagnostic["severity"]) => {
    const number = diagnostics.filter((one) => one.severity === severity).length;
    return number === 0 ? [] : [`${number} ${severity}${number === 1 ? "" : "s"}`];
  };
  return [...count("error"), ...count("warning")].join(", ");
}

function byPlace(a: Diagnostic, b: Diagnostic): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return a.position.line - b.position.line || a.position.column - b.position.column;
}

function block(diagnostic: Diagnostic, style: Paint): string {
  const { severity, code, file, position, source, suggestion } = diagnostic;
  const word = severity === "error" ? style.red("error") : style.yellow("warning");
  const head = `${style.bold(`${printable(file)}:${position.line}:${position.column}`)}  ${word}  ${code}  ${printable(diagnostic.message)}`;
  const hint = suggestion === undefined ? "" : printable(suggestion);
  if (source.trim() === "") return hint === "" ? head : `${head}\n${" ".repeat(GUTTER)} ${style.dim("=")} ${hint}`;
  const { text, before, width } = quotation(diagnostic);
  const marks = severity === "error" ? style.red("^".repeat(width)) : style.yellow("^".repeat(width));
  const number = String(position.line).padStart(GUTTER);
  return [
    head,
    `${style.dim(`${number} |`)} ${text}`,
    `${style.dim(`${" ".repeat(GUTTER)} |`)} ${" ".repeat(before)}${marks}${hint === "" ? "" : `  ${hint}`}`,
  ].join("\n");
}

/** The source line, or the part of it around the caret; where the caret begins and how wide it is, in terminal columns. */
function quotation({ source, position }: Diagnostic): { text: string; before: number; width: number } {
  const pairs = /[\ud800-\udbff]/.test(source);
  const from = pairs ? 0 : Math.max(0, position.column - 1 - QUOTE);
  const characters = (pairs ? [...source] : source.slice(from, from + 3 * QUOTE).split("")).map(printable);
  const widths = characters.map(columns);
  const first = position.column - 1 - from;
  const sum = (from: number, to: number) => widths.slice(from, to).reduce((total, width) => total + width, 0);
  let start = 0;
  let end = characters.length;
  if (sum(0, end) > QUOTE) {
    start = Math.max(0, first - 40);
    end = start;
    for (let width = 0; end < characters.length && width + widths[end]! <= QUOTE; end++) width += widths[end]!;
  }
  const cutLeft = from + start > 0 ? "…" : "";
  const cutRight = end < characters.length ? "…" : "";
  return {
    text: cutLeft + characters.slice(start, end).join("") + cutRight,
    before: cutLeft.length + sum(start, first),
    width: Math.max(1, sum(first, Math.min(first + position.length, end))),
  };
}
