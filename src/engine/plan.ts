// Reads, compares and plans; changes nothing and takes no lock.
import type { Plan, Planned } from "../core/plan.js";
import { makePlan } from "../core/planner.js";
import type { State } from "../core/resource.js";
import type { Machine } from "../host/machine.js";
import { kinds } from "../kinds/index.js";
import { ownershipOf } from "../kinds/ownership.js";
import type { Rows } from "../kinds/rows.js";
import { HOST, type Lab } from "../topology/lab.js";
import { model } from "./model.js";
import { desiredState, liveState } from "./state.js";

export interface PlanOptions {
  /** Take over unmarked things that the lab wants as they are. */
  adopt?: boolean;
}

/** What `netlab apply` would do. */
export async function planLab(lab: Lab, machine: Machine, options: PlanOptions = {}): Promise<Planned> {
  return planState(lab.name, await desiredState(lab, machine), machine, options);
}

/** What `netlab destroy` would do. */
export const planDestroy = (lab: string, machine: Machine): Promise<Planned> => planState(lab, {}, machine);

/**
 * Plans from what is there to a desired state.
 * @throws MachineError where the machine cannot be read, or lacks what the plan's commands need
 */
export async function planState(
  lab: string,
  desired: State,
  machine: Machine,
  options: PlanOptions = {},
): Promise<Planned & { rows: Rows }> {
  const { state: live, rows } = await liveState(lab, desired, machine, options.adopt);
  const warnings = kinds.flatMap((kind) => kind.advise?.(desired, live, rows) ?? []);
  const reading = { lab, desired, ownership: ownershipOf(rows, lab) };
  const refused = kinds.flatMap((kind) => kind.refuse?.(rows, reading) ?? []);
  const plan = makePlan(model, { lab, desired, live, warnings, refused });
  machine.require(toolsOf(plan));
  return { plan, desired, live, rows };
}

/** The programs of its commands, and what enters namespaces. */
function toolsOf({ stages }: Plan): string[] {
  const batches = stages.flatMap((stage) => stage.batches).filter(({ tool }) => tool !== "");
  return [...new Set(batches.flatMap(({ tool, place }) => (place === HOST ? tool : [tool, "nsenter"])))];
}
