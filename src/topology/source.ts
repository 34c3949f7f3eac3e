// The text of a topology file, and what stands where in it.
import type { Diagnostic, Position } from "./diagnostic.js";
import type { Reason } from "./problem.js";

/** Half-open range of UTF-16 offsets into the text. */
export type Range = [start: number, end: number];

const PAIR = /[\ud800-\udbff][\udc00-\udfff]/;

/** Code points; a file of one line with thousands of errors is counted thousands of times. */
const characters = (text: string): number => (PAIR.test(text) ? [...text].length : text.length);

export class Source {
  readonly file: string;
  readonly text: string;
  private starts: number[] | undefined;

  constructor(file: string, text: string) {
    this.file = file;
    this.text = text.startsWith("\uFEFF") ? text.slice(1) : text;
  }

  /** Line (from 1) of an offset. */
  lineAt(offset: number): number {
    const starts = this.lineStarts();
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return low + 1;
  }

  /** The text of a line without its end. */
  line(number: number): string {
    const starts = this.lineStarts();
    return this.text.slice(starts[number - 1], starts[number] ?? this.text.length).replace(/\r?\n?$/, "");
  }

  /** Where a range is, in characters; it ends with its first line. */
  position([start, end]: Range): Position & { source: string } {
    const line = this.lineAt(start);
    const source = this.line(line);
    const first = this.lineStarts()[line - 1]!;
    const marked = source.slice(start - first, Math.max(end, start) - first).trimEnd();
    const column = characters(source.slice(0, start - first)) + 1;
    return { line, column, length: Math.max(1, characters(marked)), source };
  }

  diagnostic(range: Range, reason: Reason & { severity?: Diagnostic["severity"] }): Diagnostic {
    const { source, ...position } = this.position(range);
    return {
      severity: reason.severity ?? "error",
      code: reason.code,
      message: reason.message,
      file: this.file,
      position,
      source,
      ...(reason.suggestion === undefined ? {} : { suggestion: reason.suggestion }),
    };
  }

  private lineStarts(): number[] {
    if (!this.starts) {
      this.starts = [0];
      for (let at = this.text.indexOf("\n"); at >= 0; at = this.text.indexOf("\n", at + 1)) this.starts.push(at + 1);
    }
    return this.starts;
  }
}
