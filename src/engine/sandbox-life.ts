// How a sandbox lives along with its lab: an apply makes it, a destroy ends it, and who only looks is lent one.
import { MachineError } from "../host/machine.js";
import { startOvs } from "../host/sandbox/enter.js";
import { closeSandbox, dropSandbox, endSandbox, makeSandbox, openSandbox } from "../host/sandbox/hold.js";
import { findSandbox, justEnded, type Sandbox } from "../host/sandbox/record.js";
import { requireTun } from "../host/sandbox/trouble.js";
import { findUplink, setUplink } from "../host/sandbox/uplink.js";
import { type Published, publishedPorts } from "../host/sandbox/uplink-ports.js";
import { settle } from "../host/sandbox/use.js";
import type { Lab } from "../topology/lab.js";
import type { Outcome } from "./events.js";

export interface Tenant {
  lab: string;
  /** It has an Open vSwitch bridge. */
  ovs: boolean;
  /** Whether it is to have an uplink; where nothing says so, what was there stays. */
  uplink?: boolean | undefined;
  /** Ports that an uplink publishes. */
  published: Published[];
}

export function tenantOf(lab: Lab): Tenant {
  const ovs = lab.host.bridges.some(({ kind }) => kind === "ovs");
  return { lab: lab.name, ovs, uplink: lab.sandbox?.uplink, published: publishedPorts(lab) };
}

/** Runs a verb in a sandbox. */
export type Enter<T> = (sandbox: Sandbox) => Promise<T>;

/** What a verb that changes something came to; undefined where it did not say. */
interface Ended {
  outcome?: Outcome | undefined;
}

const isDone = ({ outcome }: Ended): boolean => outcome === "applied" || outcome === "unchanged";

/**
 * An apply that comes to nothing leaves nothing: neither a sandbox in which nothing else is, nor another uplink.
 * @param keepAlways as without a rollback
 * @throws MachineError where no sandbox, no Open vSwitch or no uplink can be had
 */
export async function applyInSandbox<T extends Ended>(tenant: Tenant, enter: Enter<T>, keepAlways = false): Promise<T> {
  const opened = await openSandbox(tenant.lab);
  const { sandbox, made, use } = opened;
  let done = keepAlways;
  let back = async () => {};
  try {
    const uplink = tenant.uplink ?? findUplink(sandbox) !== undefined;
    const changed = await setUplink(sandbox, uplink ? tenant.published : undefined);
    if (changed) back = async () => void (await setUplink(sandbox, changed.before));
    const result = await furnished(tenant, enter)(sandbox);
    done ||= isDone(result);
    return result;
  } finally {
    try {
      if (done) settle(sandbox);
      else if (!(await dropSandbox(opened)) && !made) await back();
    } finally {
      use.end();
    }
  }
}

/**
 * The sandbox ends with the lab, and so does what of it cannot be removed, or not even looked at: Open vSwitch may have gone,
 * and what it needs to start.
 * @returns `rest`: there was such
 */
export async function destroyInSandbox<T extends Ended>(
  { lab, ovs }: Tenant,
  sandbox: Sandbox,
  enter: Enter<T>,
): Promise<{ result: T; rest: boolean }> {
  if (ovs) await startOvs(sandbox);
  const result = await enter(sandbox);
  const rest = result.outcome === "left-behind";
  if (rest || isDone(result)) await closeSandbox(lab);
  return { result, rest };
}

/** What looks and changes nothing gets, where there is no sandbox, one for as long as it looks. */
export async function lookInSandbox<T>(tenant: Tenant, enter: Enter<T>): Promise<T> {
  const found = findSandbox(tenant.lab);
  if (found.state === "alive") return furnished(tenant, enter)(found.sandbox);
  const { sandbox } = await makeSandbox(tenant.lab);
  try {
    return await furnished(tenant, enter)(sandbox);
  } finally {
    await endSandbox(sandbox);
  }
}

/** With the Open vSwitch that the lab needs. */
function furnished<T>({ ovs }: Tenant, enter: Enter<T>): Enter<T> {
  return async (sandbox) => {
    if (ovs) {
      requireTun("Open vSwitch in a sandbox");
      const trouble = await startOvs(sandbox);
      if (trouble)
        throw justEnded(sandbox) ?? new MachineError(`Open vSwitch does not start in the sandbox: ${trouble}`);
    }
    return enter(sandbox);
  };
}
