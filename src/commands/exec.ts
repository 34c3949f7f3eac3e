// netlab exec: a command of the user's in a namespace.
import { listLabs } from "../engine/labs.js";
import { runInForeground } from "../host/process/foreground.js";
import { thisMachine } from "../host/this-machine.js";
import { HOST } from "../topology/lab.js";
import { Complaint } from "./complaint.js";
import type { Session } from "./session.js";

export async function exec(place: string, command: string[], options: { lab?: string }, _: Session): Promise<number> {
  if (options.lab !== undefined && place !== HOST) await requireMember(place, options.lab);
  return runInForeground(place, command);
}

async function requireMember(place: string, name: string): Promise<void> {
  const labs = await listLabs(thisMachine());
  const lab = labs.find((one) => one.name === name);
  if (!lab) throw new Complaint(`There is no lab ${name} on this machine.`, "netlab list shows what there is");
  if (lab.namespaces.includes(place)) return;
  const owner = labs.find(({ namespaces }) => namespaces.includes(place));
  throw new Complaint(`Lab ${name} has no namespace ${place}.`, owner ? `it is of lab ${owner.name}` : undefined);
}
