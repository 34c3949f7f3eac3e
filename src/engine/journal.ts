// What is written down before a plan runs, and what of it stays afterwards.
import { behaviourOf } from "../core/behaviour.js";
import type { Plan, Stage } from "../core/plan.js";
import type { Resource, State } from "../core/resource.js";
import { stepsOf } from "../core/simulate.js";
import type { Journal, Machine } from "../host/machine.js";
import type { JournalRows, Taken } from "../kinds/rows.js";
import { takeoverId } from "../kinds/takeover.js";
import { model } from "./model.js";

/** Names that are written down before something is made. */
type Names = Pick<Journal, "namespaces" | "devices" | "routes">;
const NAMES = ["namespaces", "devices", "routes"] as const;

/** Writes what the steps of a plan need, on top of what is there. `known`: all labs' journals as they were read. */
export async function noteBefore(
  plan: Plan,
  desired: State,
  live: State,
  known: JournalRows,
  machine: Machine,
): Promise<void> {
  const journal = await machine.readJournal(plan.lab);
  const before = JSON.stringify(journal);
  const names: Names = { namespaces: [], devices: [], routes: [] };
  for (const { action, id } of stepsOf(plan)) {
    const r = desired[id];
    if (action === "delete" || !r) continue;
    const note = behaviourOf(model, r).note?.(action, r, live);
    if (!note) continue;
    for (const which of NAMES) names[which].push(...(note[which] ?? []));
    // What stands behind the name now is another one than that which will.
    for (const place of note.namespaces ?? []) delete journal.made?.[place];
    for (const [key, previous] of Object.entries(note.sysctls ?? {}))
      journal.sysctls[key] = needed(plan.lab, journal.sysctls[key] ?? known.sysctls[key] ?? { previous }, r);
    for (const [name, { bridge, namespace, ...as }] of Object.entries(note.uplinks ?? {}) as unknown as [
      string,
      Taken,
    ][])
      journal.uplinks[name] = { ...as, ...journal.uplinks[name], bridge, namespace, lab: plan.lab };
  }
  for (const which of NAMES) journal[which] = [...new Set([...journal[which], ...names[which]])];
  if (JSON.stringify(journal) !== before) await machine.writeJournal(plan.lab, journal);
}

/** Until they carry their mark, namespaces are known by their names: which ones these are now. */
export async function noteMade({ batches }: Stage, desired: State, lab: string, machine: Machine): Promise<void> {
  const places = batches.flatMap(({ steps }) =>
    steps.flatMap(({ action, id }) => {
      const r = action === "create" ? desired[id] : undefined;
      return (r && behaviourOf(model, r).note?.("create", r, {})?.namespaces) ?? [];
    }),
  );
  if (places.length > 0) await machine.noteMade(lab, places);
}

/**
 * When all commands have succeeded, what is not wanted any more has its previous value: it is no longer this lab's.
 * Before reading back, which would find it still there.
 */
export const noteRestored = (lab: string, state: State, machine: Machine): Promise<void> =>
  keep(lab, state, machine, () => ({}));

/** Keeps what a state still needs; namespaces carry their mark by now. */
export const noteAfter = (lab: string, state: State, machine: Machine): Promise<void> =>
  keep(lab, state, machine, ({ routes }) => ({
    namespaces: [],
    devices: [],
    routes: routes.filter((id) => id in state),
  }));

/** After a rollback: what was written down before, and no more, but for the settings that have come back. */
export const noteAsItWas = (lab: string, state: State, before: Names, machine: Machine): Promise<void> =>
  keep(lab, state, machine, () => before);

/** Of what was overwritten, what the state still has stays. */
async function keep(
  lab: string,
  state: State,
  machine: Machine,
  namesOf: (journal: Journal) => Partial<Names>,
): Promise<void> {
  const journal = await machine.readJournal(lab);
  const { namespaces, devices, routes } = { ...journal, ...namesOf(journal) };
  const sysctls: Journal["sysctls"] = {};
  for (const [key, known] of Object.entries(journal.sysctls)) {
    const r = state[`sysctl:${key.replace(" ", "/")}`];
    if (r) sysctls[key] = needed(lab, known, r);
  }
  const uplinks = Object.fromEntries(Object.entries(journal.uplinks).filter(([name]) => takeoverId(name) in state));
  const { made: known = {}, ...rest } = journal;
  const made = Object.fromEntries(Object.entries(known).filter(([place]) => namespaces.includes(place)));
  const after: Journal = { ...rest, namespaces, devices, routes, sysctls, uplinks };
  if (Object.keys(made).length > 0) after.made = made;
  if (JSON.stringify(after) !== JSON.stringify(journal)) await machine.writeJournal(lab, after);
}

/** A setting that a lab needs. `known`: with what it drags along, as it was before the first lab that needs it. */
function needed(
  lab: string,
  known: Pick<Journal["sysctls"][string], "previous" | "wanted" | "changed">,
  r: Resource,
): Journal["sysctls"][string] {
  const { previous, wanted, changed } = known;
  const value = r.fields.value as string;
  const before = previous[r.at.key as string];
  const isChanged = changed || [...Object.values(wanted ?? {}), value].some((one) => one !== before);
  return { previous, labs: [lab], wanted: { [lab]: value }, ...(isChanged && { changed: true }) };
}
