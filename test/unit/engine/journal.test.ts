// What is written down of a host's setting: that a lab has ever wanted another value than before outlives its edits.
import { expect, test } from "vitest";
import type { State } from "../../../src/core/resource.js";
import { noteAfter, noteBefore } from "../../../src/engine/journal.js";
import type { Journal, Machine } from "../../../src/host/machine.js";
import type { JournalRows } from "../../../src/kinds/rows.js";
import { sysctlResource } from "../../../src/kinds/sysctl.js";

const KEY = "net.ipv4.ip_forward";
const NOTE = `host ${KEY}`;
const NOTHING: Journal = { format: 1, namespaces: [], devices: [], sysctls: {}, routes: [], uplinks: {} };

const stateOf = (value: string): State => {
  const r = sysctlResource("host", KEY, value);
  return { [r.id]: r };
};

/** Applies of these values, one after another, on a host that has the first: what the journal says at the end. */
async function after(before: string, values: string[], others: JournalRows["sysctls"] = {}) {
  let journal = NOTHING;
  const machine = {
    readJournal: async () => structuredClone(journal),
    writeJournal: async (_: string, next: Journal) => void (journal = next),
  } as unknown as Machine;
  let live = before;
  for (const value of values) {
    const [id] = Object.keys(stateOf(value));
    const step = { number: 1, action: "update", id, commands: [] };
    const plan = { lab: "zoo", stages: [{ batches: [{ tool: "sysctl", place: "host", steps: [step] }] }] };
    const known = { ...journal, sysctls: { ...others, ...journal.sysctls }, others: { namespaces: {}, routes: {} } };
    await noteBefore(plan as never, stateOf(value), stateOf(live), known, machine);
    if (value !== before) expect(journal.sysctls[NOTE]).toMatchObject({ changed: true });
    await noteAfter("zoo", stateOf(value), machine);
    live = value;
  }
  return journal.sysctls[NOTE];
}

test("switched on, and off again", async () => {
  expect(await after("0", ["1", "0"])).toEqual({
    ...{ previous: { [KEY]: "0" }, labs: ["zoo"], wanted: { zoo: "0" } },
    changed: true,
  });
});

test("as it was all the time, and changed by an edit", async () => {
  expect(await after("1", ["1", "1"])).toEqual({ previous: { [KEY]: "1" }, labs: ["zoo"], wanted: { zoo: "1" } });
  expect(await after("1", ["1", "0"])).toMatchObject({ previous: { [KEY]: "1" }, wanted: { zoo: "0" }, changed: true });
});

test("changed by a lab that needs it too", async () => {
  const ape = { previous: { [KEY]: "0" }, labs: ["ape"], wanted: { ape: "1" } };
  expect(await after("1", ["1"], { [NOTE]: ape })).toEqual({
    ...{ previous: { [KEY]: "0" }, labs: ["zoo"], wanted: { zoo: "1" } },
    changed: true,
  });
});
