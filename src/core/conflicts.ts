// What stands in the way and is not ours: found before the first change.
import type { Model } from "./behaviour.js";
import { isUsable } from "./diff.js";
import type { Conflict } from "./plan.js";
import type { Resource, ResourceId, State } from "./resource.js";
import { heldBy, SlotIndex, slotsOf } from "./slots.js";

/** One for each wanted resource that cannot be had; those that live on such a one are not named beside it. */
export function conflicts(model: Model, desired: State, live: State): Conflict[] {
  const strangers: Resource[] = [];
  for (const id in live) if (!isUsable(live[id]!)) strangers.push(live[id]!);
  if (strangers.length === 0) return [];
  const holders = new SlotIndex(strangers, (r) => heldBy(model, r));
  const found = new Map<ResourceId, Conflict>();
  for (const wanted of Object.values(desired)) {
    const claimed = slotsOf(model, "claims", wanted).flatMap((slot) => holders.of(slot));
    const same = live[wanted.id];
    const holder = same && !isUsable(same) ? same : claimed[0];
    if (holder) found.set(wanted.id, conflict(wanted, holder));
  }
  if (found.size === 0) return [];
  const old = formerName(model, [...found.values()], desired, live);
  const told = withoutRiders(model, desired, found);
  return old === undefined ? told : told.map((one) => ({ ...one, hint: hintOfRenaming(old) }));
}

/** The lab to which all that is in the way belongs, and that is much like this one, of which nothing is there: it may be this. */
function formerName(model: Model, found: Conflict[], desired: State, live: State): string | undefined {
  const old = found[0]!.lab;
  if (old === undefined || found.some(({ lab }) => lab !== old)) return undefined;
  const all = Object.values(live);
  if (all.some(({ owner }) => owner === "lab")) return undefined;
  const claiming = (r: Resource) => slotsOf(model, "claims", r).length > 0;
  const its = all.filter((r) => typeof r.owner === "object" && r.owner.lab === old && claiming(r));
  const alike = its.filter(({ id }) => id in desired).length;
  return 2 * alike >= Math.max(its.length, Object.values(desired).filter(claiming).length) ? old : undefined;
}

const hintOfRenaming = (old: string): string =>
  `All that is in the way carries the lab ${old}: was it renamed? Then destroy it by its old name first (netlab destroy --lab ${old}), or give it that name again.`;

function withoutRiders(model: Model, desired: State, found: Map<ResourceId, Conflict>): Conflict[] {
  const providers = new SlotIndex(
    [...found.keys()].map((id) => desired[id]!),
    (r) => slotsOf(model, "provides", r),
  );
  const rides = (id: ResourceId) =>
    slotsOf(model, "livesOn", desired[id]!).some((slot) => providers.of(slot).some((provider) => provider.id !== id));
  return [...found.values()].filter(({ id }) => !rides(id));
}

function conflict(wanted: Resource, holder: Resource): Conflict {
  const lab = typeof holder.owner === "object" ? holder.owner.lab : undefined;
  const where = holder.place === "host" ? "on the host" : `in the namespace ${holder.place}`;
  const whose = lab ? `belongs to the lab ${lab}` : "carries no mark of a lab";
  const same = holder.id === wanted.id;
  const subject = same
    ? `${wanted.id} is there already`
    : `${wanted.id} cannot be made: ${holder.id} is there already ${where}`;
  return {
    id: wanted.id,
    holder: holder.id,
    ...(lab && { lab }),
    message: `${subject}, and ${whose}.`,
    hint: hintFor(lab, same),
    origin: wanted.origin,
  };
}

function hintFor(lab: string | undefined, same: boolean): string {
  if (lab) return `Destroy that lab (netlab destroy --lab ${lab}), or use another name.`;
  return same ? "Remove it, rename yours, or take it over with --adopt." : "Remove it, or use another name.";
}
