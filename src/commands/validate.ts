// netlab validate: schema and cross-checks of a topology file.
import { renderDiagnostics } from "../report/diagnostics.js";
import { diagnosticsJson } from "../report/json.js";
import { plural } from "../report/words.js";
import { load } from "../topology/load.js";
import { EXIT } from "./exit-codes.js";
import type { Session } from "./session.js";

export async function validate(
  file: string | undefined,
  options: { json?: boolean },
  session: Session,
): Promise<number> {
  const loaded = await load(file);
  const { lab, diagnostics } = loaded;
  if (options.json) session.out(diagnosticsJson(loaded.file, diagnostics));
  else if (diagnostics.length > 0)
    session.err(`${renderDiagnostics(diagnostics, { color: session.errPaint.on }).trimEnd()}\n`);
  if (!lab) return EXIT.error;
  const parts = [
    plural(lab.namespaces.length, "namespace"),
    plural(lab.links.length, "link"),
    plural(lab.checks.length, "check"),
  ];
  if (!options.json) session.err(`${loaded.file} is valid: lab ${lab.name}, ${parts.join(", ")}.\n`);
  return EXIT.done;
}
