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
   * the command line: in the sandbox where the lab has one, or its file asks for one; an error where root's lab is both
   * in one and on the machine itself. Of no use with `machine`.
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
  const inside = () => lookIn<Planned>(lab, "plan", rest);
  return where(lab, { machine, sandbox }, inside, (here) => planLab(lab, here, rest));
}

/** What `destroy` would do. */
export async function planDestruction(lab: string, options: OnMachine = {}): Promise<Planned> {
  const inside = () => lookIn<Planned>(lab, "planDestruction");
  return where(lab, options, inside, (here) => planDestroy(lab, here));
}

/**
 * Makes the machine as the lab says, verifies it, and puts it back as it was where that fails; `outcome` says which.
 * Needs CAP_NET_ADMIN and CAP_SYS_ADMIN, or `sandbox`, which makes the lab's sandbox where it has none. Aborting `signal`
 * rolls back.
 * @throws MachineError where the machine cannot be locked or read, or no sandbox can be made; nothing was changed then
 */
export async function apply(lab: Lab, options: ApplyInOptions = {}): Promise<Result> {
  const { machine, sandbox, uplink, ...rest } = options;
  const inside = () => applyIn(lab, rest, uplink);
  return where(lab, { machine, sandbox }, inside, (here) => applyLab(lab, here, rest));
}

/**
 * Removes a lab by its name, whatever state it is in; nothing there is `unchanged`, no error. Its sandbox ends with it.
 * @throws MachineError as `apply` does
 */
export async function destroy(lab: string | Lab, options: ApplyOptions & OnMachine = {}): Promise<Result> {
  const { machine, sandbox, ...rest } = options;
  const name = typeof lab === "string" ? lab : lab.name;
  const inside = () => destroyIn(lab, rest);
  return where(lab, { machine, sandbox }, inside, (here) => destroyLab(name, here, rest));
}

/** Tries the lab's checks; one result a check, in the order of the file. Never throws for one that fails. */
export async function check(lab: Lab, options: CheckOptions & Omit<OnMachine, "machine"> = {}): Promise<CheckResult[]> {
  const { sandbox, ...rest } = options;
  const inside = () => checkIn(lab, rest);
  return where(lab, { sandbox }, inside, () => runChecks(lab, rest));
}

/** Runs a verb in the lab's sandbox, or on the machine. @throws MachineError where the lab is in both, and nothing says which */
async function where<T>(
  lab: Lab | string,
  { machine, sandbox }: OnMachine,
  inside: () => Promise<T>,
  here: (machine: Machine) => Promise<T>,
): Promise<T> {
  return (await belongsInSandbox(lab, { machine, sandbox })) ? inside() : here(machine ?? thisMachine());
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
