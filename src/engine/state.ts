// The two states of a lab: what its file asks for, and what is there.
import type { Resource, State } from "../core/resource.js";
import type { Machine, Since } from "../host/machine.js";
import { kinds } from "../kinds/index.js";
import type { Reading } from "../kinds/kind.js";
import { type Ownership, ownershipOf } from "../kinds/ownership.js";
import type { Facts, Rows, UplinkRow } from "../kinds/rows.js";
import { bornKeys, OWN_KEYS } from "../kinds/sysctl.js";
import { borrowed } from "../kinds/takeover.js";
import { aged } from "../kinds/uplink-words.js";
import { everyPlace, HOST, type Lab, type Place } from "../topology/lab.js";
import { adoptable, asOurs, withAdopted } from "./adopt.js";

/** What the lab is to be on this machine. */
export async function desiredState(lab: Lab, machine: Machine): Promise<State> {
  const ovsDatapath = everyPlace(lab).some(({ bridges }) =>
    bridges.some((one) => one.kind === "ovs" && one.datapath === "auto"),
  );
  const names = [...lab.host.uplinks, ...borrowed(lab)].map(({ name }) => name);
  const facts = await machine.facts({
    born: bornKeys(lab),
    ovsDatapath,
    filters: lab.host.firewall === "accept",
    uplinks: names,
  });
  if (facts.uplinks) facts.uplinks = asTheyWere(facts.uplinks, (await machine.readJournal(lab.name)).uplinks);
  return desiredWith(lab, facts);
}

/** What it is to be on a machine that is like this. Pure. */
export const desiredWith = (lab: Lab, facts: Facts): State => stateOf(kinds.flatMap((kind) => kind.expand(lab, facts)));

/** What the lab has taken already is wanted as it was before that. */
function asTheyWere(now: Record<string, UplinkRow>, taken: Record<string, UplinkRow>): Record<string, UplinkRow> {
  const at = Object.values(now)[0]?.read ?? 0;
  return { ...now, ...Object.fromEntries(Object.entries(taken).map(([name, row]) => [name, aged(row, at)])) };
}

export interface Live {
  state: State;
  rows: Rows;
}

/** What the machine says of all that the kinds read. */
export function liveRows(lab: string, desired: State, machine: Machine, since?: Since): Promise<Rows> {
  const sources = kinds.flatMap((kind) => kind.sources?.(desired, lab) ?? []);
  return machine.observe(lab, [{ rows: "link" }, { rows: "route" }, ...sources], since);
}

/** What is there: the lab's own things, and those of others that could be in its way. `adopt`: see adopt.ts. */
export async function liveState(lab: string, desired: State, machine: Machine, adopt = false): Promise<Live> {
  const rows = await liveRows(lab, desired, machine);
  const ownership = ownershipOf(rows, lab);
  await addSettings(rows, leaving(rows, desired, ownership), lab, machine);
  const state = stateOf(readAll(rows, { lab, desired, ownership }));
  const adopted = adopt ? adoptable(desired, state) : new Set<string>();
  if (adopted.size === 0) return { rows, state };
  const ours = readAll(rows, { lab, desired, ownership: withAdopted(ownership, desired, adopted) });
  return { rows, state: stateOf(ours.map((r) => asOurs(r, adopted))) };
}

/** What rows that were read say of some places. Pure. */
export function stateIn(places: Place[], rows: Rows, lab: string, desired: State): State {
  return stateOf(readAll({ ...rows, places }, { lab, desired, ownership: ownershipOf(rows, lab) }));
}

const readAll = (rows: Rows, reading: Reading): Resource[] => kinds.flatMap((kind) => kind.read(rows, reading));

/** Namespaces of the lab that it does not want any more, while it wants others. */
function leaving(rows: Rows, desired: State, ownership: Ownership): Place[] {
  if (Object.keys(desired).length === 0) return [];
  return rows.places.filter(
    (place) => place !== HOST && ownership.place(place) === "lab" && !(`namespace:${place}` in desired),
  );
}

/** How they are set: a rollback has to make them again. */
async function addSettings(rows: Rows, places: Place[], lab: string, machine: Machine): Promise<void> {
  if (places.length === 0) return;
  const read = await machine.observe(
    lab,
    places.map((place) => ({ rows: "sysctl" as const, place, keys: OWN_KEYS })),
  );
  for (const place of places) rows.sysctl[place] = { ...read.sysctl[place], ...rows.sysctl[place] };
}

function stateOf(resources: State[string][]): State {
  const state: State = {};
  for (const r of resources) state[r.id] = r;
  return state;
}
