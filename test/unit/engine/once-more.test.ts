// What somebody undid is done again, whatever it is; what goes wrong with that is told; a service that has died stays dead.
import { expect, test } from "vitest";
import type { FieldChange } from "../../../src/core/plan.js";
import type { Event } from "../../../src/engine/events.js";
import { onceMore } from "../../../src/engine/once-more.js";
import { desiredState } from "../../../src/engine/state.js";
import type { BatchResult } from "../../../src/host/machine.js";
import { load } from "../../../src/topology/load.js";
import { address, loMachine } from "./lo-machine.js";

const TEXT = `{ name: zoo, namespaces: { red: { interfaces: { lo: { addresses: [10.0.0.1/24] } },
  services: { web: { command: [sleep, inf] } } } } }`;
const ADDRESS = "address:red/lo/10.0.0.1/24";

/** One field of a thing differs; at the first look of the second try the address is gone, and then there, if that can be done. */
async function again(id: string, field: FieldChange, result?: BatchResult) {
  const { lab } = await load({ text: TEXT, file: "zoo.yaml" });
  const lo = (read: number) => ({ addresses: read === 1 || result ? [] : [address("10.0.0.1")] });
  const machine = loMachine({ lo, ...(result && { run: () => result }) });
  const desired = await desiredState(lab!, machine);
  const service = Object.keys(desired).find((one) => one.startsWith("service:"))!;
  const wanted =
    id === "service" ? desired : Object.fromEntries(Object.entries(desired).filter(([one]) => one !== service));
  const events: Event[] = [];
  const left = [{ id: id === "service" ? service : id, action: "update" as const, fields: [field] }];
  return { ...(await onceMore("zoo", wanted, left, machine, { on: (event) => events.push(event) })), events };
}

test("a word that somebody has changed is written again", async () => {
  const { left, failure, events } = await again(ADDRESS, { field: "lifetime", from: "limited", to: "forever" });
  expect({ left, failure }).toEqual({ left: [], failure: undefined });
  expect(events.map(({ type }) => type)).toEqual(expect.arrayContaining(["again", "step"]));
});

test("a command that fails then is the failure", async () => {
  const refused = { done: 0, failure: { step: 0, command: 0, message: "Object is busy", exitCode: 2 } };
  const { failure } = await again(ADDRESS, { field: "lifetime", from: "limited", to: "forever" }, refused);
  expect(failure).toMatchObject({ message: "Object is busy", step: { id: ADDRESS, action: "create" } });
});

test("a service that has died is not started again", async () => {
  const { left, events } = await again("service", { field: "state", from: "dead: no such port", to: "running" });
  expect([left.length, events]).toEqual([1, []]);
});
