// netlab apply: plans and carries out, a topology file or a saved plan.

import { applyLab, applyState } from "../engine/apply.js";
import { looksSaved, parseSavedPlan } from "../engine/saved-plan.js";
import { thisMachine } from "../host/this-machine.js";
import { runOnce } from "../host/tuning.js";
import { readText, UnreadableError } from "../topology/read.js";
import { type Changing, type ChangingOptions, change } from "./changing.js";
import { Complaint } from "./complaint.js";
import { goodLab } from "./lab-file.js";
import { netlabVersion } from "./netlab-version.js";
import type { Session } from "./session.js";

export type ApplyOptions = ChangingOptions & { adopt?: boolean };

export async function apply(file: string | undefined, options: ApplyOptions, session: Session): Promise<number> {
  runOnce();
  return change(await changing(file, options, session), session);
}

async function changing(file: string | undefined, options: ApplyOptions, session: Session): Promise<Changing> {
  const text = file === undefined ? undefined : await textOf(file);
  if (text !== undefined && isSaved(text)) {
    const parsed = parseSavedPlan(text, netlabVersion());
    if ("problem" in parsed) throw new Complaint(parsed.problem, parsed.hint);
    const { adopt } = parsed.saved;
    return {
      verb: "apply",
      options,
      run: (engine) => applyState(parsed.saved, thisMachine(options), { ...engine, adopt }),
    };
  }
  const input = text === undefined ? file : { text, file: file === "-" ? "<stdin>" : file! };
  const { lab, locate } = await goodLab(input, session);
  const run: Changing["run"] = (engine) => applyLab(lab, thisMachine(options), { ...engine, adopt: options.adopt });
  return { verb: "apply", options, locate, run };
}

/** Undefined where it cannot be read: loading it as a topology says why. */
async function textOf(file: string): Promise<string | undefined> {
  try {
    return await readText(file);
  } catch (error) {
    if (file !== "-" && error instanceof UnreadableError) return undefined;
    throw error;
  }
}

/** What `plan --json` prints counts as one too, to be refused by its name. */
const isSaved = (text: string): boolean => looksSaved(text) || /^\s*\{\s*"format"\s*:/.test(text);
