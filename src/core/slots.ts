// Which resources of a state provide, and depend on, each slot.
import { behaviourOf, type Model } from "./behaviour.js";
import type { Resource, Slot } from "./resource.js";

type Slots = "provides" | "needs" | "livesOn" | "lostBy" | "claims" | "after";

const NONE: Slot[] = [];

export const slotsOf = (model: Model, which: Slots, r: Resource): Slot[] => behaviourOf(model, r)[which]?.(r) ?? NONE;

export const heldBy = (model: Model, r: Resource): Slot[] => {
  const { holds, claims } = behaviourOf(model, r);
  return [...(holds?.(r) ?? NONE), ...(claims?.(r) ?? NONE)];
};

/** From slot to the resources for which `slots` names it. */
export class SlotIndex {
  private readonly bySlot = new Map<Slot, Resource[]>();

  constructor(resources: Iterable<Resource>, slots: (r: Resource) => Slot[]) {
    for (const r of resources) for (const slot of slots(r)) this.add(slot, r);
  }

  private add(slot: Slot, r: Resource): void {
    const list = this.bySlot.get(slot);
    if (list) list.push(r);
    else this.bySlot.set(slot, [r]);
  }

  of(slot: Slot): readonly Resource[] {
    return this.bySlot.get(slot) ?? [];
  }
}
