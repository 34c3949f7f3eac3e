// netlab destroy: removes a lab, from any state.
import { destroyLab } from "../engine/apply.js";
import type { Failure } from "../engine/events.js";
import { thisMachine } from "../host/this-machine.js";
import { runOnce } from "../host/tuning.js";
import { readLabName } from "../topology/lab-name.js";
import { type Changing, type ChangingOptions, change } from "./changing.js";
import { Complaint } from "./complaint.js";
import type { Session } from "./session.js";

export type DestroyOptions = ChangingOptions & { lab?: string };

export async function destroy(file: string | undefined, options: DestroyOptions, session: Session): Promise<number> {
  if (file !== undefined && options.lab !== undefined)
    throw new Complaint("A file and --lab say the lab twice.", "leave one away");
  runOnce();
  const name = options.lab ?? (await readLabName(file));
  const changing: Changing = {
    verb: "destroy",
    options,
    run: (engine) => destroyLab(name, thisMachine(options), engine),
    // Standard input was read already, and --lab has no file.
    ...(options.lab === undefined && file !== "-" && { find: (failure) => inFile(file, failure) }),
  };
  return change(changing, session);
}

/** A destroy reads only the name; of a file that has no errors the rest says where what failed stands. */
async function inFile(file: string | undefined, failure: Failure): ReturnType<NonNullable<Changing["find"]>> {
  if (!failure.step) return undefined;
  const [{ load }, { originOf }] = await Promise.all([import("../topology/load.js"), import("../engine/origins.js")]);
  const { lab, locate } = await load(file);
  if (!lab) return undefined;
  const origin = originOf(lab, failure.step.id);
  return { failure: { ...failure, ...(origin !== undefined && { origin }) }, locate };
}
