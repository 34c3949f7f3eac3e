import { expect, test } from "vitest";
import { routeRows } from "../../../../src/host/read/ip-routes.js";
import { type JsonObject, jsonLines, objects } from "../../../../src/host/read/tool-json.js";
import { recorded, recordedNetwork } from "../recorded.js";

const red = routeRows(recordedNetwork("red").routes);
const to = (dst: string, metric?: number) =>
  red.filter((row) => row.dst === dst && (metric === undefined || row.metric === metric));
const hop = (via: string, more = {}) => ({ via, dev: "eth0", weight: 1, onlink: false, ...more });

test("default routes of both families, and those that only refuse", () => {
  expect(to("0.0.0.0/0")).toEqual([
    {
      family: 4,
      type: "unicast",
      dst: "0.0.0.0/0",
      nexthops: [hop("192.168.15.254")],
      metric: 0,
      table: 254,
      protocol: "110",
    },
    { family: 4, type: "prohibit", dst: "0.0.0.0/0", nexthops: [], metric: 4000, table: 254, protocol: "boot" },
  ]);
  expect(to("::/0")).toEqual([
    {
      family: 6,
      type: "unicast",
      dst: "::/0",
      nexthops: [hop("fd00:15::9")],
      metric: 1024,
      table: 254,
      protocol: "110",
    },
    { family: 6, type: "unreachable", dst: "::/0", nexthops: [], metric: 4000, table: 254, protocol: "boot" },
  ]);
});

test("metric, table and protocol", () => {
  expect(to("10.0.0.0/8")).toMatchObject([{ metric: 50, table: 100, protocol: "static" }]);
  expect(to("10.1.0.0/16")).toMatchObject([{ table: 253, protocol: "boot" }]);
});

test("host routes have their prefix length", () => {
  expect(to("198.51.100.7/32")).toHaveLength(1);
  expect(to("fd03::1/128")).toMatchObject([{ src: "fd00:15::1", table: 100, nexthops: [{ dev: "eth0" }] }]);
});

test("several next hops of both families", () => {
  expect(to("192.0.2.0/24")[0]!.nexthops).toEqual([
    hop("192.168.15.9", { weight: 2 }),
    hop("10.9.9.9", { onlink: true }),
  ]);
  expect(to("fd01::/64")[0]!.nexthops).toEqual([hop("fd00:15::8", { weight: 3 }), hop("fd00:15::7")]);
});

test("source, on-link gateway, and an IPv6 gateway of an IPv4 route", () => {
  expect(to("172.16.0.0/12")).toMatchObject([{ src: "192.168.15.1", nexthops: [{ dev: "eth0", weight: 1 }] }]);
  expect(to("5.5.5.5/32")[0]!.nexthops).toEqual([hop("10.9.9.9", { onlink: true })]);
  expect(to("6.6.6.6/32")[0]!.nexthops).toEqual([hop("fd00:15::9")]);
});

test("blackhole and unreachable have no next hop, though IPv6 ones print a device", () => {
  expect(to("203.0.113.0/24")).toMatchObject([{ type: "blackhole", nexthops: [] }]);
  expect(to("203.0.114.0/24")).toMatchObject([{ type: "unreachable", nexthops: [], metric: 7 }]);
  expect(to("fd02::/64")).toMatchObject([{ type: "blackhole", nexthops: [] }]);
});

test("what nobody declares is left out: the kernel's, throw, and those with a TOS", () => {
  expect(to("192.168.15.0/24")).toEqual([]);
  expect(to("203.0.115.0/24")).toEqual([]);
  expect(to("7.7.7.0/24")).toEqual([]);
  expect(red.filter((row) => row.dst.startsWith("fe80") || row.dst.startsWith("ff00"))).toEqual([]);
  const cached = { type: "unicast", dst: "fd09::1", dev: "eth0", protocol: "static", flags: ["cloned"] };
  const advertised = {
    type: "unicast",
    dst: "default",
    gateway: "fe80::1",
    dev: "eth0",
    protocol: "ra",
    pref: "medium",
  };
  expect(routeRows([cached, advertised, {}])).toEqual([]);
});

test("names instead of numbers give the same rows, but for protocols that have one", () => {
  const names = routeRows(recordedNetwork("red-names").routes);
  expect(names.map((row) => (row.protocol === "bird" ? { ...row, protocol: "12" } : row))).toEqual(red);
});

test("without details the keys that are missing have their defaults", () => {
  const json = objects(jsonLines(recorded("iproute2-6.1.0/red-routes-without-details.json"))[0]);
  const rows = routeRows(json).filter((row) => row.dst === "0.0.0.0/0" || row.dst === "203.0.113.0/24");
  expect(rows).toMatchObject([
    { family: 4, table: 254, type: "unicast" },
    { family: 4, table: 254, type: "prohibit", metric: 4000 },
    { family: 4, table: 254, type: "blackhole" },
  ]);
});

test("what has more than a row holds says so", () => {
  const plain = { dst: "172.28.0.0/24", gateway: "10.0.0.9", dev: "eth0", protocol: "12", scope: "0", flags: [] };
  const six = {
    dst: "fd01::/64",
    dev: "eth0",
    protocol: "12",
    scope: "global",
    metric: 1024,
    flags: [],
    pref: "medium",
  };
  const hop = { gateway: "10.0.0.9", dev: "eth0", weight: 1, flags: [] };
  const isMore = (json: JsonObject) => routeRows([json])[0]!.more;
  const { gateway: _, ...direct } = plain;
  for (const usual of [plain, six, { ...direct, scope: "link" }, { ...direct, nexthops: [hop, hop] }])
    expect(isMore(usual), JSON.stringify(usual)).toBeUndefined();
  for (const unusual of [
    { ...plain, metrics: [{ mtu: 1300 }] },
    { ...plain, nhid: 7 },
    { ...direct, scope: "254" },
    { ...six, pref: "high" },
    { ...six, expires: 999 },
    { ...direct, nexthops: [hop, { ...hop, encap: "mpls" }] },
  ])
    expect(isMore(unusual), JSON.stringify(unusual)).toBe(true);
});
