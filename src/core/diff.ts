// What differs between what is wanted and what is there: on declared fields, and nothing else.
import equal from "fast-deep-equal";
import { behaviourOf, type Model, type Way } from "./behaviour.js";
import type { FieldChange } from "./plan.js";
import type { Resource, ResourceId, State } from "./resource.js";

export interface Differing {
  action: "create" | "update" | "replace" | "delete";
  id: ResourceId;
  fields: FieldChange[];
}

/** Ours to delete when it is not wanted. */
const isOurs = (r: Resource): boolean => r.owner === "lab";
/** Good for a wish: ours, or made by the kernel. */
export const isUsable = (r: Resource): boolean => r.owner === "lab" || r.owner === "ambient";

/** Every difference, desired ones first, in the order of the states. Things of others do not count as there. */
export function diff(model: Model, desired: State, live: State): Differing[] {
  const found: Differing[] = [];
  for (const id in desired) {
    const [to, from] = [desired[id]!, live[id]];
    const differing =
      from && isUsable(from) ? compare(model, from, to) : { action: "create" as const, id, fields: setBy(to) };
    if (differing) found.push(differing);
  }
  for (const id in live) if (!(id in desired) && isOurs(live[id]!)) found.push({ action: "delete", id, fields: [] });
  return found;
}

/** How two resources of one id differ, or undefined. */
export function compare(model: Model, from: Resource, to: Resource): Differing | undefined {
  let action: "update" | "replace" | undefined;
  let fields: FieldChange[] | undefined;
  for (const field in to.fields) {
    const [before, after] = [from.fields[field], to.fields[field]!];
    if (before === after || equal(before, after)) continue;
    const way = wayOf(model, to, { field, from: before, to: after });
    if (way === "elsewhere") continue;
    if (way === "replace" || action === undefined) action = way;
    (fields ??= []).push({ field, from: before, to: after });
  }
  return action && fields ? { action, id: to.id, fields } : undefined;
}

/** Whether it is as it is wanted. */
export const isAsWanted = (from: Resource, to: Resource): boolean =>
  Object.entries(to.fields).every(([field, value]) => equal(from.fields[field], value));

function wayOf(model: Model, r: Resource, { field, from, to }: FieldChange): Way {
  const way = behaviourOf(model, r).fields[field]?.way;
  if (way === undefined) throw new Error(`kind "${r.kind}" has no field "${field}"`);
  return typeof way === "function" ? way(from, to!) : way;
}

function setBy(r: Resource): FieldChange[] {
  const set: FieldChange[] = [];
  for (const field in r.fields) set.push({ field, from: undefined, to: r.fields[field] });
  return set;
}
