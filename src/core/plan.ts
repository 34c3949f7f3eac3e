// What a plan is: the changes that a person reads, and the stages of commands that do them.
import type { Command, Json, ResourceId, Slot, State } from "./resource.js";

/** Number of the JSON form of a plan; a newer one is refused. */
export const PLAN_FORMAT = 1;

export type Action = "create" | "update" | "replace" | "delete";

/** What a change does to the traffic of the lab. */
export type Traffic = "none" | "flap" | "rebuild";

export interface FieldChange {
  field: string;
  from: Json | undefined;
  to: Json | undefined;
}

/** One resource that differs. */
export interface Change {
  action: Action;
  id: ResourceId;
  kind: string;
  place: string;
  /** Field by field: for an update or replacement what differs, for a creation what is set. */
  fields: FieldChange[];
  traffic: Traffic;
  /** Why, where it is not simply a difference with the file: "lost with veth:red/eth0~blue/eth0". */
  reason?: string;
  /** Where the topology file asks for it. */
  origin?: string;
  /** A deletion that needs no command: it goes with the resource named. */
  goesWith?: ResourceId;
}

/** Commands of one lane that make one change true; atomic for simulation. */
export interface Step {
  /** Number in the plan, from 1, in the order of execution. */
  number: number;
  action: "create" | "update" | "delete";
  id: ResourceId;
  commands: Command[];
  /** For an update: the slots that are interrupted. */
  flaps?: Slot[];
  origin?: string;
}

/** Steps of one tool in one place, which may travel together. */
export interface Batch {
  tool: string;
  place: string;
  steps: Step[];
}

/** Batches that do not depend on each other: they may run side by side. The next stage waits for all of them. */
export interface Stage {
  batches: Batch[];
}

export interface Warning {
  code: string;
  message: string;
  /** Who works on the machine from afar may be cut off: nothing is begun without a word. */
  risk?: true;
  origin?: string;
}

/** A wanted thing that something which is not ours holds. */
export interface Conflict {
  id: ResourceId;
  /** The live resource in the way. */
  holder: ResourceId;
  /** Name of the other lab, or undefined where it carries no mark. */
  lab?: string;
  message: string;
  hint: string;
  origin?: string;
}

export interface Plan {
  format: typeof PLAN_FORMAT;
  lab: string;
  changes: Change[];
  stages: Stage[];
  warnings: Warning[];
  conflicts: Conflict[];
}

/** The whole outcome of planning: the plan and the two states it lies between. */
export interface Planned {
  plan: Plan;
  desired: State;
  live: State;
}
