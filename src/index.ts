// The library: what the commands do, for programs. Every verb takes the lab that `load` returns.
import type { Planned } from "./core/plan.js";
import { type ApplyOptions, applyLab, destroyLab } from "./engine/apply.js";
import { type CheckOptions, runChecks } from "./engine/check.js";
import type { CheckResult } from "./engine/check-result.js";
import type { Result } from "./engine/events.js";
import { applyIn, belongsInSandbox, checkIn, destroyIn, lookIn } from "./engine/in-sandbox.js";
import { type PlanOptions, planDestroy, planLab } from "./engine/plan.js";
import type { Machine } from "./host/machine.js";
import { thisMachine } from "./host/this-machine.js";
import type { Lab } from "./topology/lab.js";

/** Reads and validates a topology: the lab, or everything that is wrong with the file. Needs no root, changes nothing. */
export { load } from "./topology/load.js";

export interface OnMachine {
  /** Where commands run; default: the machine that this process runs on. */
  machine?: Machine;
  /**
   * true: in the lab's sandbox, as `netlab --sandbox` does, and without root; false: on the machine itself. Default, as on
   * the command line: in the sandbox where the lab has one, or its file asks for one. Of no use with `machine`.
   */
  sandbox?: boolean;
}

export interface ApplyInOptions extends ApplyOptions, OnMachine {
  /** Gives the sandbox a way out, as `netlab apply --uplink` does; default: as the file says, else as it was. */
  uplink?: boolean;
}

/**
 * What `apply` would do: reads the live state and changes nothing.
 * @throws MachineError where the machine cannot be read
 */
export async function plan(lab: Lab, options: PlanOptions & OnMachine = {}): Promise<Planned> {
  const { machine, sandbox, ...rest } = options;
  if (belongsInSandbox(lab, { machine, sandbox })) return lookIn(lab, "plan", rest);
  return planLab(lab, machine ?? thisMachine(), rest);
}

/** What `destroy` would do. */
export async function planDestruction(lab: string, options: OnMachine = {}): Promise<Planned> {
  if (belongsInSandbox(lab, options)) return lookIn(lab, "planDestruction");
  return planDestroy(lab, options.machine ?? thisMachine());
}

/**
 * Makes the machine as the lab says, verifies it, and puts it back as it was where that fails; `outcome` says which.
 * Needs CAP_NET_ADMIN and CAP_SYS_ADMIN, or `sandbox`, which makes the lab's sandbox where it has none. Aborting `signal`
 * rolls back.
 * @throws MachineError where the machine cannot be locked or read, or no sandbox can be made; nothing was changed then
 */
export async function apply(lab: Lab, options: ApplyInOptions = {}): Promise<Result> {
  const { machine, sandbox, uplink, ...rest } = options;
  if (belongsInSandbox(lab, { machine, sandbox })) return applyIn(lab, rest, uplink);
  return applyLab(lab, machine ?? thisMachine(), rest);
}

/**
 * Removes a lab by its name, whatever state it is in; nothing there is `unchanged`, no error. Its sandbox ends with it.
 * @throws MachineError as `apply` does
 */
export async function destroy(lab: string | Lab, options: ApplyOptions & OnMachine = {}): Promise<Result> {
  const { machine, sandbox, ...rest } = options;
  if (belongsInSandbox(lab, { machine, sandbox })) return destroyIn(lab, rest);
  return destroyLab(typeof lab === "string" ? lab : lab.name, machine ?? thisMachine(), rest);
}

/** Tries the lab's checks; one result a check, in the order of the file. Never throws for one that fails. */
export async function check(lab: Lab, options: CheckOptions & Omit<OnMachine, "machine"> = {}): Promise<CheckResult[]> {
  const { sandbox, ...rest } = options;
  if (belongsInSandbox(lab, { sandbox })) return checkIn(lab, rest);
  return runChecks(lab, rest);
}

export type { Change, FieldChange, Plan, Planned, Stage, Step } from "./core/plan.js";
export type { Command, Resource, State } from "./core/resource.js";
export type { ApplyOptions } from "./engine/apply.js";
export type { CheckOptions } from "./engine/check.js";
export type { CheckEvent, CheckResult } from "./engine/check-result.js";
export type { Difference, Event, Failure, Outcome, Result } from "./engine/events.js";
export type { PlanOptions } from "./engine/plan.js";
export { type Machine, MachineError } from "./host/machine.js";
export type { Diagnostic } from "./topology/diagnostic.js";
export type { Check, Lab } from "./topology/lab.js";
export type { Input, Loaded } from "./topology/load.js";
