// From two states to a plan: pure, synchronous, deterministic. It knows no kind by name.
import { behaviourOf, type Model } from "./behaviour.js";
import { type Cascade, contested, type Loss, whatGoes } from "./cascade.js";
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
  /** Steps that are worth a process of their own; see schedule.ts. */
  many?: number;
}

/** @throws Error where the kinds contradict themselves (a circle, an unknown field): a mistake in netlab, not in the input. */
export function makePlan(model: Model, { lab, desired, live, warnings = [], refused = [], many }: PlanInput): Plan {
  const differences = diff(model, desired, live);
  const cascade = cascadeOf(model, desired, live, differences);
  const { losses } = cascade;
  const wishes = wishesOf(desired, differences, losses);
  const wanted = wishes.filter(({ change, loss }) => loss || change?.action === "create").map(({ to }) => to);
  const guests = guestsOf(model, live, desired, losses, wanted);
  const creates = [...wanted, ...guests.back.values()];
  // Where nothing goes, nobody asks for what goes: that is most plans, and the largest.
  if (losses.size > 0) contested(model, losses, new Set(creates.flatMap((r) => slotsOf(model, "claims", r))));
  const work = { desired, live, wishes, losses, creates, guests };
  const nodes = nodesOf(model, work);
  connect(model, nodes, cascade);
  return {
    format: PLAN_FORMAT,
    lab,
    changes: changesOf(model, work, nodes),
    stages: schedule(sorted(model, nodes), many),
    warnings: [...warnings, ...guests.warnings],
    conflicts: [...refused, ...conflicts(model, desired, live)],
  };
}

/** A wanted resource that is not there as it is wanted, or is lost with something. */
interface Wish {
  to: Resource;
  change: Differing | undefined;
  loss: Loss | undefined;
}

interface Work {
  desired: State;
  live: State;
  wishes: Wish[];
  losses: Map<ResourceId, Loss>;
  creates: Resource[];
  guests: Guests;
}

function cascadeOf(model: Model, desired: State, live: State, differences: Differing[]): Cascade {
  const ends: Resource[] = [];
  const flaps = new Map<Slot, ResourceId>();
  for (const { action, id } of differences) {
    if (action === "delete" || action === "replace") ends.push(live[id]!);
    if (action === "update")
      for (const slot of behaviourOf(model, desired[id]!).flaps?.(live[id]!, desired[id]!) ?? []) flaps.set(slot, id);
  }
  return whatGoes(model, live, ends, flaps);
}

/** In the order of what is desired. Where nothing goes, only what differs is to be looked at. */
function wishesOf(desired: State, differences: Differing[], losses: Map<ResourceId, Loss>): Wish[] {
  if (losses.size === 0) return differences.map((change) => ({ to: desired[change.id]!, change, loss: undefined }));
  const changes = new Map(differences.map((one) => [one.id, one]));
  return Object.values(desired).flatMap((to) => {
    const [change, loss] = [changes.get(to.id), losses.get(to.id)];
    return change || loss ? [{ to, change, loss }] : [];
  });
}

function nodesOf(model: Model, { desired, live, wishes, losses, creates }: Work): Nodes {
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
  for (const { to, change, loss } of wishes) {
    if (change?.action !== "update" || loss) continue;
    const from = live[to.id]!;
    const behaviour = behaviourOf(model, to);
    const commands = behaviour.update(
      from,
      to,
      change.fields.map(({ field }) => field),
    );
    nodes.makes.set(to.id, nodeOf(model, "update", to, commands, behaviour.flaps?.(from, to)));
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
  const { atomic = false, anyOrder = false } = behaviourOf(model, resource);
  return {
    action,
    resource,
    commands,
    lane,
    atomic,
    anyOrder,
    flaps,
    before: [],
    state: "new",
    waitsFor: [],
    level: 0,
    latest: 0,
    stays: atomic || action === "delete",
  };
}

function changesOf(model: Model, work: Work, { makes }: Nodes): Change[] {
  const { desired, wishes, losses, guests } = work;
  const changes: Change[] = [];
  for (const { to, change, loss } of wishes) {
    const made = makes.get(to.id);
    // What comes as it is wanted with something else is no news.
    if (made?.action === "create" && made.commands.length === 0) continue;
    const fields = change?.fields ?? [];
    if (change?.action === "replace") changes.push(changeOf(to, "replace", fields, "rebuild"));
    else if (loss) changes.push(changeOf(to, "create", fields, "rebuild", reasonOf(loss)));
    else if (change?.action === "create") changes.push(changeOf(to, "create", fields, "none"));
    else changes.push(changeOf(to, "update", fields, trafficOf(model, to, fields)));
  }
  for (const r of guests.back.values())
    changes.push(changeOf(r, "create", [], "rebuild", `${reasonOf(losses.get(r.id)!)}; not the lab's, put back`));
  for (const { resource, implied, by } of losses.values()) {
    if (resource.id in desired || guests.back.has(resource.id)) continue;
    const explicit = !implied && (resource.owner === "lab" || resource.owner === "ambient");
    if (!explicit && resource.owner !== "lab") continue;
    changes.push({ ...changeOf(resource, "delete", [], "none"), goesWith: implied ? by[0] : undefined });
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
  return { action, id, kind, place, fields, traffic, reason, origin, goesWith: undefined };
}

const WEIGHT: Traffic[] = ["none", "flap", "rebuild"];

function trafficOf(model: Model, r: Resource, fields: FieldChange[]): Traffic {
  const all = fields.map(({ field }) => WEIGHT.indexOf(behaviourOf(model, r).fields[field]?.traffic ?? "none"));
  return WEIGHT[Math.max(0, ...all)]!;
}

export const isEmpty = (plan: Plan): boolean => plan.changes.length === 0;
