import { expect, test } from "vitest";
import { linkRows } from "../../../../src/host/read/ip-links.js";
import { jsonLines, objects } from "../../../../src/host/read/tool-json.js";
import { recorded, recordedNetwork } from "../recorded.js";

const red = linkRows(recordedNetwork("red").links);
const host = linkRows(recordedNetwork("host").links);
const byName = (rows: typeof red, name: string) => rows.find((row) => row.name === name)!;

test("a veth end with its mark and the numbers of its peer", () => {
  expect(byName(red, "eth0")).toMatchObject({
    index: 2,
    kind: "veth",
    up: true,
    loopback: false,
    mtu: 1400,
    mac: "02:00:00:00:00:01",
    group: 77,
    alias: "netlab:demo",
    linkIndex: 2,
    netnsid: 0,
  });
  expect(byName(red, "eth0")).not.toHaveProperty("master");
});

test("a bridge and its port keep their settings as ip prints them", () => {
  expect(byName(host, "br0")).toMatchObject({ kind: "bridge", data: { stp_state: 1, forward_delay: 1500 } });
  expect(byName(host, "p0")).toMatchObject({ master: "br0", portData: { hairpin: true } });
});

test("lo has no kind, is loopback, and its own addresses are the kernel's", () => {
  const lo = byName(red, "lo");
  expect(lo).toMatchObject({ loopback: true, up: true, group: 0 });
  expect(lo).not.toHaveProperty("kind");
  expect(lo.addresses.map(({ address, dynamic }) => [address, dynamic])).toEqual([
    ["127.0.0.1", true],
    ["10.255.0.2", false],
    ["::1", true],
  ]);
});

test("declared addresses are told from link-local and leased ones, a secondary from its primary", () => {
  const flags = (name: string) =>
    byName(red, name).addresses.map(({ address, prefix, secondary, dynamic }) => ({
      address: `${address}/${prefix}`,
      secondary,
      dynamic,
    }));
  expect(flags("eth0")).toEqual([
    { address: "192.168.15.1/24", secondary: false, dynamic: false },
    { address: "192.168.15.2/24", secondary: true, dynamic: false },
    { address: "fd00:15::1/64", secondary: false, dynamic: false },
    { address: "fe80::1/64", secondary: false, dynamic: false },
    { address: "fe80::ff:fe00:1/64", secondary: false, dynamic: true },
  ]);
  expect(flags("eth1").map(({ dynamic }) => dynamic)).toEqual([true, true]);
  expect(byName(red, "eth0").addresses.filter(({ lifetime }) => lifetime)).toEqual([]);
  expect(byName(red, "eth1").addresses[0]!.lifetime).toEqual({ valid: 4999, preferred: 2999 });
});

test.each([
  ["fe80::822:a6ff:febe:5551", true],
  ["fe80::822:ff:febe:5551", true],
  ["fe80::ff:fe00:1", true],
  ["fe80::61ff:fe9a:88e3", true],
  ["fe80::1:2:3:4", false],
  ["2001:db8::822:a6ff:febe:5551", false],
])("%s is made by the kernel: %s", (local, dynamic) => {
  const address = { family: "inet6", local, prefixlen: 64, scope: "link", valid_life_time: 4294967295 };
  const [row] = linkRows([{ ifindex: 2, ifname: "e", flags: [], addr_info: [address] }]);
  expect(row!.addresses[0]!.dynamic).toBe(dynamic);
});

test("a link-local address that the kernel says it made is the kernel's, whatever its form", () => {
  const address = { family: "inet6", local: "fe80::1:2:3:4", prefixlen: 64, protocol: "kernel_ll" };
  const [row] = linkRows([{ ifindex: 2, ifname: "e", flags: [], addr_info: [address] }]);
  expect(row!.addresses[0]!.dynamic).toBe(true);
});

test("tentative and failed duplicate address detection show", () => {
  const address = { family: "inet6", local: "fd00::1", prefixlen: 64, tentative: true, dadfailed: true };
  const [row] = linkRows([{ ifindex: 2, ifname: "e", flags: [], addr_info: [address] }]);
  expect(row!.addresses[0]).toMatchObject({ tentative: true, dadfailed: true, dynamic: false });
});

test("what a filter left of a link is dropped", () => {
  expect(linkRows(objects(jsonLines(recorded("iproute2-6.1.0/filtered-address-show.json"))[0]))).toEqual([]);
});

test("names instead of numbers give the same rows", () => {
  expect(linkRows(recordedNetwork("red-names").links)).toEqual(red);
});

test("names and aliases with quotes survive", () => {
  expect(linkRows(recordedNetwork("gw").links).map((row) => row.name)).toEqual(["lo", "it's"]);
  expect(byName(host, "a").alias).toBe("say \"a\\b' and more");
});
