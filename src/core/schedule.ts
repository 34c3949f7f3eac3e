// From ordered nodes to stages: batches of one lane as large as they can be, in as few stages as the order allows.
import { groupBy } from "./group-by.js";
import type { Node } from "./order.js";
import type { Batch, Stage, Step } from "./plan.js";

/** So many steps are worth a process of their own. */
const MANY = 100;

/** `order` as `sorted` gives it. */
export function schedule(order: Node[], many = MANY): Stage[] {
  setLevels(order);
  const stages: Map<string, Node[]>[] = [];
  for (const node of order) {
    const stage = (stages[node.level] ??= new Map());
    const batch = stage.get(node.lane);
    if (batch) batch.push(node);
    else stage.set(node.lane, [node]);
  }
  merge(stages, order);
  postpone(stages, order, many);
  return numbered(stages.filter((stage) => stage.size > 0).map((stage) => batchesOf(stage, many)));
}

/** One for each lane; two where there is only one, and processors would be idle. */
function batchesOf(stage: Map<string, Node[]>, many: number): Node[][] {
  const busy = [...stage.keys()].filter((lane) => lane !== "");
  return [...stage].flatMap(([lane, nodes]) => (busy.length === 1 && lane === busy[0] ? halves(nodes, many) : [nodes]));
}

/** What a long batch makes, in two, neither of which waits for the other: namespaces with their cables, half and half. */
function halves(nodes: Node[], many: number): Node[][] {
  if (nodes.length < 2 * many || !nodes.every(({ action, anyOrder }) => anyOrder && action === "create"))
    return [nodes];
  const groups = [...groupBy(nodes, leaders(nodes)).values()];
  const first = new Set<Node>();
  for (const group of groups)
    if (2 * (first.size + group.length) <= nodes.length) for (const node of group) first.add(node);
  const parts = [nodes.filter((node) => first.has(node)), nodes.filter((node) => !first.has(node))];
  return parts.every(({ length }) => length >= many) ? parts : [nodes];
}

/** The same node for all that wait for one another: disjoint sets, in which each search halves the way of the next. */
function leaders(nodes: Node[]): (node: Node) => Node {
  const above = new Map(nodes.map((node) => [node, node]));
  const leaderOf = (node: Node): Node => {
    let at = node;
    for (let next = above.get(at)!; next !== at; next = above.get(at)!) {
      const further = above.get(next)!;
      above.set(at, further);
      at = further;
    }
    return at;
  };
  for (const node of nodes)
    for (const other of node.waitsFor) if (above.has(other)) above.set(leaderOf(node), leaderOf(other));
  return leaderOf;
}

/** A node runs in the stage of what it waits for when that is in its own lane, else in a later one. */
function setLevels(order: Node[]): void {
  for (const node of order) {
    const { before } = node;
    node.waitsFor = before.every(({ lane }) => lane)
      ? before
      : before.flatMap((one) => (one.lane ? one : one.waitsFor));
    for (const other of node.waitsFor) node.level = Math.max(node.level, other.level + distance(other, node));
  }
}

/** Stages between two nodes, the second of which waits for the first. */
function distance(from: Node, to: Node): 0 | 1 {
  if (to.lane === "") return 0;
  if (from.lane !== to.lane) return 1;
  return to.atomic && from.action === "delete" && to.action !== "delete" ? 1 : 0;
}

/** A batch that nothing waits for until its lane runs again joins that later batch: one process fewer. */
function merge(stages: Map<string, Node[]>[], order: Node[]): void {
  const last = stages.length - 1;
  for (const node of order) node.latest = last;
  for (const node of order)
    for (const other of node.waitsFor) other.latest = Math.min(other.latest, node.level - distance(other, node));
  const next = new Map<string, number>();
  for (let from = last; from >= 0; from--)
    for (const [lane, nodes] of stages[from]!) {
      const to = next.get(lane);
      if (to === undefined || nodes.some(({ latest }) => latest < to)) {
        next.set(lane, from);
        continue;
      }
      stages[to]!.set(lane, [...nodes, ...stages[to]!.get(lane)!]);
      stages[from]!.delete(lane);
      for (const node of nodes) node.level = to;
    }
}

/**
 * Of a long batch, what is made and the next stage does not wait for runs beside that stage, not before it: a thousand ports
 * are made while their namespaces are set up. What is deleted stays: its place may be wanted without anybody's saying so.
 */
function postpone(stages: Map<string, Node[]>[], order: Node[], many: number): void {
  for (const node of order.toReversed())
    for (const other of node.waitsFor) {
      const goesAlong = node.lane === other.lane && node.level === other.level && !node.stays;
      if (!goesAlong && node.level - distance(other, node) <= other.level) other.stays = true;
    }
  for (let from = stages.length - 2; from >= 0; from--)
    for (const [lane, nodes] of stages[from]!) {
      const next = stages[from + 1]!;
      const late = nodes.filter(({ stays }) => !stays);
      const isAlone = next.size === 0 || (next.size === 1 && next.has(lane));
      if (lane === "" || late.length < many || late.length === nodes.length || isAlone) continue;
      stages[from]!.set(
        lane,
        nodes.filter(({ stays }) => stays),
      );
      next.set(lane, [...late, ...(next.get(lane) ?? [])]);
    }
}

function numbered(stages: Node[][][]): Stage[] {
  let number = 0;
  const stepOf = ({ action, resource, commands, flaps }: Node): Step => ({
    number: ++number,
    action,
    id: resource.id,
    commands,
    flaps: flaps.length > 0 ? flaps : undefined,
    origin: resource.origin,
  });
  return stages.map((stage) => ({
    batches: stage.map((nodes): Batch => {
      const first = nodes.find(({ commands }) => commands.length)?.commands[0];
      return { tool: first?.tool ?? "", place: first?.place ?? "host", steps: nodes.map(stepOf) };
    }),
  }));
}
