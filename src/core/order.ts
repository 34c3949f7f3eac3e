// The steps of a plan as a graph, and the order in it: what a step needs is there before it, and goes after it.
import type { Model } from "./behaviour.js";
import type { Cascade, Loss } from "./cascade.js";
import { groupBy } from "./group-by.js";
import { naturally } from "./naturally.js";
import type { Command, Resource, ResourceId, Slot } from "./resource.js";
import { SlotIndex, slotsOf } from "./slots.js";

export interface Node {
  action: "create" | "update" | "delete";
  resource: Resource;
  commands: Command[];
  /** `tool@place`, of all its commands: what may travel in one batch. Empty for a node without commands. */
  lane: string;
  /** Its batch is one transaction: what one step of it frees, another cannot take. */
  atomic: boolean;
  /** Nothing tells whether it was made before or after another such. */
  anyOrder: boolean;
  flaps: Slot[];
  /** Nodes that come before it. */
  before: Node[];
  /** Notes of the sorting and the scheduling, here and not in maps: a large lab has a hundred thousand nodes. */
  state: "new" | "open" | "done";
  /** `before`, looking through nodes that have no commands. */
  waitsFor: Node[];
  /** The stage that it can run in, and the last one that it may. */
  level: number;
  latest: number;
  /** It is in the stage that it can first run in: the next one waits for it, or it makes room for others. */
  stays: boolean;
}

export interface Nodes {
  deletes: Map<ResourceId, Node>;
  /** Creations and updates: at most one for a resource. */
  makes: Map<ResourceId, Node>;
}

/** Fills in `before` of every node. */
export function connect(model: Model, nodes: Nodes, { losses, providers }: Cascade): void {
  const kills = killers(losses, nodes);
  if (nodes.deletes.size > 0) connectDeletes(model, nodes, losses, providers, kills);
  if (nodes.makes.size > 0) connectMakes(model, nodes, losses, kills);
}

type Killers = (id: ResourceId) => Node[];

/** The nodes that end a resource: its own deletion, or those of what it is lost with. */
function killers(losses: Map<ResourceId, Loss>, nodes: Nodes): Killers {
  const known = new Map<ResourceId, Node[]>();
  const find = (id: ResourceId): Node[] => {
    const found = known.get(id);
    if (found) return found;
    known.set(id, []);
    const own = nodes.deletes.get(id);
    const loss = losses.get(id);
    const list = own
      ? [own]
      : !loss
        ? []
        : loss.flap
          ? loss.by.flatMap((by) => nodes.makes.get(by) ?? [])
          : loss.by.flatMap(find);
    known.set(id, list);
    return list;
  };
  return find;
}

/** What needs a thing ends before the thing does. What goes with another, and dies of that by itself, may die of it. */
function connectDeletes(
  model: Model,
  nodes: Nodes,
  losses: Map<ResourceId, Loss>,
  providers: SlotIndex,
  kills: Killers,
): void {
  for (const { resource, flap } of losses.values()) {
    if (flap) continue;
    const slots = nodes.deletes.has(resource.id) ? needsOf(model, resource) : survivedNeeds(model, resource);
    for (const slot of slots)
      for (const provider of providers.of(slot))
        for (const killer of kills(provider.id))
          for (const node of kills(resource.id)) if (killer !== node) killer.before.push(node);
  }
}

const needsOf = (model: Model, r: Resource): Slot[] => [...slotsOf(model, "needs", r), ...slotsOf(model, "livesOn", r)];

/** What it needs but would outlive, as a remnant. */
function survivedNeeds(model: Model, r: Resource): Slot[] {
  const needs = slotsOf(model, "needs", r);
  const deadly = [...slotsOf(model, "livesOn", r), ...slotsOf(model, "lostBy", r)];
  return needs.filter((slot) => !deadly.includes(slot));
}

/** A thing is made after what it needs, and after what would interrupt it; and when what held its names is gone. */
function connectMakes(model: Model, nodes: Nodes, losses: Map<ResourceId, Loss>, kills: Killers): void {
  const providers = new SlotIndex(nodes.makes.values(), ({ resource }) => slotsOf(model, "provides", resource));
  const lost = Array.from(losses.values(), ({ resource }) => resource);
  const holders = new SlotIndex(lost, (r) => slotsOf(model, "claims", r));
  const flapping = [...nodes.makes.values()].filter(({ flaps }) => flaps.length > 0);
  const interrupting = new SlotIndex(flapping, ({ flaps }) => flaps);
  // What is deleted for its own sake goes before what would take it away: there would be nothing left to delete.
  if (flapping.length > 0)
    for (const node of nodes.deletes.values())
      for (const slot of slotsOf(model, "lostBy", node.resource))
        for (const other of interrupting.of(slot)) other.before.push(node);
  for (const [id, node] of nodes.makes) {
    const before: Node[] = [];
    const add = (other: Node) => {
      if (other !== node) before.push(other);
    };
    for (const slot of slotsOf(model, "needs", node.resource)) providers.of(slot).forEach(add);
    for (const slot of slotsOf(model, "after", node.resource)) providers.of(slot).forEach(add);
    if (flapping.length > 0)
      for (const slot of [...slotsOf(model, "livesOn", node.resource), ...slotsOf(model, "lostBy", node.resource)])
        interrupting.of(slot).forEach(add);
    if (losses.has(id)) kills(id).forEach(add);
    if (losses.size > 0)
      for (const slot of slotsOf(model, "claims", node.resource))
        for (const holder of holders.of(slot)) kills(holder.id).forEach(add);
    // A list that has grown has room for more, a hundred thousand times.
    node.before = [...node.before, ...before];
  }
}

/**
 * Every node after those before it; otherwise deletions first, from the last kind to the first, then the rest from the
 * first kind to the last, by id. The same input gives the same order.
 */
export function sorted(model: Model, { deletes, makes }: Nodes): Node[] {
  const order: Node[] = [];
  const visit = (node: Node): void => {
    if (node.state === "done") return;
    if (node.state === "open") throw new Error(`the plan has a circle through ${node.action} ${node.resource.id}`);
    node.state = "open";
    for (const other of node.before) visit(other);
    node.state = "done";
    order.push(node);
  };
  const kinds = [...model.keys()];
  byKind(kinds.toReversed(), deletes).forEach(visit);
  byKind(kinds, makes).forEach(visit);
  return order;
}

function byKind(kinds: string[], nodes: Map<ResourceId, Node>): Node[] {
  const groups = groupBy(nodes.values(), ({ resource }) => resource.kind);
  return kinds.flatMap((kind) => groups.get(kind)?.sort((a, b) => naturally(a.resource.id, b.resource.id)) ?? []);
}
