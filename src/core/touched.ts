// Which places a stage may change: where its commands run, and where something depends on what they change.
import { behaviourOf, type Model } from "./behaviour.js";
import type { Stage } from "./plan.js";
import type { Resource, Slot, State } from "./resource.js";
import { slotsOf } from "./slots.js";

const DEPENDS = ["needs", "livesOn", "lostBy", "after"] as const;

/**
 * Places of a stage's steps, and of all in the states that names a slot which one of them provides or interrupts. What is
 * made again because of that is a step itself. Verification does not look at other places again.
 */
export function touched(model: Model, stage: Stage, ...states: State[]): Set<string> {
  const places = new Set(stage.batches.map(({ place }) => place));
  const slots = new Set<Slot>();
  for (const { id, flaps = [] } of stage.batches.flatMap(({ steps }) => steps)) {
    for (const slot of flaps) slots.add(slot);
    for (const state of states) {
      const r = state[id];
      if (!r) continue;
      places.add(r.place);
      for (const born of behaviourOf(model, r).spawns?.(r) ?? []) places.add(born.place);
      for (const slot of slotsOf(model, "provides", r)) slots.add(slot);
    }
  }
  const depends = (r: Resource) => DEPENDS.some((which) => slotsOf(model, which, r).some((slot) => slots.has(slot)));
  for (const state of states)
    for (const id in state) {
      const r = state[id]!;
      if (!places.has(r.place) && depends(r)) places.add(r.place);
    }
  return places;
}
