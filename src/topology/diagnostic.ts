// One problem in a topology file, with its place. `src/report/diagnostics.ts` prints it.

export interface Position {
  /** From 1. */
  line: number;
  /** From 1, in characters. */
  column: number;
  /** Characters to underline, at least 1. */
  length: number;
}

export interface Diagnostic {
  severity: "error" | "warning";
  /** Constant, in kebab-case: `unknown-bridge`. */
  code: string;
  /** One specific sentence. */
  message: string;
  file: string;
  position: Position;
  /** The whole source line, for the quotation. */
  source: string;
  /** `did you mean "br-lan"?`, `quote it: "1.10"`. */
  suggestion?: string;
}
