// What was done and did not last is done once more: ovs-vswitchd may read a device's flags, and set them again as they were
// when netlab has changed them meanwhile (netdev-linux.c, update_flags).
import type { State } from "../core/resource.js";
import type { Machine } from "../host/machine.js";
import type { ApplyOptions } from "./apply.js";
import type { Difference } from "./events.js";
import { execute } from "./execute.js";
import { noteBefore } from "./journal.js";
import { planState } from "./plan.js";
import { liveState } from "./state.js";
import { verify } from "./verify.js";

export interface Again {
  /** What differs now; as before where nothing was tried. */
  left: Difference[];
  /** Ended by the signal. */
  interrupted?: boolean;
}

/** `left`: what differs after all commands succeeded. Nothing that is there is deleted or replaced for it. */
export async function onceMore(
  lab: string,
  desired: State,
  left: Difference[],
  machine: Machine,
  options: ApplyOptions,
): Promise<Again> {
  // What says of itself what it is instead, as a service that has died does, has not been undone by others.
  if (left.some(({ fields }) => fields.some(({ from }) => typeof from === "string"))) return { left };
  const { plan, live, rows } = await planState(lab, desired, machine, options);
  const isSmall = plan.changes.every(({ action }) => action === "create" || action === "update");
  if (plan.conflicts.length > 0 || !isSmall) return { left };
  options.on?.({ type: "again", why: `${left[0]!.id} did not stay as it was made` });
  const look = async () => (await liveState(lab, desired, machine, options.adopt)).state;
  await noteBefore(plan, desired, live, rows.journal, machine);
  const { failure, interrupted } = await execute(plan, desired, machine, { ...options, look });
  if (interrupted) return { left, interrupted };
  return { left: failure ? left : await verify(desired, look) };
}
