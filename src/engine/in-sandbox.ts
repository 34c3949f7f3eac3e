// The verbs of the library in a lab's sandbox: the same arguments, results and events as on the machine itself.
import { PLAN_FORMAT, type Plan } from "../core/plan.js";
import type { Machine } from "../host/machine.js";
import { callInside } from "../host/sandbox/call.js";
import { closeSandbox } from "../host/sandbox/hold.js";
import { insideSandbox } from "../host/sandbox/inside.js";
import { findSandbox } from "../host/sandbox/record.js";
import type { Lab } from "../topology/lab.js";
import type { ApplyOptions } from "./apply.js";
import type { CheckOptions } from "./check.js";
import type { CheckResult } from "./check-result.js";
import type { Result } from "./events.js";
import { requireOnlyThere } from "./only-there.js";
import { applyInSandbox, destroyInSandbox, lookInSandbox, type Tenant, tenantOf } from "./sandbox-life.js";

export interface Where {
  machine?: Machine | undefined;
  sandbox?: boolean | undefined;
}

/**
 * Whether a verb belongs into the lab's sandbox: where it is told to, the lab has one, or its file asks for one.
 * @throws MachineError where nothing says which, and the lab is on the machine itself too
 */
export async function belongsInSandbox(lab: Lab | string, { machine, sandbox }: Where): Promise<boolean> {
  if (machine || sandbox === false || insideSandbox() !== undefined) return false;
  if (sandbox || (typeof lab === "object" && lab.sandbox)) return true;
  if (findSandbox(nameOf(lab)).state === "none") return false;
  await requireOnlyThere(nameOf(lab));
  return true;
}

/** What changes nothing; without a sandbox it looks into an empty one. */
export async function lookIn<T>(
  lab: Lab | string,
  verb: "plan" | "planDestruction" | "check",
  options = {},
): Promise<T> {
  await forgetDead(nameOf(lab));
  return lookInSandbox(tenant(lab), (sandbox) => callInside(sandbox, verb, lab, options) as Promise<T>);
}

/** Which checks to run is decided out here: what is left of the options are values, and the listener. */
export function checkIn(lab: Lab, { only = () => true, on, signal }: CheckOptions): Promise<CheckResult[]> {
  return lookIn({ ...lab, checks: lab.checks.filter(only) }, "check", { on, signal });
}

export function applyIn(lab: Lab, options: ApplyOptions, uplink?: boolean): Promise<Result> {
  return applyInSandbox(
    { ...tenantOf(lab), uplink: uplink ?? lab.sandbox?.uplink },
    (sandbox) => callInside(sandbox, "apply", lab, options) as Promise<Result>,
    options.rollback === false,
  );
}

export async function destroyIn(lab: Lab | string, options: ApplyOptions): Promise<Result> {
  const name = nameOf(lab);
  await forgetDead(name);
  const found = findSandbox(name);
  if (found.state !== "alive") {
    const plan: Plan = { format: PLAN_FORMAT, lab: name, changes: [], stages: [], warnings: [], conflicts: [] };
    return { outcome: "unchanged", plan, left: [], timing: {} };
  }
  const { signal: _, ...given } = options;
  const enter = (sandbox: typeof found.sandbox) => callInside(sandbox, "destroy", name, given) as Promise<Result>;
  const { result, rest } = await destroyInSandbox(tenant(lab), found.sandbox, enter);
  if (!rest) return result;
  const { failure: _failure, ...ended } = result;
  return { ...ended, outcome: "applied", left: [] };
}

const nameOf = (lab: Lab | string): string => (typeof lab === "string" ? lab : lab.name);

const tenant = (lab: Lab | string): Tenant =>
  typeof lab === "string" ? { lab, ovs: false, published: [] } : tenantOf(lab);

async function forgetDead(lab: string): Promise<void> {
  if (findSandbox(lab).state === "dead") await closeSandbox(lab);
}
