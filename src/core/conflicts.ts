// What stands in the way and is not ours: found before the first change.
import { behaviourOf, type Model } from "./behaviour.js";
import { isUsable } from "./diff.js";
import type { Conflict } from "./plan.js";
import type { Resource, State } from "./resource.js";
import { heldBy, SlotIndex, slotsOf } from "./slots.js";

/** `adopt`: unmarked resources that the lab wants as they are become ours; those of another lab never do. */
export function conflicts(model: Model, desired: State, live: State, adopt: boolean): Conflict[] {
  const strangers = Object.values(live).filter((r) => !isUsable(r));
  if (strangers.length === 0) return [];
  const holders = new SlotIndex(strangers, (r) => heldBy(model, r));
  const found = new Map<string, Conflict>();
  for (const wanted of Object.values(desired)) {
    const same = live[wanted.id];
    const adoptable = same !== undefined && same.owner === "none" && adopt;
    if (same && !isUsable(same) && !adoptable) found.set(wanted.id, conflict(wanted, same));
    for (const slot of slotsOf(model, "claims", wanted))
      for (const holder of holders.of(slot)) {
        if (adoptable && isAdopted(desired, holder)) continue;
        if (!found.has(wanted.id)) found.set(wanted.id, conflict(wanted, holder));
      }
  }
  return [...found.values()];
}

const isAdopted = (desired: State, holder: Resource) => holder.owner === "none" && holder.id in desired;

function conflict(wanted: Resource, holder: Resource): Conflict {
  const lab = typeof holder.owner === "object" ? holder.owner.lab : undefined;
  const where = holder.place === "host" ? "on the host" : `in the namespace ${holder.place}`;
  const whose = lab ? `belongs to the lab ${lab}` : "carries no mark of a lab";
  const out = holder.id === wanted.id && !lab ? "Remove it, rename yours, or take it over with --adopt." : undefined;
  return {
    id: wanted.id,
    holder: holder.id,
    ...(lab && { lab }),
    message: `${wanted.id} cannot be made: ${holder.id} is there already ${where}, and ${whose}.`,
    hint:
      out ??
      (lab
        ? `Destroy that lab (netlab destroy --lab ${lab}), or use another name.`
        : "Remove it, or use another name."),
    origin: wanted.origin,
  };
}

/** The live state with what `adopt` takes over counted as ours. */
export function adopted(model: Model, desired: State, live: State): State {
  const state: State = { ...live };
  for (const id in desired) {
    const r = live[id];
    if (r?.owner === "none")
      state[id] = { ...r, owner: "lab", at: { ...r.at, adopted: behaviourOf(model, r).mark !== undefined } };
  }
  return state;
}
