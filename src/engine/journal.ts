// What is written down before a plan runs, and what of it stays afterwards.
import { behaviourOf } from "../core/behaviour.js";
import type { Plan } from "../core/plan.js";
import type { State } from "../core/resource.js";
import { stepsOf } from "../core/simulate.js";
import type { Journal, Machine } from "../host/machine.js";
import type { JournalRows, Taken } from "../kinds/rows.js";
import { takeoverId } from "../kinds/takeover.js";
import { model } from "./model.js";

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
  for (const { action, id } of stepsOf(plan)) {
    const r = desired[id];
    if (action === "delete" || !r) continue;
    const note = behaviourOf(model, r).note?.(action, r, live);
    if (!note) continue;
    journal.namespaces = union(journal.namespaces, note.namespaces);
    journal.devices = union(journal.devices, note.devices);
    journal.routes = union(journal.routes, note.routes);
    for (const [key, previous] of Object.entries(note.sysctls ?? {}))
      journal.sysctls[key] ??= { previous: known.sysctls[key]?.previous ?? previous, labs: [plan.lab] };
    for (const [name, { bridge, namespace, ...as }] of Object.entries(note.uplinks ?? {}) as unknown as [
      string,
      Taken,
    ][])
      journal.uplinks[name] = { ...as, ...journal.uplinks[name], bridge, namespace, lab: plan.lab };
  }
  if (JSON.stringify(journal) !== before) await machine.writeJournal(plan.lab, journal);
}

/**
 * When all commands have succeeded, what is not wanted any more has its previous value: it is no longer this lab's.
 * Before reading back, which would find it still there.
 */
export async function noteRestored(lab: string, state: State, machine: Machine): Promise<void> {
  const journal = await machine.readJournal(lab);
  await writeIfChanged(lab, journal, { ...journal, ...stillNeeded(journal, state) }, machine);
}

/** Keeps what a state still needs; namespaces carry their mark by now. */
export async function noteAfter(lab: string, state: State, machine: Machine): Promise<void> {
  const journal = await machine.readJournal(lab);
  const after: Journal = {
    ...journal,
    namespaces: [],
    devices: [],
    routes: journal.routes.filter((id) => id in state),
    ...stillNeeded(journal, state),
  };
  await writeIfChanged(lab, journal, after, machine);
}

/** After a rollback: what was written down before, and no more, but for the settings that have come back. */
export async function noteAsItWas(
  lab: string,
  state: State,
  before: Pick<JournalRows, "namespaces" | "devices" | "routes">,
  machine: Machine,
): Promise<void> {
  const journal = await machine.readJournal(lab);
  const { namespaces, devices, routes } = before;
  const needed = stillNeeded(journal, state);
  await writeIfChanged(lab, journal, { ...journal, namespaces, devices, routes, ...needed }, machine);
}

/** Of what was overwritten: what the lab still has. */
const stillNeeded = ({ sysctls, uplinks }: Journal, state: State): Pick<Journal, "sysctls" | "uplinks"> => ({
  sysctls: only(sysctls, (placeAndKey) => `sysctl:${placeAndKey.replace(" ", "/")}` in state),
  uplinks: only(uplinks, (name) => takeoverId(name) in state),
});

const only = <T>(map: { [key: string]: T }, keep: (key: string) => boolean): { [key: string]: T } =>
  Object.fromEntries(Object.entries(map).filter(([key]) => keep(key)));

async function writeIfChanged(lab: string, before: Journal, after: Journal, machine: Machine): Promise<void> {
  if (JSON.stringify(after) !== JSON.stringify(before)) await machine.writeJournal(lab, after);
}

const union = (a: string[], b: string[] = []): string[] => [...new Set([...a, ...b])];
