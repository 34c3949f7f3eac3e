// The library: what the commands do, for programs. Every verb takes the lab that `load` returns.
import type { Planned } from "./core/plan.js";
import { type ApplyOptions, applyLab, destroyLab } from "./engine/apply.js";
import { type CheckOptions, runChecks } from "./engine/check.js";
import type { CheckResult } from "./engine/check-result.js";
import type { Result } from "./engine/events.js";
import { type PlanOptions, planDestroy, planLab } from "./engine/plan.js";
import type { Machine } from "./host/machine.js";
import { thisMachine } from "./host/this-machine.js";
import type { Lab } from "./topology/lab.js";

/** Reads and validates a topology: the lab, or everything that is wrong with the file. Needs no root, changes nothing. */
export { load } from "./topology/load.js";

export interface OnMachine {
  /** Where commands run; default: the machine that this process runs on. */
  machine?: Machine;
}

/**
 * What `apply` would do: reads the live state and changes nothing.
 * @throws MachineError where the machine cannot be read
 */
export function plan(
  lab: Lab,
  { machine = thisMachine(), ...options }: PlanOptions & OnMachine = {},
): Promise<Planned> {
  return planLab(lab, machine, options);
}

/** What `destroy` would do. */
export function planDestruction(lab: string, { machine = thisMachine() }: OnMachine = {}): Promise<Planned> {
  return planDestroy(lab, machine);
}

/**
 * Makes the machine as the lab says, verifies it, and puts it back as it was where that fails; `outcome` says which.
 * Needs CAP_NET_ADMIN and CAP_SYS_ADMIN. Aborting `signal` rolls back.
 * @throws MachineError where the machine cannot be locked or read; nothing was changed then
 */
export function apply(
  lab: Lab,
  { machine = thisMachine(), ...options }: ApplyOptions & OnMachine = {},
): Promise<Result> {
  return applyLab(lab, machine, options);
}

/**
 * Removes a lab by its name, whatever state it is in; nothing there is `unchanged`, no error.
 * @throws MachineError as `apply` does
 */
export function destroy(
  lab: string | Lab,
  { machine = thisMachine(), ...options }: ApplyOptions & OnMachine = {},
): Promise<Result> {
  return destroyLab(typeof lab === "string" ? lab : lab.name, machine, options);
}

/** Tries the lab's checks on this machine; one result a check, in the order of the file. Never throws for one that fails. */
export function check(lab: Lab, options: CheckOptions = {}): Promise<CheckResult[]> {
  return runChecks(lab, options);
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
