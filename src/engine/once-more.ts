// What was done and did not last is done once more: ovs-vswitchd may read a device's flags, and set them again as they were
// when netlab has changed them meanwhile (netdev-linux.c, update_flags).
import type { FieldChange } from "../core/plan.js";
import type { State } from "../core/resource.js";
import type { Machine } from "../host/machine.js";
import type { ApplyOptions } from "./apply.js";
import type { Difference } from "./events.js";
import { type Executed, execute } from "./execute.js";
import { noteBefore } from "./journal.js";
import { planState } from "./plan.js";
import { liveState } from "./state.js";
import { verify } from "./verify.js";

/** How the second try ended; without a failure or an end by the signal, `left` is what differs now. */
export interface Again extends Executed {
  left: Difference[];
}

/** `left`: what differs after all commands succeeded. Nothing that is there is deleted or replaced for it. */
export async function onceMore(
  lab: string,
  desired: State,
  left: Difference[],
  machine: Machine,
  options: ApplyOptions,
): Promise<Again> {
  if (left.some((one) => desired[one.id]?.kind === "service" && one.fields.some(saysItself))) return { left };
  const { plan, live, rows } = await planState(lab, desired, machine, options);
  const isSmall = plan.changes.every(({ action }) => action === "create" || action === "update");
  if (plan.conflicts.length > 0 || !isSmall) return { left };
  options.on?.({ type: "again", why: `${left[0]!.id} did not stay as it was made` });
  const look = async () => (await liveState(lab, desired, machine, options.adopt)).state;
  await noteBefore(plan, desired, live, rows.journal, machine);
  const ended = await execute(plan, desired, machine, { ...options, look });
  return ended.failure || ended.interrupted ? { left, ...ended } : { left: await verify(desired, look) };
}

/** A service that has died says its last words: nobody else has undone it. */
const saysItself = ({ field, from }: FieldChange): boolean => field === "state" && typeof from === "string";
