// What is not the lab's, and goes with a plan: put back on the way back where that can be done, and told where it is gone.
import { isForeign, isRestored } from "../core/guests.js";
import type { Planned } from "../core/plan.js";
import type { Resource, ResourceId, State } from "../core/resource.js";
import { simulate, stepsOf } from "../core/simulate.js";
import type { Failure } from "./events.js";
import { failing } from "./failures.js";
import { model } from "./model.js";

/** Things of others, and processes, that are not there any more at some time in the plan. */
export function strangersOf({ plan, desired, live }: Planned): State {
  const steps = stepsOf(plan);
  const ended = new Set(steps.flatMap(({ action, id }) => (action === "delete" ? [id] : [])));
  const strangers = Object.values(live).filter((r) => isStranger(r, ended) && !(r.id in desired));
  if (strangers.length === 0) return {};
  const after = simulate(
    model,
    live,
    desired,
    steps.filter(({ action, id }) => action === "delete" || id in desired),
  );
  const isGone = ({ id, place }: Resource) => {
    const home = `namespace:${place}`;
    return !(id in after) || (home in live && !(home in after));
  };
  return Object.fromEntries(strangers.filter(isGone).map((r) => [r.id, r]));
}

const isStranger = (r: Resource, ended: Set<ResourceId>): boolean =>
  isForeign(r) || isRestored(model, r) || (r.owner === "ambient" && ended.has(r.id));

/** Those that are not there now, and can be made again from what is known of them. */
export const missingGuests = (strangers: State, now: State): State =>
  Object.fromEntries(Object.entries(strangers).filter(([id, r]) => !(id in now) && isRestored(model, r)));

/** Those that are not there now; where it cannot be looked at, all that may be gone, and why. */
export async function missing(
  strangers: State,
  look: () => Promise<State>,
): Promise<{ gone: ResourceId[]; failure?: Failure }> {
  const ids = Object.keys(strangers);
  if (ids.length === 0) return { gone: [] };
  let now: State = {};
  const failure = await failing(async () => (now = await look()));
  return { gone: ids.filter((id) => !(id in now)), ...(failure && { failure }) };
}

/** Those that the plan itself was to put back. */
export function promised({ plan, desired, live }: Planned): State {
  const back = stepsOf(plan).filter(({ action, id }) => action === "create" && !(id in desired));
  return Object.fromEntries(back.map(({ id }) => [id, live[id]!]));
}
