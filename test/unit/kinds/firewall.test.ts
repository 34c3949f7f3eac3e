// The firewall kind: which chains get rules, where, and whose rules they are.
import { beforeAll, expect, test } from "vitest";
import type { Json, State } from "../../../src/core/resource.js";
import { desiredWith } from "../../../src/engine/state.js";
import { chainsOf, type FilterChain } from "../../../src/kinds/filters.js";
import { firewall } from "../../../src/kinds/firewall.js";
import { ruleOf } from "../../../src/kinds/firewall-rules.js";
import { type HostTraffic, typical } from "../../../src/kinds/host-traffic.js";
import type { Ownership } from "../../../src/kinds/ownership.js";
import type { Facts, Rows } from "../../../src/kinds/rows.js";
import type { Lab } from "../../../src/topology/lab.js";
import { load } from "../../../src/topology/load.js";
import { DOCKER, dockerChains } from "../../helpers/docker-filters.js";

const LAB = (host: string) => `
name: demo
namespaces: { red: { interfaces: { eth0: { addresses: [10.0.0.1/24] } } } }
bridges: { lan0: { addresses: [10.0.0.254/24] } }
links: [{ endpoints: [red:eth0, lan0] }]
host: ${host}`;
let routed: Lab;
let switched: Lab;
let leave: Lab;

beforeAll(async () => {
  const of = async (host: string) => (await load({ text: LAB(host), file: "t.yaml" })).lab!;
  routed = await of("{ forwarding: ipv4, firewall: accept }");
  switched = await of("{ firewall: accept }");
  leave = await of("{ forwarding: ipv4 }");
});

const chain = (family: FilterChain["family"], name: string, more: Partial<FilterChain> = {}): FilterChain => ({
  ...{ family, table: "filter", name, hook: "forward", policy: "drop", rules: [] },
  ...more,
});
const wanted = (lab: Lab, chains: FilterChain[], settings: Record<string, string> = {}) => {
  const facts: Facts = { born: {}, ovsKernelDatapath: false, brNetfilter: true, filters: { chains, settings } };
  return Object.fromEntries(firewall.expand(lab, facts).map(({ id, fields }) => [id.slice(14), fields.rules]));
};
const CARRIED = ['iifname "lan0" oifname "lan0" accept'];
const ROUTED = ['iifname "lan0" accept', 'oifname "lan0" accept'];
const NF = { "net.bridge.bridge-nf-call-ip6tables": "1", "net.bridge.bridge-nf-call-iptables": "1" };

test("Each chain that drops what the lab sends through the host, and only those", () => {
  const chains = [
    chain("ip", "FORWARD"),
    chain("ip6", "FORWARD"),
    chain("inet", "f"),
    chain("bridge", "b"),
    chain("legacy-ip", "FORWARD"),
    chain("ip", "in", { hook: "input" }),
    chain("ip", "open", { policy: "accept" }),
  ];
  const [v4, bridged] = [ROUTED, ['iifname "red-eth0" accept']];
  const input = { "ip/filter/in": ['iifname "lan0" accept'] };
  const four = { "ip/filter/FORWARD": v4, "inet/filter/f": v4, "legacy-ip/filter/FORWARD": v4 };
  expect(wanted(routed, chains)).toEqual({ ...input, ...four, "bridge/filter/b": bridged });
  expect(wanted(switched, chains)).toEqual({ ...input, "bridge/filter/b": bridged });
  const carried = Object.fromEntries(Object.keys(four).map((name) => [name, CARRIED]));
  expect(wanted(switched, chains, NF)).toEqual({ ...input, ...carried, "bridge/filter/b": bridged });
  expect(wanted(leave, chains, NF)).toEqual({});
});

test("A family that the lab does not speak needs no rules", async () => {
  const of = async (host: string) => (await load({ text: LAB(host), file: "t.yaml" })).lab!;
  const both = await of("{ forwarding: true, nat: { masquerade: [{ out: eth9 }] }, firewall: accept }");
  expect(wanted(both, [chain("ip", "f"), chain("ip6", "f")], NF)).toEqual({ "ip/filter/f": ROUTED });
  const six = await load({
    text: LAB("{ forwarding: true, firewall: accept }").replaceAll(/10\.0\.0\.(\d+)\/24/g, '"fd00::$1/64"'),
    file: "t.yaml",
  });
  expect(wanted(six.lab!, [chain("ip", "f"), chain("ip6", "f")], NF)).toEqual({ "ip6/filter/f": ROUTED });
});

test("A bridge with the world behind it gets no more than its own traffic accepted", async () => {
  const text = LAB("{ forwarding: ipv4, nat: { masquerade: [{ out: lan0 }] }, firewall: accept }");
  const { lab } = await load({
    text: text.replace("10.0.0.254/24]", "10.0.0.254/24], ports: { ens3: }"),
    file: "t.yaml",
  });
  expect(wanted(lab!, [chain("ip", "f")])).toEqual({});
  expect(wanted(lab!, [chain("ip", "f")], NF)).toEqual({ "ip/filter/f": CARRIED });
  const { state } = live(lab!, [
    chain("ip", "f", { rules: CARRIED.map((one) => ({ ...ruleOf(one), comment: "netlab:demo" })) }),
  ]);
  expect(Object.values(state).map(({ fields }) => fields)).toEqual([{ rules: CARRIED, passes: true }]);
});

test("What is for the host itself: its clients of DHCP too, but not the world behind an interface of the machine", async () => {
  const text = LAB("{ firewall: accept }");
  const served = text.replace("10.0.0.254/24]", "10.0.0.254/24], dhcp: { range: 10.0.0.10-10.0.0.20 }");
  const open = text.replace("10.0.0.254/24]", "10.0.0.254/24], ports: { ens3: }");
  const subnet = { payload: { protocol: "ip", field: "saddr" } };
  const right = { prefix: { addr: "10.0.0.0", len: 24 } };
  const known = { handle: 1, expr: [{ match: { op: "==", left: subnet, right } }, { accept: null }] };
  const goal = { fib: { result: "type", flags: ["daddr"] } };
  const local = { handle: 2, expr: [{ match: { op: "!=", left: goal, right: "local" } }, { drop: null }] };
  const lists = [[], [known], [local, { handle: 3, expr: [{ accept: null }] }]] as unknown as FilterChain["rules"][];
  const chains = lists.map((rules) => chain("ip", "in", { hook: "input", rules }));
  for (const [file, needed] of [
    [text, [true, false, false]],
    [served, [true, true, true]],
    [open, [false, false, false]],
  ] as const) {
    const { lab } = await load({ text: file, file: "t.yaml" });
    expect(chains.map((one) => "ip/filter/in" in wanted(lab!, [one]))).toEqual(needed);
  }
  const bridged = wanted(switched, [chain("bridge", "in", { hook: "input" })]);
  expect(bridged).toEqual({ "bridge/filter/in": ['iifname "red-eth0" accept'] });
});

test("What the lab says of br_netfilter on the host counts", async () => {
  const off = await load({
    text: LAB("{ firewall: accept, sysctl: { net.bridge.bridge-nf-call-iptables: 0 } }"),
    file: "t.yaml",
  });
  expect(wanted(off.lab!, [chain("ip", "f")], NF)).toEqual({});
});

test("Docker's chain for others, where it is asked in time", () => {
  expect(wanted(routed, DOCKER.chains)).toEqual({ "ip/filter/DOCKER-USER": ROUTED });
  const early = DOCKER.chains.map((one) =>
    one.name === "FORWARD" ? { ...one, rules: [{ handle: 9, expr: [{ drop: null }] }, ...one.rules] } : one,
  );
  expect(wanted(routed, early)).toEqual({ "ip/filter/FORWARD": ROUTED });
});

function live(lab: Lab, filters: FilterChain[], name = lab.name) {
  const facts: Facts = { born: {}, ovsKernelDatapath: false, brNetfilter: true };
  const desired: State = desiredWith(lab, facts);
  const rows = { filters, sysctl: { host: {} } } as unknown as Rows;
  const found = firewall.read(rows, { lab: name, desired, ownership: {} as Ownership });
  return { desired, state: Object.fromEntries(found.map((r) => [r.id, r])) };
}

test("Rules are the lab's by their comment", () => {
  const recorded = dockerChains().map((one) => ({
    ...one,
    rules: one.rules.map((rule) => JSON.parse(JSON.stringify(rule).replace("br0", "lan0"))),
  }));
  const id = "firewall:host/ip/filter/DOCKER-USER";
  const { state } = live(routed, recorded);
  expect(state[id]).toMatchObject({ owner: "lab", fields: { rules: [ROUTED[0]], passes: false } });
  expect(firewall.remove(state[id]!)[0]!.stdin).toMatch(/^delete rule ip filter DOCKER-USER handle \d+\n$/);
  expect(live(routed, recorded, "other").state[`${id} (demo)`]).toMatchObject({ owner: { lab: "demo" } });
});

test("What drops is told of, unless it is accepted; what cannot be read, too", () => {
  const { desired, state } = live(leave, DOCKER.chains);
  expect(firewall.advise!(desired, state)).toMatchObject([
    {
      code: "firewall-drops",
      message: expect.stringMatching(/^Docker's firewall .*FORWARD.* \(lan0\): "firewall: accept"/),
    },
  ]);
  const facts: Facts = { born: {}, ovsKernelDatapath: false, brNetfilter: true, filters: DOCKER };
  const accepting = Object.fromEntries(firewall.expand(routed, facts).map((r) => [r.id, r]));
  expect(firewall.advise!({ ...desired, ...accepting }, state)).toEqual([]);
  const hidden = chain("legacy-ip", "FORWARD", { policy: "accept", hidden: true });
  const unread = live(routed, [hidden]);
  expect(firewall.advise!(unread.desired, unread.state)).toMatchObject([{ code: "firewall-unreadable" }]);
  expect(wanted(routed, [hidden])).toEqual({});
  expect(live(leave, [chain("ip6", "FORWARD")]).state).toEqual({});
});

test("A table that only its maker may change is told of, and left alone", () => {
  const base = { chain: { family: "inet", table: "firewalld", name: "f", hook: "forward", policy: "drop" } };
  const table = (flags?: unknown) => ({
    table: { family: "inet", name: "firewalld", ...(flags !== undefined && { flags }) },
  });
  const owned = (flags?: unknown) => chainsOf([table(flags), base] as unknown as Json[])[0]!.owned === true;
  // nft 1.0.6 prints the name of the table.
  expect(["firewalld", "owner", ["owner", "persist"]].map(owned)).toEqual([true, true, true]);
  expect([undefined, "dormant", ["dormant"]].map(owned)).toEqual([false, false, false]);
  const chains = chainsOf([table("owner"), base] as unknown as Json[]);
  expect(wanted(routed, chains)).toEqual({});
  const { desired, state } = live(routed, chains);
  expect(firewall.advise!(desired, state)).toMatchObject([
    { code: "firewall-locked", message: expect.stringContaining("NftablesTableOwner=no") },
  ]);
});

test("Of many devices that no rule names, one is tried for all", () => {
  const ports = ["p0", "p1", "p2"];
  const traffic: HostTraffic = {
    devices: ["a", "b", "c", "lan1"],
    outside: [],
    routed: [4],
    bridges: [
      { name: "br0", ports },
      { name: "br1", ports: [] },
      { name: "br2", ports: [] },
    ],
    reached: ["a", "lan1"].map((name) => ({ name, ports, addresses: { 4: [], 6: [] }, serves: false })),
    filtered: [4],
    families: [4],
    subnets: { 4: [], 6: [] },
  };
  const naming = (...names: string[]) =>
    chain("ip", "f", {
      rules: names.map((right) => ({ handle: 1, expr: [{ match: { left: {}, right: { set: [right] } } }] })),
    });
  expect(typical(traffic, [naming()])).toMatchObject({ devices: ["a"], bridges: [{ name: "br0", ports: ["p0"] }] });
  expect(typical(traffic, [naming("b", "lan*", "p2")])).toMatchObject({
    devices: ["a", "b", "lan1"],
    bridges: [{ name: "br0", ports: ["p0", "p2"] }, { name: "br1" }],
  });
});
