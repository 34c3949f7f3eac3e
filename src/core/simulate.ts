// What a plan does to a state, by the kinds' own word on what lives on what. The planner's judgement has no part in it.
import { produce, setAutoFreeze } from "immer";
import { behaviourOf, type Model } from "./behaviour.js";
import type { Plan, Step } from "./plan.js";
import type { Resource, Slot, State } from "./resource.js";
import { slotsOf } from "./slots.js";

setAutoFreeze(false);

export const stepsOf = (plan: Plan): Step[] =>
  plan.stages.flatMap(({ batches }) => batches.flatMap(({ steps }) => steps));

/** The live state after the steps, by default all of the plan's. One draft a plan: a draft a step is quadratic. */
export function simulate(model: Model, live: State, desired: State, steps: Step[]): State {
  return produce(live, (draft: State) => {
    const world = new World(model, draft);
    for (const step of steps) world.step(step, desired[step.id], live[step.id]);
  });
}

class World {
  private readonly providers = new Map<Slot, Set<string>>();
  private readonly riders = new Map<Slot, Set<string>>();
  private readonly flappers = new Map<Slot, Set<string>>();

  constructor(
    private readonly model: Model,
    private readonly state: State,
  ) {
    for (const id in state) this.index(state[id]!);
  }

  /** `before`: how it was before the plan, as which somebody else's is made again. */
  step({ action, id, flaps = [] }: Step, desired: Resource | undefined, before: Resource | undefined): void {
    const interrupted = flaps.filter((slot) => this.providers.get(slot)?.size);
    if (action === "delete") this.end(id);
    else if (desired) this.put(this.settled(desired));
    else if (before) this.put(before);
    if (action === "create" && desired)
      for (const born of behaviourOf(this.model, desired).spawns?.(desired) ?? []) this.put(born);
    for (const slot of interrupted)
      for (const index of [this.flappers, this.riders]) for (const lost of [...(index.get(slot) ?? [])]) this.end(lost);
  }

  /** What a command makes carries our mark; what it does not set stays as it was. */
  private settled(desired: Resource): Resource {
    const before = this.state[desired.id];
    const { origin: _, ...rest } = desired;
    return {
      ...rest,
      fields: { ...before?.fields, ...desired.fields },
      owner: before?.owner === "ambient" ? "ambient" : "lab",
    };
  }

  private put(r: Resource): void {
    if (this.state[r.id]) this.unindex(r.id);
    this.state[r.id] = r;
    this.index(r);
  }

  /** Removes it, and what lives on a slot that nobody provides any more. */
  private end(id: string): void {
    const r = this.state[id];
    if (!r) return;
    this.unindex(id);
    delete this.state[id];
    for (const slot of slotsOf(this.model, "provides", r))
      if (!this.providers.get(slot)?.size) for (const rider of [...(this.riders.get(slot) ?? [])]) this.end(rider);
  }

  private index(r: Resource): void {
    this.each(r, (index, slot) => {
      const ids = index.get(slot);
      if (ids) ids.add(r.id);
      else index.set(slot, new Set([r.id]));
    });
  }

  private unindex(id: string): void {
    this.each(this.state[id]!, (index, slot) => index.get(slot)?.delete(id));
  }

  private each(r: Resource, visit: (index: Map<Slot, Set<string>>, slot: Slot) => void): void {
    for (const slot of slotsOf(this.model, "provides", r)) visit(this.providers, slot);
    for (const slot of slotsOf(this.model, "livesOn", r)) visit(this.riders, slot);
    for (const slot of slotsOf(this.model, "lostBy", r)) visit(this.flappers, slot);
  }
}
