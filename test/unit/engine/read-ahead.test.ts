// A large lab is read back before its last stage, and after it only what that stage may have changed.
import { expect, test, vi } from "vitest";
import type { Planned } from "../../../src/core/plan.js";
import { makePlan } from "../../../src/core/planner.js";
import type { State } from "../../../src/core/resource.js";
import { touched } from "../../../src/core/touched.js";
import { model } from "../../../src/engine/model.js";
import { readAhead } from "../../../src/engine/read-ahead.js";
import type { Machine } from "../../../src/host/machine.js";
import { kinds } from "../../../src/kinds/index.js";
import type { Rows } from "../../../src/kinds/rows.js";
import { load } from "../../../src/topology/load.js";

// One look is enough here to see what it reads.
vi.mock("../../../src/engine/verify.js", () => ({
  verify: async (_: State, look: () => Promise<State>) => Object.keys(await look()),
}));

const FACTS = { born: {}, ovsKernelDatapath: false, brNetfilter: false };

async function star(size: number): Promise<Planned> {
  const numbers = Array.from({ length: size }, (_, number) => number);
  const nodes = numbers.map((n) => `  n${n}: { interfaces: { eth0: { addresses: [10.0.0.${n + 1}/24] } } }`);
  const links = numbers.map((n) => `  - endpoints: [n${n}:eth0, lan0]`);
  const text = ["name: star", "bridges: { lan0: }", "namespaces:", ...nodes, "links:", ...links, ""].join("\n");
  const { lab } = await load({ text, file: "star.yaml" });
  const desired = Object.fromEntries(kinds.flatMap((kind) => kind.expand(lab!, FACTS)).map((r) => [r.id, r]));
  return { plan: makePlan(model, { lab: "star", desired, live: {} }), desired, live: {} };
}

function nothing(): Rows {
  const journal = {
    namespaces: [],
    devices: [],
    sysctls: {},
    routes: [],
    uplinks: {},
    others: { namespaces: {}, routes: {} },
  };
  const lists = { process: [], service: [], etcFile: [], stale: [] };
  const tables = { link: { host: [] }, route: { host: [] }, sysctl: { host: {} }, nft: {}, offload: { host: [] } };
  return { places: ["host"], ...lists, ...tables, journal } as Rows;
}

function watched() {
  const observe = vi.fn<Machine["observe"]>(async () => nothing());
  return { observe, machine: { observe } as unknown as Machine };
}

test("the namespaces of a large star are read before its bridge comes up, and the host again after it", async () => {
  const { observe, machine } = watched();
  const { beforeLast, verify } = readAhead(await star(60), machine);
  await beforeLast();
  await verify();
  expect(observe.mock.calls.map(([, , since]) => since?.changed)).toEqual([undefined, new Set(["host"]), undefined]);
  const seen = await observe.mock.results[0]!.value;
  expect(observe.mock.calls[1]![2]!.rows).toBe(seen);
});

test("a small one is read once, when all is done", async () => {
  const { observe, machine } = watched();
  const { beforeLast, verify } = readAhead(await star(20), machine);
  await beforeLast();
  expect(observe).not.toHaveBeenCalled();
  await verify();
  expect(observe.mock.calls.map(([, , since]) => since)).toEqual([undefined]);
});

test("a stage may change the places of its steps, of what is born with them, and of what depends on them", async () => {
  const { plan, desired } = await star(2);
  const stageOf = (id: string) => {
    const found = plan.stages.find(({ batches }) => batches.some(({ steps }) => steps.some((step) => step.id === id)));
    const one = found!.batches.flatMap(({ steps }) => steps.filter((step) => step.id === id));
    return { batches: [{ ...found!.batches[0]!, steps: one }] };
  };
  const places = (id: string) => touched(model, stageOf(id), desired, {});
  expect(places("interface:host/lan0")).toEqual(new Set(["host"]));
  expect(places("veth:host/n0-eth0~n0/eth0")).toEqual(new Set(["host", "n0"]));
  expect(places("namespace:n1")).toEqual(new Set(["host", "n1"]));
});
