// From two states to a plan: pure, synchronous, deterministic. It knows no kind by name.
import { behaviourOf, type Model } from "./behaviour.js";
import { cascade, contested, type Loss } from "./cascade.js";
import { conflicts } from "./conflicts.js";
import { type Differing, diff } from "./diff.js";
import { type Guests, guestsOf } from "./guests.js";
import { connect, type Node, type Nodes, sorted } from "./order.js";
import {
  type Change,
  type Conflict,
  type FieldChange,
  PLAN_FORMAT,
  type Plan,
  type Traffic,
  type Warning,
} from "./plan.js";
import type { Resource, ResourceId, Slot, State } from "./resource.js";
import { schedule } from "./schedule.js";
import { SlotIndex, slotsOf } from "./slots.js";

export interface PlanInput {
  lab: string;
  desired: State;
  live: State;
  warnings?: Warning[];
  /** What was found to be impossible already. */
  refused?: Conflict[];
}

/** @throws Error where the kinds contradict themselves (a circle, an unknown field): a mistake in netlab, not in the input. */
export function makePlan(model: Model, { lab, desired, live, warnings = [], refused = [] }: PlanInput): Plan {
  const differences = new Map(diff(model, desired, live).map((one) => [one.id, one]));
  const losses = lossesOf(model, desired, live, differences);
  const lost = (id: ResourceId) => losses.get(id);
  const wanted = Object.values(desired).filter(({ id }) => lost(id) || differences.get(id)?.action === "create");
  const guests = guestsOf(model, live, desired, losses, wanted);
  const creates = [...wanted, ...guests.back.values()];
  // Where nothing goes, nobody asks for what goes: that is most plans, and the largest.
  if (losses.size > 0) contested(model, losses, new Set(creates.flatMap((r) => slotsOf(model, "claims", r))));
  const work = { desired, live, differences, losses, creates, guests };
  const nodes = nodesOf(model, work);
  connect(model, nodes, losses);
  return {
    format: PLAN_FORMAT,
    lab,
    changes: changesOf(model, work, nodes),
    stages: schedule(sorted(model, nodes)),
    warnings: [...warnings, ...guests.warnings],
    conflicts: [...refused, ...conflicts(model, desired, live)],
  };
}

interface Work {
  desired: State;
  live: State;
  differences: Map<ResourceId, Differing>;
  losses: Map<ResourceId, Loss>;
  creates: Resource[];
  guests: Guests;
}

function lossesOf(model: Model, desired: State, live: State, differences: Map<ResourceId, Differing>) {
  const ends: Resource[] = [];
  const flaps = new Map<Slot, ResourceId>();
  for (const { action, id } of differences.values()) {
    if (action === "delete" || action === "replace") ends.push(live[id]!);
    if (action === "update")
      for (const slot of behaviourOf(model, desired[id]!).flaps?.(live[id]!, desired[id]!) ?? []) flaps.set(slot, id);
  }
  return cascade(model, live, ends, flaps);
}

function nodesOf(model: Model, { desired, live, differences, losses, creates }: Work): Nodes {
  const nodes: Nodes = { deletes: new Map(), makes: new Map() };
  const askers = new SlotIndex(losses.size > 0 ? creates : [], (r) => exclusive(model, r));
  for (const { resource, implied } of losses.values()) {
    if (implied || (resource.owner !== "lab" && resource.owner !== "ambient")) continue;
    const node = nodeOf(model, "delete", resource, behaviourOf(model, resource).remove(resource));
    const asker = desired[resource.id] ?? exclusive(model, resource).flatMap((slot) => askers.of(slot))[0];
    const origin = asker?.origin !== undefined && { origin: asker.origin };
    nodes.deletes.set(resource.id, { ...node, resource: { ...resource, ...origin } });
  }
  const born = new Map<ResourceId, Resource>();
  for (const r of creates) for (const one of behaviourOf(model, r).spawns?.(r) ?? []) born.set(one.id, one);
  for (const r of creates)
    nodes.makes.set(r.id, nodeOf(model, "create", r, behaviourOf(model, r).create(r, born.get(r.id))));
  for (const [id, { action, fields }] of differences) {
    if (action !== "update" || losses.has(id)) continue;
    const [from, to] = [live[id]!, desired[id]!];
    const behaviour = behaviourOf(model, to);
    const commands = behaviour.update(
      from,
      to,
      fields.map(({ field }) => field),
    );
    nodes.makes.set(id, nodeOf(model, "update", to, commands, behaviour.flaps?.(from, to)));
  }
  return nodes;
}

/** What only one may have or provide: who wants it is why another goes. */
const exclusive = (model: Model, r: Resource): Slot[] => [
  ...slotsOf(model, "claims", r),
  ...slotsOf(model, "provides", r),
];

function nodeOf(
  model: Model,
  action: Node["action"],
  resource: Resource,
  commands: Node["commands"],
  flaps: Slot[] = [],
): Node {
  const [first] = commands;
  const lane = first ? `${first.tool}@${first.place}` : "";
  if (commands.some(({ tool, place }) => tool !== first!.tool || place !== first!.place))
    throw new Error(`${action} ${resource.id} is not of one lane`);
  const atomic = behaviourOf(model, resource).atomic ?? false;
  const before: Node[] = [];
  const notes = { state: "new", waitsFor: before, level: 0, latest: 0 } as const;
  return { action, resource, commands, lane, atomic, flaps, before, ...notes };
}

function changesOf(model: Model, work: Work, { makes }: Nodes): Change[] {
  const { desired, differences, losses, guests } = work;
  const changes: Change[] = [];
  for (const id in desired) {
    const change = differences.get(id);
    const loss = losses.get(id);
    // What comes as it is wanted with something else is no news.
    if (makes.get(id)?.action === "create" && makes.get(id)?.commands.length === 0) continue;
    if (change?.action === "replace") changes.push(changeOf(desired[id]!, "replace", change.fields, "rebuild"));
    else if (loss) changes.push(changeOf(desired[id]!, "create", change?.fields ?? [], "rebuild", reasonOf(loss)));
    else if (change?.action === "create") changes.push(changeOf(desired[id]!, "create", change.fields, "none"));
    else if (change?.action === "update")
      changes.push(changeOf(desired[id]!, "update", change.fields, trafficOf(model, desired[id]!, change.fields)));
  }
  for (const r of guests.back.values())
    changes.push(changeOf(r, "create", [], "rebuild", `${reasonOf(losses.get(r.id)!)}; not the lab's, put back`));
  for (const { resource, implied, by } of losses.values()) {
    if (resource.id in desired || guests.back.has(resource.id)) continue;
    const explicit = !implied && (resource.owner === "lab" || resource.owner === "ambient");
    if (!explicit && resource.owner !== "lab") continue;
    changes.push({
      ...changeOf(resource, "delete", [], "none"),
      ...(implied && by[0] !== undefined && { goesWith: by[0] }),
    });
  }
  return changes;
}

const reasonOf = ({ by, flap }: Loss) =>
  by.length ? `lost ${flap ? "when an update interrupts" : "with"} ${by.join(" and ")}` : undefined;

function changeOf(
  r: Resource,
  action: Change["action"],
  fields: FieldChange[],
  traffic: Traffic,
  reason?: string,
): Change {
  const { id, kind, place, origin } = r;
  return {
    action,
    id,
    kind,
    place,
    fields,
    traffic,
    ...(reason && { reason }),
    ...(origin !== undefined && { origin }),
  };
}

const WEIGHT: Traffic[] = ["none", "flap", "rebuild"];

function trafficOf(model: Model, r: Resource, fields: FieldChange[]): Traffic {
  const all = fields.map(({ field }) => WEIGHT.indexOf(behaviourOf(model, r).fields[field]?.traffic ?? "none"));
  return WEIGHT[Math.max(0, ...all)]!;
}

export const isEmpty = (plan: Plan): boolean => plan.changes.length === 0;
