// What is not the lab's and lives on its things: made again as it was when those are made again, or named as lost.
import { behaviourOf, type Model } from "./behaviour.js";
import type { Loss } from "./cascade.js";
import type { Warning } from "./plan.js";
import type { Resource, ResourceId, Slot, State } from "./resource.js";
import { SlotIndex, slotsOf } from "./slots.js";

export interface Guests {
  /** Lost, and made again. */
  back: Map<ResourceId, Resource>;
  /** Lost, though not all that it stands on goes for good, and nobody but who made it can make it again. */
  warnings: Warning[];
}

/** Somebody has made it, and not this lab. */
export const isForeign = ({ owner }: Resource): boolean => owner === "none" || typeof owner === "object";

/** Such as can be made again from what is known of it. */
export const isRestored = (model: Model, r: Resource): boolean =>
  r.owner !== "lab" && behaviourOf(model, r).restored?.(r) === true;

/** `creates`: what the plan makes for the lab. */
export function guestsOf(
  model: Model,
  live: State,
  desired: State,
  losses: Map<ResourceId, Loss>,
  creates: Resource[],
): Guests {
  const lost = [...losses.values()].filter(
    ({ resource: r }) => !(r.id in desired) && (isForeign(r) || isRestored(model, r)),
  );
  const back = new Map<ResourceId, Resource>();
  if (lost.length === 0) return { back, warnings: [] };
  for (const { resource } of lost) if (isRestored(model, resource)) back.set(resource.id, resource);
  const ground = groundOf(model, live, losses, creates);
  dropGroundless(model, ground, back);
  const gone = lost.filter(
    ({ resource: r }) => isForeign(r) && !back.has(r.id) && restsOn(model, r).some((slot) => ground(slot) !== "lost"),
  );
  return { back, warnings: gone.length > 0 ? [warningOf(gone)] : [] };
}

const restsOn = (model: Model, r: Resource): Slot[] => [...slotsOf(model, "needs", r), ...slotsOf(model, "livesOn", r)];

type Ground = (slot: Slot) => "kept" | "lost" | "again";

/** What becomes of a slot: nothing that provides it goes, or all that does, or it is there again after the plan. */
function groundOf(model: Model, live: State, losses: Map<ResourceId, Loss>, creates: Resource[]): Ground {
  const provides = (r: Resource) => slotsOf(model, "provides", r);
  const lost = Array.from(losses.values(), ({ resource }) => resource);
  const staying = Object.values(live).filter(({ id }) => !losses.has(id));
  const before = new SlotIndex(lost, provides);
  const after = new SlotIndex([...staying, ...creates], provides);
  return (slot) => (before.of(slot).length === 0 ? "kept" : after.of(slot).length > 0 ? "again" : "lost");
}

/** Takes out what stands on something that is lost and does not come again; and what stands on that. */
function dropGroundless(model: Model, ground: Ground, back: Map<ResourceId, Resource>): void {
  for (let size = -1; size !== back.size; ) {
    size = back.size;
    const together = new SlotIndex(back.values(), (r) => slotsOf(model, "provides", r));
    const holds = (slot: Slot) => ground(slot) !== "lost" || together.of(slot).length > 0;
    for (const r of back.values()) if (!restsOn(model, r).every(holds)) back.delete(r.id);
  }
}

function warningOf(gone: Loss[]): Warning {
  const list = gone.map(({ resource, by }) => `${resource.id} (with ${by.join(" and ")})`).join(", ");
  const them = gone.length > 1 ? "they are" : "it is";
  return {
    code: "foreign-lost",
    message: `${list} will be lost: ${them} not the lab's, and netlab cannot make ${gone.length > 1 ? "them" : "it"} again.`,
  };
}
