// netlab plan: what apply would do, as text, JSON, a shell script, or saved for apply.
import { writeFile } from "node:fs/promises";
import type { Plan, Planned } from "../core/plan.js";
import { isEmpty } from "../core/planner.js";
import { planLab } from "../engine/plan.js";
import { savedPlanText } from "../engine/saved-plan.js";
import type { Reader } from "../host/read/reader.js";
import { insideSandbox } from "../host/sandbox/inside.js";
import { thisMachine } from "../host/this-machine.js";
import { runOnce } from "../host/tuning.js";
import { commandsScript } from "../report/commands-script.js";
import { planJson } from "../report/json.js";
import { planText } from "../report/plan-text.js";
import { renderTrouble, troublesOf } from "../report/trouble.js";
import type { Lab } from "../topology/lab.js";
import { Complaint } from "./complaint.js";
import { EXIT } from "./exit-codes.js";
import { type Good, goodLab } from "./lab-file.js";
import { netlabVersion } from "./netlab-version.js";
import type { Session } from "./session.js";

export interface PlanOptions {
  detailedExitcode?: boolean;
  json?: boolean;
  commands?: boolean;
  out?: string;
  adopt?: boolean;
  verbose?: boolean;
  reader?: Reader;
}

export async function plan(file: string | undefined, options: PlanOptions, session: Session): Promise<number> {
  runOnce();
  const loaded = await goodLab(file, session);
  const planned = await planLab(loaded.lab, thisMachine(options), { adopt: options.adopt });
  print(planned.plan, loaded, options, session);
  if (planned.plan.conflicts.length > 0) return EXIT.error;
  if (options.out !== undefined) await save(options.out, planned, loaded.lab, options, session);
  return options.detailedExitcode && !isEmpty(planned.plan) ? EXIT.changes : EXIT.done;
}

function print(plan: Plan, { locate }: Good, options: PlanOptions, session: Session): void {
  if (options.json) session.out(planJson(plan));
  else if (options.commands) printScript(plan, locate, session);
  else session.out(planText(plan, { paint: session.outPaint, verbose: options.verbose, locate }));
}

/** A script for a plan that cannot be carried out would do harm: then there is none. */
function printScript(plan: Plan, locate: Good["locate"], session: Session): void {
  for (const trouble of troublesOf(plan))
    session.err(`${renderTrouble(trouble, { paint: session.errPaint, locate })}\n`);
  if (plan.conflicts.length === 0) session.out(commandsScript(plan, netlabVersion()));
}

async function save(path: string, { plan, desired }: Planned, lab: Lab, options: PlanOptions, session: Session) {
  const sandbox = insideSandbox() === undefined ? undefined : true;
  const uplink = lab.sandbox?.uplink;
  const saved = { netlab: netlabVersion(), adopt: options.adopt ?? false, sandbox, uplink, plan, desired };
  try {
    await writeFile(path, savedPlanText(saved));
  } catch (error) {
    throw new Complaint(`The plan cannot be saved: ${(error as Error).message}`);
  }
  session.err(`Saved. To carry it out: netlab apply ${path}\n`);
}
