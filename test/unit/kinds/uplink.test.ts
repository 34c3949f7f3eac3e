// Interfaces of the machine: what is refused and warned of, what goes along, and how lifetimes run.
import { expect, test } from "vitest";
import type { Resource } from "../../../src/core/resource.js";
import { ownershipOf } from "../../../src/kinds/ownership.js";
import type { Rows, UplinkRow } from "../../../src/kinds/rows.js";
import { cutsConnection, refusals } from "../../../src/kinds/uplink-advice.js";
import { addressWords, aged, fits, movable, renewed, routeWords } from "../../../src/kinds/uplink-words.js";

const ROW: UplinkRow = {
  ...{
    up: true,
    mac: "02:00:5e:00:53:0a",
    mtu: 1500,
    group: 0,
    alias: "",
    read: 1000,
    wireless: false,
    session: false,
  },
  addresses: [],
  routes: [],
};
const WANTED: Resource = {
  id: "takeover:host/ens3",
  kind: "takeover",
  place: "host",
  fields: { bridge: "br0", moved: true },
  at: { name: "ens3", things: null, declared: [], linux: true },
  origin: "/bridges/br0/ports/ens3",
};
const desired = { [WANTED.id]: WANTED };

function rows(row: Partial<UplinkRow>): Rows {
  const link = { index: 2, name: "ens3", up: true, loopback: false, mtu: 1500, mac: ROW.mac, group: 0 };
  return {
    ...{ places: ["host"], stale: [], route: {}, sysctl: {}, nft: {}, offload: {}, process: [] },
    link: { host: [{ ...link, data: {}, portData: {}, addresses: [] }] },
    uplinks: { ens3: { ...ROW, ...row } },
    journal: {
      ...{ namespaces: [], devices: [], sysctls: {}, routes: [], uplinks: {} },
      others: { namespaces: {}, routes: {} },
    },
  } as unknown as Rows;
}

const refused = (row: Partial<UplinkRow>) => {
  const read = rows(row);
  return refusals(read, { lab: "a", desired, ownership: ownershipOf(read, "a") }).map(({ message }) => message);
};

test.each([
  [{ wireless: true }, "ens3 is wireless"],
  [{ manager: "NetworkManager" as const }, "NetworkManager manages ens3"],
  [{ alias: "two words" }, 'ens3 has the alias "two words"'],
  [{ routes: [{ dst: "default", dev: "ens3", encap: "mpls" }] }, 'the route to default has "encap"'],
])("%j is refused", (row, words) => {
  expect(refused({})).toEqual([]);
  expect(refused(row)).toEqual([expect.stringContaining(words)]);
});

test("who may be cut off is warned, and with networkd of its ways", () => {
  const codes = (row: Partial<UplinkRow>) => {
    const things = { ...ROW, ...row } as unknown as Resource["at"][string];
    const wish = { ...WANTED, at: { ...WANTED.at, things } };
    return cutsConnection({ [wish.id]: wish }, {}, rows(row)).map(({ code, risk }) => [code, risk ?? false]);
  };
  expect(codes({})).toEqual([]);
  expect(codes({ session: true })).toEqual([["may-cut-connection", true]]);
  expect(codes({ routes: [{ dst: "default" }] })).toEqual([["may-cut-connection", true]]);
  expect(codes({ manager: "systemd-networkd" })).toEqual([["managed-interface", false]]);
  expect(codes({ qdisc: "tbf" })).toEqual([]);
  expect(codes({ client: "dhclient (process 812)" })).toEqual([["managed-interface", false]]);
});

test("a queueing discipline is lost in a namespace", () => {
  const wish = { ...WANTED, fields: { namespace: "red" } };
  const codes = (row: Partial<UplinkRow>) => cutsConnection({ [wish.id]: wish }, {}, rows(row)).map(({ code }) => code);
  expect([codes({}), codes({ qdisc: "tbf" })]).toEqual([[], ["qdisc-lost"]]);
});

test("who logs in through the bridge is warned, too, whatever takes its addresses away", () => {
  const things = { ...ROW } as unknown as Resource["at"][string];
  const taken: Resource = { ...WANTED, at: { ...WANTED.at, things }, owner: "lab" };
  const part = (id: string, fields: Resource["fields"] = {}): Resource => {
    const [kind = ""] = id.split(":");
    return { id, kind, place: "host", fields, at: {}, owner: "lab" };
  };
  const state = (...all: Resource[]) => Object.fromEntries(all.map((one) => [one.id, one]));
  const read = { ...rows({}), uplinks: { ens3: ROW, br0: { ...ROW, session: true } } };
  const codes = (to: Resource[], from: Resource[]) =>
    cutsConnection(state(...to), state(...from), read).map(({ code }) => code);
  const [cut, linux] = [["may-cut-connection"], part("bridge:host/br0")];
  const device = (mac: string) => part("interface:host/br0", { mac });
  const address = part("address:host/br0/192.0.2.1/24");
  expect(codes([taken, linux, device("a"), address], [taken, linux, device("a"), address])).toEqual([]);
  expect(codes([taken, linux, part("address:host/br1/192.0.2.1/24")], [taken, linux])).toEqual([]);
  expect(codes([], [taken, linux])).toEqual(cut);
  expect(codes([taken, part("ovs-bridge:br0")], [taken, linux])).toEqual(cut);
  expect(codes([taken, linux, device("a")], [taken, linux, device("b")])).toEqual(cut);
  expect(codes([taken, linux, address], [taken, linux])).toEqual(cut);
  expect(codes([taken, linux], [taken, linux, address])).toEqual(cut);
  expect(codes([taken], [{ ...taken, fields: { ...taken.fields, moved: false } }])).toEqual(cut);
});

test("what the kernel makes by itself does not move", () => {
  const own = { family: "inet", local: "192.0.2.1", prefixlen: 24 };
  const subnet = { type: "1", dst: "192.0.2.0/24", dev: "ens3", table: "254", protocol: "2", scope: "253" };
  const addresses = [own, { family: "inet6", local: "fe80::5eff:fe00:530a", prefixlen: 64 }];
  expect(movable({ ...ROW, addresses, routes: [subnet] })).toMatchObject({ addresses: [own], routes: [] });
  // With noprefixroute somebody else made the route, in the kernel's name.
  const kept = movable({ ...ROW, addresses: [{ ...own, noprefixroute: true }], routes: [subnet] });
  expect(kept.routes).toEqual([subnet]);
});

test("time runs meanwhile, and never out", () => {
  const address = { family: "inet", local: "192.0.2.1", prefixlen: 24, scope: "0" };
  const lease = { ...address, valid_life_time: 100, preferred_life_time: 50 };
  const route = { type: "1", dst: "::/0", dev: "ens3", table: "254", protocol: "9", pref: "medium", expires: 60 };
  const later = (seconds: number) => aged({ ...ROW, addresses: [lease], routes: [route] }, 1000 + seconds);
  expect(addressWords(later(70).addresses[0]!, "ens3", "ens3").join(" ")).toContain("valid_lft 30 preferred_lft 0");
  expect(addressWords(later(500).addresses[0]!, "ens3", "ens3").join(" ")).toContain("valid_lft 1 preferred_lft 0");
  expect(routeWords(later(20).routes[0]!, "ens3", "br0").join(" ")).toBe("::/0 dev br0 table 254 proto 9 expires 40");
});

test("what was advertised again meanwhile goes back with its new time", () => {
  const address = { family: "inet6", local: "2001:db8::1", prefixlen: 64, scope: "0" };
  const route = {
    type: "1",
    dst: "default",
    gateway: "fe80::1",
    table: "254",
    protocol: "9",
    pref: "medium",
    flags: [],
  };
  const with_ = (dev: string, valid: number, expires: number) => ({
    ...ROW,
    addresses: [{ ...address, valid_life_time: valid, preferred_life_time: valid }],
    routes: [
      { ...route, dev, expires },
      { ...route, dev, metric: 7, expires: 9 },
    ],
  });
  const old = with_("ens3", 60, 40);
  const now = { ...with_("br0", 1800, 900), routes: with_("br0", 0, 900).routes.slice(0, 1) };
  const then = renewed(old, "ens3", now, "br0");
  expect(then.addresses[0]).toMatchObject({ valid_life_time: 1800, preferred_life_time: 1800 });
  expect(then.routes).toMatchObject([
    { dev: "ens3", expires: 900 },
    { dev: "ens3", metric: 7, expires: 9 },
  ]);
});

test("routes go with declared addresses as far as they hold with them", () => {
  const route = { dst: "default", gateway: "192.0.2.254", dev: "ens3" };
  expect(fits(route, ["192.0.2.7/24"])).toBe(true);
  expect(fits(route, ["198.51.100.7/24"])).toBe(false);
  expect(fits({ ...route, prefsrc: "192.0.2.1" }, ["192.0.2.7/24"])).toBe(false);
});
