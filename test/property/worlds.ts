// Arbitrary live states and wishes: what an earlier topology left behind, drifted, and what a file asks for now.
import fc from "fast-check";
import { makePlan } from "../../src/core/planner.js";
import type { Json, Owner, Resource, State } from "../../src/core/resource.js";
import { simulate, stepsOf } from "../../src/core/simulate.js";
import { model } from "../../src/engine/model.js";
import { desiredWith } from "../../src/engine/state.js";
import type { Facts } from "../../src/kinds/rows.js";
import type { Lab } from "../../src/topology/lab.js";
import type { Topology } from "../../src/topology/types.gen.js";
import { arbitraryTopology, labOf } from "../helpers/arbitrary-topology.js";
import { DOCKER } from "../helpers/docker-filters.js";

export interface World {
  /** What is there. */
  live: State;
  /** What is wanted. */
  desired: State;
}

export interface Recipe {
  earlier: Topology;
  wanted: Topology;
  facts: Facts;
  drift: Drift[];
}

/** `which` is taken modulo what there is. */
export interface Drift {
  what: "lose" | "alter" | "foreign";
  which: number;
  how: number;
}

export function arbitraryRecipe(sorts: Drift["what"][] = ["lose", "alter"]): fc.Arbitrary<Recipe> {
  const born = { "net.ipv4.ip_forward": "1", "net.ipv6.conf.all.forwarding": "0" };
  return fc.record({
    earlier: arbitraryTopology(),
    wanted: arbitraryTopology(),
    facts: fc.record({
      born: fc.constantFrom({}, born),
      ovsKernelDatapath: fc.boolean(),
      brNetfilter: fc.boolean(),
      filters: fc.constant(DOCKER),
    }),
    drift: fc.array(fc.record({ what: fc.constantFrom(...sorts), which: fc.nat(200), how: fc.nat(20) }), {
      maxLength: 4,
    }),
  });
}

export async function worldOf({ earlier, wanted, facts, drift }: Recipe): Promise<World> {
  const desired = stateOf(await labOf(wanted), facts);
  let live = carriedOut({}, stateOf(await labOf(earlier), facts));
  for (const one of drift) live = drifted(live, desired, one);
  return { live, desired };
}

export function stateOf(lab: Lab, facts: Facts): State {
  return desiredWith(lab, facts);
}

/** `many`: 1 parts every batch that a long one would be parted at. */
export const planOf = ({ live, desired }: World, many?: number) => makePlan(model, { lab: "zoo", desired, live, many });

export function carriedOut(live: State, desired: State, many?: number): State {
  return simulate(model, live, desired, stepsOf(planOf({ live, desired }, many)));
}

function drifted(live: State, desired: State, { what, which, how }: Drift): State {
  if (what === "foreign") return withForeign(live, desired, which, how % 2 ? "none" : { lab: "other" });
  const ours = Object.values(live).filter(({ owner }) => owner === "lab");
  const some = ours.filter(({ kind }) => (what === "lose" ? !PARTS.has(kind) : kind in ALTERED));
  const r = some[which % Math.max(1, some.length)];
  if (!r) return live;
  return what === "lose" ? lose(live, r) : alter(live, r, how);
}

/** Nobody can take these away by themselves. */
const PARTS = new Set(["interface", "sysctl"]);

/** A system port of Open vSwitch outlives its device. */
function lose(live: State, r: Resource): State {
  const after = simulate(model, live, {}, [{ number: 1, action: "delete", id: r.id, commands: [] }]);
  const isOrphan = ({ kind, fields, at }: Resource) =>
    kind === "ovs-port" && fields.type === "system" && !(`interface:host/${at.name}` in after);
  return Object.fromEntries(
    Object.entries(after).map(([id, one]) => [
      id,
      isOrphan(one) ? { ...one, fields: { ...one.fields, device: null } } : one,
    ]),
  );
}

/** Fields that a hand could change, with values that they could get. */
const ALTERED: { [kind: string]: { [field: string]: Json[] } } = {
  interface: { up: [false, true], mtu: [1300, 1600], mac: ["02:00:00:00:99:99"], group: [0], alias: [null] },
  bridge: { stp: [true, false] },
  port: { hairpin: [true, false] },
  "ovs-bridge": { mac: ["02:00:00:00:99:98"], datapath: ["netdev", "system"] },
  "ovs-port": { tag: [7, null], trunks: [[1, 2], null], vlan_mode: ["access"] },
  route: { protocol: ["boot"], type: ["blackhole"], src: ["10.9.9.9"] },
  sysctl: { value: ["0", "1", "2"] },
  nat: { prerouting: [["something else"]], foreign: [["a chain"]] },
};

function alter(live: State, r: Resource, how: number): State {
  const fields = Object.keys(ALTERED[r.kind]!).filter((field) => field in r.fields);
  const field = fields[how % Math.max(1, fields.length)];
  if (field === undefined) return live;
  const values = ALTERED[r.kind]![field]!;
  const to = { ...r, fields: { ...r.fields, [field]: values[how % values.length]! } };
  // A route that goes nowhere has no nexthops.
  if (to.fields.type === "blackhole") to.fields.nexthops = [];
  const flaps = model.get(r.kind)!.flaps?.(r, to) ?? [];
  return simulate(model, live, { [r.id]: to }, [{ number: 1, action: "update", id: r.id, commands: [], flaps }]);
}

/** Somebody else's thing with a name that the lab wants, or an unwanted one in a place of the lab. */
function withForeign(live: State, desired: State, which: number, owner: Owner): State {
  const wishes = Object.values(desired).filter(
    (r) => ["namespace", "bridge", "veth", "ovs-bridge", "route"].includes(r.kind) && !(r.id in live),
  );
  const r = wishes[which % Math.max(1, wishes.length)];
  if (!r) return live;
  const spawned = model.get(r.kind)!.spawns?.(r) ?? [];
  const added = [r, ...spawned].map(({ origin: _, ...one }) => [one.id, { ...one, owner }]);
  return { ...live, ...Object.fromEntries(added) };
}
