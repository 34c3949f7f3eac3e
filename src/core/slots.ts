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

/** From slot to the items for which `slots` names it. Most slots are named once: those get no list of their own. */
export class SlotIndex<T extends object = Resource> {
  private readonly bySlot = new Map<Slot, T | T[]>();

  constructor(items: Iterable<T>, slots: (item: T) => Slot[]) {
    for (const item of items) for (const slot of slots(item)) this.add(slot, item);
  }

  private add(slot: Slot, item: T): void {
    const found = this.bySlot.get(slot);
    if (found === undefined) this.bySlot.set(slot, item);
    else if (Array.isArray(found)) found.push(item);
    else this.bySlot.set(slot, [found, item]);
  }

  of(slot: Slot): readonly T[] {
    const found = this.bySlot.get(slot);
    if (found === undefined) return NOBODY;
    return Array.isArray(found) ? found : [found];
  }
}

const NOBODY: never[] = [];
