// What others had and was to be put back is looked at in the end; that it cannot be looked at does not undo what is done.
import { expect, test } from "vitest";
import { applyLab } from "../../../src/engine/apply.js";
import type { Event } from "../../../src/engine/events.js";
import { missing } from "../../../src/engine/strangers.js";
import { MachineError } from "../../../src/host/machine.js";
import type { RouteRow } from "../../../src/kinds/rows.js";
import { load } from "../../../src/topology/load.js";
import { address, loMachine, UNSEEN } from "./lo-machine.js";

const TEXT = "{ name: zoo, namespaces: { red: { interfaces: { lo: { addresses: [10.0.0.1/24, 10.0.0.2/24] } } } } }";
const THEIRS: RouteRow = {
  ...{ family: 4, type: "unicast", dst: "172.28.0.0/24", metric: 0, table: 254, protocol: "12", src: "10.0.0.1" },
  nexthops: [{ dev: "lo", weight: 1, onlink: false }],
};
const ID = "route:red/254/172.28.0.0/24";
const turned = [address("10.0.0.2"), address("10.0.0.1", { secondary: true })];
const right = [address("10.0.0.1"), address("10.0.0.2", { secondary: true })];

async function applied({ unseen = [], back = true }: { unseen?: number[]; back?: boolean }) {
  const { lab } = await load({ text: TEXT, file: "zoo.yaml" });
  const lo = (read: number) =>
    read === 1 ? { addresses: turned, routes: [THEIRS] } : { addresses: right, routes: back ? [THEIRS] : [] };
  const events: Event[] = [];
  const result = await applyLab(lab!, loMachine({ lo, unseen }), { on: (event) => events.push(event) });
  return { ...result, last: events.at(-1)!.type };
}

test("it is there again, or it is named", async () => {
  const { outcome, plan, gone, failure } = await applied({});
  expect({ outcome, gone, failure }).toEqual({ outcome: "applied", gone: undefined, failure: undefined });
  expect(plan.stages.flatMap(({ batches }) => batches.flatMap(({ steps }) => steps.map(({ id }) => id)))).toContain(ID);
  expect(await applied({ back: false })).toMatchObject({ outcome: "applied", gone: [ID] });
});

test("where it cannot be looked at, the lab is applied all the same, and both is said", async () => {
  const { outcome, gone, failure, last } = await applied({ unseen: [3] });
  expect({ outcome, gone, failure, last }).toEqual({
    ...{ outcome: "applied", gone: [ID], last: "done" },
    failure: { message: UNSEEN },
  });
});

test("netlab's own mistakes are not taken for a machine that cannot be read", async () => {
  const strangers = { [ID]: { id: ID, kind: "route", place: "red", fields: {}, at: {} } };
  const look = (error: Error) => missing(strangers, () => Promise.reject(error));
  expect(await look(new MachineError(UNSEEN))).toEqual({ gone: [ID], failure: { message: UNSEEN } });
  await expect(look(new TypeError("a mistake"))).rejects.toThrow("a mistake");
  expect(await missing({}, () => Promise.reject(new MachineError(UNSEEN)))).toEqual({ gone: [] });
});
