// netlab list: the labs on this machine.
import { type LabSummary, listLabs } from "../engine/labs.js";
import { mayChange } from "../host/rights.js";
import { sandboxLabs } from "../host/sandbox/labs.js";
import { thisMachine } from "../host/this-machine.js";
import { jsonText } from "../report/json.js";
import { labTable } from "../report/lab-table.js";
import { EXIT } from "./exit-codes.js";
import type { Session } from "./session.js";

interface ListOptions {
  json?: boolean;
  names?: boolean;
  namespaces?: boolean;
}

export async function list(options: ListOptions, session: Session): Promise<number> {
  const [here, sandboxes] = await Promise.all([labsHere(session), sandboxLabs()]);
  const labs = [...here, ...sandboxes];
  if (options.json) session.out(jsonText({ labs }));
  else if (options.names) session.out(lines(labs.map(({ name }) => name)));
  else if (options.namespaces) session.out(lines(labs.flatMap(({ namespaces }) => namespaces)));
  else if (labs.length === 0) session.err("There are no labs on this machine.\n");
  else session.out(labTable(labs, session.outPaint));
  return EXIT.done;
}

const lines = (names: string[]): string => names.map((name) => `${name}\n`).join("");

/** Without root the machine's own labs cannot be read, but one's own sandboxes can. */
async function labsHere(session: Session): Promise<LabSummary[]> {
  if (mayChange()) return listLabs(thisMachine());
  session.err("Not root: only your sandboxes are listed.\n");
  return [];
}
