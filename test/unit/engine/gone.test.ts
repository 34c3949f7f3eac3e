// A destroyed lab is gone when its names are free, where it was nothing but what has names.
import { expect, test } from "vitest";
import type { Planned } from "../../../src/core/plan.js";
import { makePlan } from "../../../src/core/planner.js";
import { owned, type State } from "../../../src/core/resource.js";
import { areNamesGone } from "../../../src/engine/gone.js";
import { model } from "../../../src/engine/model.js";
import { desiredWith } from "../../../src/engine/state.js";
import type { Machine, Names } from "../../../src/host/machine.js";
import { NO_FACTS, type Rows } from "../../../src/kinds/rows.js";
import { load } from "../../../src/topology/load.js";

const STAR = `
bridges: { br0: { addresses: [10.0.0.1/24] } }
namespaces:
  n0: { interfaces: { eth0: { addresses: [10.0.0.2/24] } }, routes: [{ to: default, via: 10.0.0.1 }], forwarding: true }
  n1: { bridges: { inner: } }
links: [{ endpoints: [n0:eth0, br0:v0] }]`;

type Standing = Planned & { rows: Rows };

/**
 * A lab that stands, and the plan to end it or to make it another one.
 * @param change what somebody has done to it
 */
async function standing(text: string, next = "", change = (live: State) => live): Promise<Standing> {
  const desired = async (one: string): Promise<State> => {
    if (one === "") return {};
    const { lab, diagnostics } = await load({ text: `name: zoo\n${one}`, file: "zoo.yaml" });
    expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
    return desiredWith(lab!, NO_FACTS);
  };
  const made = Object.entries(await desired(text)).map(([id, r]) => [id, owned(r, "lab")]);
  const [live, wanted] = [change(Object.fromEntries(made)), await desired(next)];
  return { plan: makePlan(model, { lab: "zoo", desired: wanted, live }), desired: wanted, live, rows: {} as Rows };
}

const CABLE = "namespaces: { n0: }\nlinks: [{ endpoints: [n0:eth0, host:p0] }]";

/** A machine on which these names are taken, one look after the other; what is there last stays. */
function machine(...looks: Names[]): { machine: Machine; looked: () => number } {
  let looked = 0;
  const names = async () => looks[Math.min(looked++, looks.length - 1)]!;
  return { machine: { names } as unknown as Machine, looked: () => looked };
}

const OTHERS: Names = { namespaces: ["theirs"], devices: ["lo", "eth0", "br1"] };
const besides = (namespaces: string[], devices: string[]): Names => ({
  namespaces: [...OTHERS.namespaces, ...namespaces],
  devices: [...OTHERS.devices, ...devices],
});

test("it is gone when its namespaces and its devices of the host are, whatever others have", async () => {
  const { machine: its, looked } = machine(
    besides(["n0", "n1"], ["br0", "v0"]),
    besides(["n1"], ["v0"]),
    besides([], ["v0"]),
    besides([], ["br0"]),
    OTHERS,
  );
  expect(await areNamesGone(await standing(STAR), its)).toBe(true);
  expect(looked()).toBe(5);
});

test("a name that stays taken is for the whole look to tell", async () => {
  const { machine: its, looked } = machine(besides(["n1"], []));
  expect(await areNamesGone(await standing(STAR), its)).toBe(false);
  expect(looked()).toBeGreaterThan(1);
});

test.each([
  ["an Open vSwitch bridge", "bridges: { br0: { kind: ovs } }"],
  ["a setting of the host", "host: { forwarding: ipv4 }\nnamespaces: { n0: }"],
  [
    "rules of the host",
    "bridges: { br0: { addresses: [10.0.0.1/24] } }\nhost: { nat: { masquerade: [{ source: 10.0.0.0/24 }] } }",
  ],
  ["a file of a namespace", "namespaces: { n0: { files: { hosts: 127.0.0.1 n0 } } }"],
  ["a service", "namespaces: { n0: { services: { one: { command: sleep 1 } } } }"],
  ["an address of a cable's end on the host", `${CABLE}\nhost: { interfaces: { p0: { addresses: [10.0.0.1/24] } } }`],
])("%s is looked for", async (_, text) => {
  const { machine: its, looked } = machine(OTHERS);
  expect(await areNamesGone(await standing(text), its)).toBe(false);
  expect(looked()).toBe(0);
});

test("so is an end of a cable that somebody has moved to a namespace that stays", async () => {
  const { machine: its, looked } = machine(OTHERS);
  const lab = "namespaces: { n0: , n1: }\nlinks: [{ endpoints: [n0:eth0, n1:eth0] }]";
  const moved = ({ "veth:n0/eth0~n1/eth0": veth, ...live }: State): State => {
    const [id, b] = ["veth:n0/eth0~theirs/eth0", { ...(veth!.at.b as object), place: "theirs" }];
    return { ...live, [id]: { ...veth!, id, at: { ...veth!.at, b } } };
  };
  expect(await areNamesGone(await standing(lab), its)).toBe(true);
  expect(looked()).toBe(1);
  expect(await areNamesGone(await standing(lab, "", moved), its)).toBe(false);
  expect(looked()).toBe(1);
});

test("so is all where a namespace has two names: it lives on by the other one", async () => {
  const { machine: its, looked } = machine(OTHERS);
  const planned = await standing(STAR);
  expect(await areNamesGone({ ...planned, rows: { ...planned.rows, aliases: { zed: "n0" } } }, its)).toBe(false);
  expect(looked()).toBe(0);
});

test("so is a lab that changes", async () => {
  const { machine: its, looked } = machine(OTHERS);
  expect(await areNamesGone(await standing(STAR, "namespaces: { n1: }"), its)).toBe(false);
  expect(looked()).toBe(0);
});
