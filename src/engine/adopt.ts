// Taking over what carries no mark: things that the lab wants as they are, of the same kind and name. Never another lab's.

import type { Resource, ResourceId, State } from "../core/resource.js";
import { slotsOf } from "../core/slots.js";
import type { Ownership } from "../kinds/ownership.js";
import * as slot from "../kinds/slots.js";
import { model } from "./model.js";

/** Unmarked live resources under a wanted id. */
export function adoptable(desired: State, live: State): Set<ResourceId> {
  return new Set(Object.keys(desired).filter((id) => live[id]?.owner === "none"));
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
