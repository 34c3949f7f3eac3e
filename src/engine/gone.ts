// Whether a destroyed lab is gone, by its names alone. While the kernel cleans up after many namespaces it holds the lock that
// readers of links wait for, and goes on for a tenth of a second and more when all names are free.
import type { Planned } from "../core/plan.js";
import type { Slot } from "../core/resource.js";
import { slotsOf } from "../core/slots.js";
import type { Machine } from "../host/machine.js";
import * as slot from "../kinds/slots.js";
import { HOST } from "../topology/lab.js";
import { model } from "./model.js";
import { untilNone } from "./verify.js";

const NAMED = [slot.ns(""), slot.name(HOST, "")];
const isNamed = (one: Slot): boolean => NAMED.some((start) => one.startsWith(start));

/** Waits for it within a bound; false where more has to be looked at than names, or some are still taken. */
export async function areNamesGone(planned: Planned, machine: Machine, bound?: number): Promise<boolean> {
  const names = namesToGo(planned);
  if (!names) return false;
  const taken = async () => {
    const { namespaces, devices } = await machine.names();
    const there = [...namespaces.map(slot.ns), ...devices.map((device) => slot.name(HOST, device))];
    return there.filter((one) => names.has(one));
  };
  return (await untilNone(taken, bound)).length === 0;
}

/** Names of namespaces, and of devices of the host; undefined where something is deleted that is more than its names. */
function namesToGo({ plan, desired, live }: Planned): Set<Slot> | undefined {
  if (Object.keys(desired).length > 0) return undefined;
  const names = new Set<Slot>();
  for (const { id, goesWith } of plan.changes) {
    const claims = slotsOf(model, "claims", live[id]!);
    // What goes with another is gone with it.
    if (goesWith === undefined && (claims.length === 0 || !claims.every(isNamed))) return undefined;
    for (const one of claims.filter(isNamed)) names.add(one);
  }
  return names;
}
