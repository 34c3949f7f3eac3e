// The two states of a lab: what its file asks for, and what is there.
import type { State } from "../core/resource.js";
import type { Machine } from "../host/machine.js";
import { kinds } from "../kinds/index.js";
import { ownershipOf } from "../kinds/ownership.js";
import type { Rows } from "../kinds/rows.js";
import { BORN_KEYS } from "../kinds/sysctl.js";
import { everyPlace, type Lab } from "../topology/lab.js";

/** What the lab is to be on this machine. */
export async function desiredState(lab: Lab, machine: Machine): Promise<State> {
  const ovsDatapath = everyPlace(lab).some(({ bridges }) =>
    bridges.some((one) => one.kind === "ovs" && one.datapath === "auto"),
  );
  const facts = await machine.facts({ born: lab.namespaces.length ? BORN_KEYS : [], ovsDatapath });
  return stateOf(kinds.flatMap((kind) => kind.expand(lab, facts)));
}

export interface Live {
  state: State;
  rows: Rows;
}

/** What is there: the lab's own things, and those of others that could be in its way. */
export async function liveState(lab: string, desired: State, machine: Machine): Promise<Live> {
  const sources = kinds.flatMap((kind) => kind.sources?.(desired, lab) ?? []);
  const rows = await machine.observe(lab, [{ rows: "link" }, { rows: "route" }, ...sources]);
  const reading = { lab, desired, ownership: ownershipOf(rows, lab) };
  return { rows, state: stateOf(kinds.flatMap((kind) => kind.read(rows, reading))) };
}

function stateOf(resources: State[string][]): State {
  const state: State = {};
  for (const r of resources) state[r.id] = r;
  return state;
}
