// A topology file that a command needs without errors: its warnings are told, its errors end the command.

import { renderDiagnostics } from "../report/diagnostics.js";
import type { Lab } from "../topology/lab.js";
import { type Input, type Loaded, load } from "../topology/load.js";
import { Invalid } from "./complaint.js";
import type { Session } from "./session.js";

export type Good = Loaded & { lab: Lab };

/** @throws Invalid with everything that is wrong with the file */
export async function goodLab(input: Input | undefined, session: Session): Promise<Good> {
  const loaded = await load(input);
  const { lab, diagnostics } = loaded;
  if (!lab) throw new Invalid(loaded.file, diagnostics);
  if (diagnostics.length > 0)
    session.err(`${renderDiagnostics(diagnostics, { color: session.errPaint.on }).trimEnd()}\n\n`);
  return { ...loaded, lab };
}
