// Taking over what carries no mark: things that the lab wants as they are, of the same kind and name. Never another lab's.

import { isUsable } from "../core/diff.js";
import type { Resource, ResourceId, State } from "../core/resource.js";
import { SlotIndex, slotsOf } from "../core/slots.js";
import type { Ownership } from "../kinds/ownership.js";
import * as slot from "../kinds/slots.js";
import { model } from "./model.js";

/**
 * Unmarked live resources under a wanted id, where what they live on is what the lab wants there: a device is taken
 * over with what made it, not a device of another kind that has its name.
 */
export function adoptable(desired: State, live: State): Set<ResourceId> {
  const makers = new SlotIndex(Object.values(desired), (r) => slotsOf(model, "provides", r));
  const answers = new Map<ResourceId, boolean>();
  const isThere = ({ id }: Resource): boolean => live[id] !== undefined && (isUsable(live[id]) || isAdoptable(id));
  const isAdoptable = (id: ResourceId): boolean => {
    const known = answers.get(id);
    if (known !== undefined) return known;
    answers.set(id, true); // for what comes back here on its way
    const found = live[id];
    const answer = found?.owner === "none" && stands(found) && !standsAlone(found, desired[id]!);
    answers.set(id, answer);
    return answer;
  };
  const stands = (r: Resource) =>
    slotsOf(model, "livesOn", r).every((slot) => makers.of(slot).length === 0 || makers.of(slot).some(isThere));
  return new Set(Object.keys(desired).filter(isAdoptable));
}

/** It provides itself what the wanted one is to live on: a macvlan, where that is the end of a cable. */
function standsAlone(found: Resource, wanted: Resource): boolean {
  const provided = slotsOf(model, "provides", found);
  return slotsOf(model, "livesOn", wanted).some((one) => provided.includes(one));
}

/** Ownership in which the devices and namespaces of adopted resources are the lab's, with all that rides on them. */
export function withAdopted(ownership: Ownership, desired: State, adopted: Set<ResourceId>): Ownership {
  const claimed = new Set([...adopted].flatMap((id) => slotsOf(model, "claims", desired[id]!)));
  const place: Ownership["place"] = (name) => (claimed.has(slot.ns(name)) ? "lab" : ownership.place(name));
  return { place, link: (where, name) => (claimed.has(slot.name(where, name)) ? "lab" : ownership.link(where, name)) };
}

/** The rest of the marks are not on devices: routes, OVS rows. */
export const asOurs = (r: Resource, adopted: Set<ResourceId>): Resource =>
  adopted.has(r.id) ? { ...r, owner: "lab" } : r;
