// A large lab is read back before its last stage, and after it only what that stage may have changed.
import { expect, test, vi } from "vitest";
import type { Planned } from "../../../src/core/plan.js";
import { makePlan } from "../../../src/core/planner.js";
import { ofKind, type State } from "../../../src/core/resource.js";
import { touched } from "../../../src/core/touched.js";
import { model } from "../../../src/engine/model.js";
import { readAhead } from "../../../src/engine/read-ahead.js";
import { desiredWith } from "../../../src/engine/state.js";
import type { Machine } from "../../../src/host/machine.js";
import { type AddressRow, type LinkRow, NO_FACTS, type Rows } from "../../../src/kinds/rows.js";
import { load } from "../../../src/topology/load.js";

const LEFT = [{ action: "create", id: "what the whole look says", fields: [] }];
// One look is enough here to see what it reads.
vi.mock("../../../src/engine/verify.js", () => ({
  verify: async (_: State, look: () => Promise<State>) => {
    await look();
    return LEFT;
  },
}));

async function star(size: number): Promise<Planned> {
  const numbers = Array.from({ length: size }, (_, number) => number);
  const nodes = numbers.map(
    (n) =>
      `  n${n}: { interfaces: { eth0: { addresses: [10.0.0.${n + 1}/24] } }, files: { hosts: "127.0.0.1 n${n}" } }`,
  );
  const links = numbers.map((n) => `  - endpoints: [n${n}:eth0, lan0]`);
  const text = ["name: star", "bridges: { lan0: }", "namespaces:", ...nodes, "links:", ...links, ""].join("\n");
  const { lab } = await load({ text, file: "star.yaml" });
  const desired = desiredWith(lab!, NO_FACTS);
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

/** What a machine says on which all is as it is desired. */
function rowsOf(desired: State): Rows {
  const places = [...new Set(Object.values(desired).map(({ place }) => place))];
  const table = <T>(value: () => T) => Object.fromEntries(places.map((place) => [place, value()]));
  const empty = { link: table((): LinkRow[] => []), route: table(() => []), sysctl: table(() => ({})) };
  const rows: Rows = { ...nothing(), places, ...empty, offload: table(() => []) };
  const linkOf = (place: string, name: string) => rows.link[place]!.find((one) => one.name === name)!;
  for (const { place, at, fields } of ofKind(desired, "interface")) {
    const as = { mac: "02:00:00:00:00:01", mtu: 1500, group: 0, ...(fields as Partial<LinkRow>) };
    const rest = { up: true, data: {}, portData: {}, addresses: [], loopback: at.name === "lo" };
    rows.link[place]!.push({ ...rest, index: rows.link[place]!.length + 1, name: String(at.name), ...as });
  }
  for (const { place, at } of ofKind(desired, "bridge"))
    Object.assign(linkOf(place, String(at.name)), { kind: "bridge", data: { stp_state: 0 } });
  for (const { place, at, fields } of ofKind(desired, "port"))
    linkOf(place, String(at.name)).master = String(fields.bridge);
  for (const { at } of ofKind(desired, "veth")) {
    const [a, b] = [at.a, at.b] as unknown as { place: string; name: string }[];
    Object.assign(linkOf(a!.place, a!.name), { kind: "veth", peer: b });
    Object.assign(linkOf(b!.place, b!.name), { kind: "veth", peer: a });
  }
  for (const { place, at } of ofKind(desired, "address"))
    linkOf(place, String(at.device)).addresses.push({ dynamic: false, ...at } as unknown as AddressRow);
  for (const { place, at, fields } of ofKind(desired, "sysctl"))
    rows.sysctl[place]![String(at.key)] = String(fields.value);
  for (const { place, at, fields } of ofKind(desired, "etc-file"))
    rows.etcFile.push({ place, name: String(at.name), text: String(fields.text) });
  return rows;
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

test.each<[string, (rows: Rows) => Rows, (rows: Rows) => Rows, unknown[]]>([
  ["all is as declared", (rows) => rows, (rows) => rows, []],
  [
    "before the last stage something was missing",
    (rows) => ({ ...rows, link: { ...rows.link, n7: rows.link.n7!.map((one) => ({ ...one, addresses: [] })) } }),
    (rows) => rows,
    LEFT,
  ],
  [
    "after it something on the host is missing",
    (rows) => rows,
    (rows) => ({ ...rows, link: { ...rows.link, host: rows.link.host!.slice(1) } }),
    LEFT,
  ],
  ["what is read whole differs by then", (rows) => rows, (rows) => ({ ...rows, etcFile: [] }), LEFT],
  [
    "what is read whole says something else by then",
    (rows) => rows,
    (rows) => ({ ...rows, etcFile: rows.etcFile.map((one) => ({ ...one, text: `${one.text}more` })) }),
    LEFT,
  ],
  [
    "a namespace has gone meanwhile",
    (rows) => rows,
    (rows) => ({ ...rows, places: rows.places.filter((place) => place !== "n7") }),
    LEFT,
  ],
  [
    "a namespace has been made again by somebody, empty",
    (rows) => rows,
    (rows) => ({ ...rows, link: { ...rows.link, n7: [] }, route: { ...rows.route, n7: [] } }),
    LEFT,
  ],
])("%s", async (_, early, late, left) => {
  const planned = await star(60);
  const rows = rowsOf(planned.desired);
  const { observe, machine } = watched();
  const first = early(rows);
  observe.mockResolvedValueOnce(first).mockResolvedValueOnce(late(first));
  const { beforeLast, verify } = readAhead(planned, machine);
  await beforeLast();
  expect(await verify()).toEqual(left);
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
