// From what was asked for to where it stands in the topology file.
import type { Diagnostic, Position } from "../topology/diagnostic.js";

/** Where a JSON pointer of the topology file leads. */
export type Locate = (pointer: string) => (Position & { file: string; source: string }) | undefined;

/** What is wrong, without a place yet. */
export interface Trouble {
  severity: Diagnostic["severity"];
  code: string;
  message: string;
  suggestion?: string | undefined;
  origin?: string | undefined;
}

/** The diagnostic of a trouble, where its place in the file is known. */
export function diagnosticOf(trouble: Trouble, locate: Locate | undefined): Diagnostic | undefined {
  const place = trouble.origin === undefined ? undefined : locate?.(trouble.origin);
  if (!place) return undefined;
  const { file, source, line, column, length } = place;
  const { severity, code, message, suggestion } = trouble;
  return {
    severity,
    code,
    message,
    file,
    source,
    position: { line, column, length },
    ...(suggestion ? { suggestion } : {}),
  };
}
