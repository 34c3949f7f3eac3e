// The labs of a machine, by the marks on what they made.
import type { Resource, State } from "../core/resource.js";
import type { Machine } from "../host/machine.js";
import { liveState } from "./state.js";

export interface LabSummary {
  name: string;
  namespaces: string[];
  /** Resources by kind. */
  counts: Record<string, number>;
  /** It is in a sandbox of this user's. */
  sandbox?: boolean;
}

/** Every lab that has something on the machine, by name. */
export async function listLabs(machine: Machine): Promise<LabSummary[]> {
  const { state } = await liveState("-", {}, machine);
  const labs = new Map<string, LabSummary>();
  for (const r of Object.values(state)) {
    if (typeof r.owner !== "object") continue;
    const lab = labs.get(r.owner.lab) ?? { name: r.owner.lab, namespaces: [], counts: {} };
    labs.set(lab.name, lab);
    if (r.kind === "namespace") lab.namespaces.push(r.place);
    lab.counts[r.kind] = (lab.counts[r.kind] ?? 0) + 1;
  }
  return [...labs.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The live things of one lab, and of the kernel in its namespaces. `desired`: what its file asks for, where there is one. */
export async function observeLab(lab: string, desired: State, machine: Machine): Promise<State> {
  const { state } = await liveState(lab, desired, machine);
  const isMine = (r: Resource) =>
    r.owner === "lab" || (r.owner === "ambient" && state[`namespace:${r.place}`]?.owner === "lab");
  return Object.fromEntries(Object.entries(state).filter(([, r]) => isMine(r)));
}
