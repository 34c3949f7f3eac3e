// Whether a destroyed lab is gone, where names alone can tell. While the kernel cleans up after many namespaces it holds the lock
// that readers of links wait for, and goes on for a tenth of a second and more when all names are free.
import { setTimeout as sleep } from "node:timers/promises";
import type { Planned } from "../core/plan.js";
import type { Slot } from "../core/resource.js";
import { slotsOf } from "../core/slots.js";
import type { Machine } from "../host/machine.js";
import { patience } from "../host/tuning.js";
import type { Rows } from "../kinds/rows.js";
import * as slot from "../kinds/slots.js";
import { HOST } from "../topology/lab.js";
import { model } from "./model.js";

/** Milliseconds in which not one name gets free, after which all is to be looked at: somebody else may have taken it. */
const STILL = patience(10) * 100;

/** Waits until all names are free; false where more has to be looked at than names, or some stay taken. */
export async function areNamesGone(planned: Planned & { rows: Rows }, machine: Machine): Promise<boolean> {
  const names = namesToGo(planned);
  if (!names) return false;
  let [least, since] = [Number.POSITIVE_INFINITY, 0];
  for (let pause = 5; ; pause = Math.min(pause * 1.25, 50)) {
    const { namespaces, devices } = await machine.names();
    const taken = [...namespaces.map(slot.ns), ...devices.map((device) => slot.name(HOST, device))];
    const left = taken.filter((one) => names.has(one)).length;
    if (left === 0) return true;
    if (left < least) [least, since] = [left, performance.now()];
    else if (performance.now() - since >= STILL) return false;
    await sleep(pause);
  }
}

/** Of namespaces and of devices; undefined where more may stay than what is seen to have a name. */
function namesToGo({ plan, desired, live, rows }: Planned & { rows: Rows }): Set<Slot> | undefined {
  if (Object.keys(desired).length > 0) return undefined;
  const changes = new Map(plan.changes.map((change) => [change.id, change]));
  const names = new Set<Slot>();
  for (const { id, kind, place, goesWith } of plan.changes) {
    const claims = slotsOf(model, "claims", live[id]!);
    const leader = goesWith === undefined ? undefined : changes.get(goesWith);
    if (goesWith === undefined && (claims.length === 0 || !claims.every(isName))) return undefined;
    // The kernel flushes them after the name of their device, where that ends with a namespace.
    if (place === HOST && FLUSHED.has(kind) && leader?.goesWith !== undefined) return undefined;
    for (const one of claims.filter(isName)) names.add(one);
  }
  // A namespace with two names lives on by the one that is not deleted.
  if (Object.values(rows.aliases ?? {}).some((place) => names.has(slot.ns(place)))) return undefined;
  // A device in a namespace ends with that; in one that stays, it is not seen here.
  const isSeen = (place = HOST) => place === HOST || names.has(slot.ns(place));
  return [...names].every((one) => isSeen(slot.placeOfName(one))) ? names : undefined;
}

const FLUSHED = new Set(["address", "route"]);
const isName = (one: Slot): boolean => one.startsWith(slot.ns("")) || slot.placeOfName(one) !== undefined;
