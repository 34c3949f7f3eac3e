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

/** `ends`: what is deleted or replaced for its own sake. `flaps`: slots that an update interrupts, with its resource. */
export function cascade(
  model: Model,
  live: State,
  ends: Resource[],
  flaps: Map<Slot, ResourceId>,
): Map<ResourceId, Loss> {
  const losses = new Map<ResourceId, Loss>();
  if (ends.length === 0 && flaps.size === 0) return losses;
  const all = Object.values(live);
  const slots = (which: "provides" | "livesOn" | "needs" | "lostBy") =>
    new SlotIndex(all, (r) => slotsOf(model, which, r));
  const [providers, riders, needers] = [slots("provides"), slots("livesOn"), slots("needs")];
  const queue: Resource[] = [];
  const lose = (loss: Loss) => {
    if (losses.has(loss.resource.id)) return;
    losses.set(loss.resource.id, loss);
    queue.push(loss.resource);
  };

  for (const resource of ends) lose({ resource, by: [], implied: false, flap: false });
  // What is not there cannot be interrupted.
  const interrupted = [...flaps].filter(([slot]) => providers.of(slot).length > 0);
  if (interrupted.length > 0) {
    const flappers = slots("lostBy");
    for (const [slot, id] of interrupted)
      for (const resource of [...flappers.of(slot), ...riders.of(slot)])
        lose({ resource, by: [id], implied: true, flap: true });
  }
  const left = new Map<Slot, number>();
  for (let next = queue.pop(); next; next = queue.pop())
    for (const slot of slotsOf(model, "provides", next)) {
      const from = providers.of(slot);
      const others = (left.get(slot) ?? from.length) - 1;
      left.set(slot, others);
      if (others > 0) continue;
      const [dying, needing] = [riders.of(slot), needers.of(slot)];
      if (dying.length + needing.length === 0) continue;
      const by = from.map(({ id }) => id);
      for (const resource of dying) lose({ resource, by, implied: true, flap: false });
      for (const resource of needing) lose({ resource, by, implied: false, flap: false });
    }
  return withImplied(model, losses, providers);
}

/** What is ended for its own sake needs no command either, when something it lives on ends too. */
function withImplied(model: Model, losses: Map<ResourceId, Loss>, providers: SlotIndex): Map<ResourceId, Loss> {
  for (const loss of losses.values()) {
    if (loss.flap) continue;
    for (const slot of slotsOf(model, "livesOn", loss.resource)) {
      const from = providers.of(slot);
      if (from.length === 0 || !from.every(({ id }) => losses.has(id) && id !== loss.resource.id)) continue;
      if (!loss.implied) loss.by = from.map(({ id }) => id);
      loss.implied = true;
    }
  }
  return losses;
}

/** Losses that need a command of their own after all: their names linger, and something in the plan wants one. */
export function contested(model: Model, losses: Map<ResourceId, Loss>, wanted: Set<Slot>): void {
  for (const loss of losses.values())
    if (loss.implied && !loss.flap && behaviourOf(model, loss.resource).lingers)
      if (slotsOf(model, "claims", loss.resource).some((slot) => wanted.has(slot))) loss.implied = false;
}
