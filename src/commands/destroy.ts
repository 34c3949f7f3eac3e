// netlab destroy: removes a lab, from any state.
import { destroyLab } from "../engine/apply.js";
import { thisMachine } from "../host/this-machine.js";
import { readLabName } from "../topology/lab-name.js";
import { type ChangingOptions, change } from "./changing.js";
import { Complaint } from "./complaint.js";
import type { Session } from "./session.js";

export type DestroyOptions = ChangingOptions & { lab?: string };

export async function destroy(file: string | undefined, options: DestroyOptions, session: Session): Promise<number> {
  if (file !== undefined && options.lab !== undefined)
    throw new Complaint("A file and --lab say the lab twice.", "leave one away");
  const name = options.lab ?? (await readLabName(file));
  return change({ verb: "destroy", options, run: (engine) => destroyLab(name, thisMachine(options), engine) }, session);
}
