// netlab list: the labs on this machine.
import { listLabs } from "../engine/labs.js";
import { thisMachine } from "../host/this-machine.js";
import { jsonText } from "../report/json.js";
import { labTable } from "../report/lab-table.js";
import { EXIT } from "./exit-codes.js";
import type { Session } from "./session.js";

export async function list(options: { json?: boolean; names?: boolean }, session: Session): Promise<number> {
  const labs = await listLabs(thisMachine());
  if (options.json) session.out(jsonText({ labs }));
  else if (options.names) session.out(labs.map(({ name }) => `${name}\n`).join(""));
  else if (labs.length === 0) session.err("There are no labs on this machine.\n");
  else session.out(labTable(labs, session.outPaint));
  return EXIT.done;
}
