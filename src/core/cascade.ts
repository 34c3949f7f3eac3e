// What goes when something goes: from the resources that are deleted, replaced or interrupted to all that is lost with them.
import { behaviourOf, type Model } from "./behaviour.js";
import type { Resource, ResourceId, Slot, State } from "./resource.js";
import { SlotIndex, slotsOf } from "./slots.js";

export interface Loss {
  resource: Resource;
  /** The resources with which it is lost; empty for those that the plan itself deletes or replaces. */
  by: ResourceId[];
  /** It needs no command: the kernel ends it with `by`. */
  implied: boolean;
  /** It is lost by an interruption, in an update of `by`. */
  flap: boolean;
}

export interface Cascade {
  losses: Map<ResourceId, Loss>;
  /** Of all that is there; empty where nothing is lost. */
  providers: SlotIndex;
}

/** `ends`: what is deleted or replaced for its own sake. `flaps`: slots that an update interrupts, with its resource. */
export function whatGoes(model: Model, live: State, ends: Resource[], flaps: Map<Slot, ResourceId>): Cascade {
  const losses = new Map<ResourceId, Loss>();
  if (ends.length === 0 && flaps.size === 0) return { losses, providers: new SlotIndex([], () => []) };
  const queue: Resource[] = [];
  const lose = (loss: Loss) => {
    if (losses.has(loss.resource.id)) return;
    losses.set(loss.resource.id, loss);
    queue.push(loss.resource);
  };
  for (const resource of ends) lose({ resource, by: [], implied: false, flap: false });
  const all = Object.values(live);
  // What ends for its own sake cannot be lost once more: in a destroy that is nearly all.
  const others = all.filter(({ id }) => !losses.has(id));
  const slots = (of: Resource[], which: "provides" | "livesOn" | "needs" | "lostBy") =>
    new SlotIndex(of, (r) => slotsOf(model, which, r));
  const [providers, riders, needers] = [slots(all, "provides"), slots(others, "livesOn"), slots(others, "needs")];
  // What is not there cannot be interrupted.
  const interrupted = [...flaps].filter(([slot]) => providers.of(slot).length > 0);
  if (interrupted.length > 0) {
    const flappers = slots(others, "lostBy");
    for (const [slot, id] of interrupted)
      for (const resource of [...flappers.of(slot), ...riders.of(slot)])
        lose({ resource, by: [id], implied: true, flap: true });
  }
  const left = new Map<Slot, number>();
  for (let next = queue.pop(); next; next = queue.pop())
    for (const slot of slotsOf(model, "provides", next)) {
      const [dying, needing] = [riders.of(slot), needers.of(slot)];
      if (dying.length + needing.length === 0) continue;
      const from = providers.of(slot);
      const staying = (left.get(slot) ?? from.length) - 1;
      left.set(slot, staying);
      if (staying > 0) continue;
      const by = from.map(({ id }) => id);
      for (const resource of dying) lose({ resource, by, implied: true, flap: false });
      for (const resource of needing) lose({ resource, by, implied: false, flap: false });
    }
  for (const loss of losses.values()) imply(model, loss, losses, providers);
  return { losses, providers };
}

/** What is ended for its own sake needs no command either, when something it lives on ends too. */
function imply(model: Model, loss: Loss, losses: Map<ResourceId, Loss>, providers: SlotIndex): void {
  if (loss.implied) return;
  for (const slot of slotsOf(model, "livesOn", loss.resource)) {
    const from = providers.of(slot);
    if (from.length === 0 || !from.every(({ id }) => losses.has(id) && id !== loss.resource.id)) continue;
    loss.by = from.map(({ id }) => id);
    loss.implied = true;
    return;
  }
}

/** Losses that need a command of their own after all: their names linger, and something in the plan wants one. */
export function contested(model: Model, losses: Map<ResourceId, Loss>, wanted: Set<Slot>): void {
  for (const loss of losses.values())
    if (loss.implied && !loss.flap && behaviourOf(model, loss.resource).lingers)
      if (slotsOf(model, "claims", loss.resource).some((slot) => wanted.has(slot))) loss.implied = false;
}
