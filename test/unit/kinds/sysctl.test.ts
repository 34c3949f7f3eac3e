// What is written when a lab gives a setting of the host back: as before it, but for what somebody has set by hand since.
import { expect, test } from "vitest";
import { ownershipOf } from "../../../src/kinds/ownership.js";
import type { Rows } from "../../../src/kinds/rows.js";
import { sysctl } from "../../../src/kinds/sysctl.js";

const FORWARD = "net.ipv4.ip_forward";
const of = (device: string, setting: string) => `net.ipv4.conf.${device}.${setting}`;
const BEFORE = {
  [FORWARD]: "0",
  [of("all", "accept_redirects")]: "1",
  [of("all", "forwarding")]: "0",
  [of("lo", "forwarding")]: "1",
  [of("ens3", "forwarding")]: "0",
  [of("ens3", "accept_redirects")]: "1",
};
/** As inet_forward_change() leaves it when forwarding is switched on. */
const ON = {
  ...BEFORE,
  [FORWARD]: "1",
  [of("all", "accept_redirects")]: "0",
  [of("all", "forwarding")]: "1",
  [of("ens3", "forwarding")]: "1",
};

/** What destroying the lab writes. */
function written(now: Record<string, string>, wanted: string, before: Record<string, string> = BEFORE): string[] {
  return writtenFor(FORWARD, now, { previous: before, labs: ["zoo"], wanted: { zoo: wanted } });
}

function writtenFor(key: string, now: Record<string, string>, note: Rows["journal"]["sysctls"][string]): string[] {
  const rows: Rows = {
    ...{ places: ["host"], stale: [], link: { host: [] }, route: {}, nft: {}, offload: {} },
    ...{ process: [], service: [], etcFile: [] },
    sysctl: { host: now },
    journal: {
      ...{ namespaces: [], devices: [], routes: [], uplinks: {}, others: { namespaces: {}, routes: {} } },
      sysctls: { [`host ${key}`]: note },
    },
  };
  const read = sysctl.read(rows, { lab: "zoo", desired: {}, ownership: ownershipOf(rows, "zoo") });
  const ours = read.filter(({ owner }) => owner === "lab");
  expect(ours.map(({ id }) => id)).toEqual([`sysctl:host/${key}`]);
  return ours.flatMap((r) => sysctl.remove(r)).flatMap(({ args }) => args.filter((arg) => arg !== "-e"));
}

test("what the kernel will not bring back by itself is written behind it", () => {
  expect(written(ON, "1")).toEqual([`${FORWARD}=0`, `${of("lo", "forwarding")}=1`]);
});

test("what somebody has hardened meanwhile stays so", () => {
  const now = { ...ON, [of("ens3", "accept_redirects")]: "0", [of("lo", "forwarding")]: "0" };
  expect(written(now, "1")).toEqual([`${FORWARD}=0`]);
  const open = { ...ON, [of("all", "accept_redirects")]: "1" };
  const closed = { ...BEFORE, [of("all", "accept_redirects")]: "0" };
  expect(written(open, "1", closed)).toEqual([`${FORWARD}=0`, `${of("lo", "forwarding")}=1`]);
});

test("where forwarding was on already, the lab has dragged nothing along", () => {
  const now = { ...ON, [of("ens3", "forwarding")]: "0", [of("all", "accept_redirects")]: "0" };
  expect(written(now, "1", { ...ON, [of("all", "accept_redirects")]: "1" })).toEqual([`${FORWARD}=1`]);
});

test("a restoration that was cut short after its first write is completed", () => {
  const half = { ...BEFORE, [of("lo", "forwarding")]: "0" };
  expect(written(half, "1")).toEqual([`${FORWARD}=0`, `${of("lo", "forwarding")}=1`]);
});

test("a device that is gone has no setting", () => {
  const { [of("lo", "forwarding")]: _, ...now } = ON;
  expect(written(now, "1")).toEqual([`${FORWARD}=0`]);
});

test("what the lab has switched on, and off again since, comes back all the same", () => {
  const previous = { ...BEFORE, [of("all", "accept_redirects")]: "0" };
  const now = { ...BEFORE, [of("lo", "forwarding")]: "0" };
  const note = { previous, labs: ["zoo"], wanted: { zoo: "0" } };
  expect(writtenFor(FORWARD, now, { ...note, changed: true })).toEqual([
    `${FORWARD}=0`,
    `${of("all", "accept_redirects")}=0`,
    `${of("lo", "forwarding")}=1`,
  ]);
  expect(writtenFor(FORWARD, now, note)).toEqual([`${FORWARD}=0`]);
});

test("IPv6 forwarding is written to every device, also where it was so already", () => {
  const [key, ens3] = ["net.ipv6.conf.all.forwarding", "net.ipv6.conf.ens3.forwarding"];
  const note = (before: string, wanted: string, device: string) => ({
    ...{ previous: { [key]: before, [ens3]: device }, labs: ["zoo"], wanted: { zoo: wanted } },
    ...(before !== wanted && { changed: true as const }),
  });
  // Switched on again, and off on a device: by the lab, by the owner since, and by a restoration that was cut short.
  expect(writtenFor(key, { [key]: "1", [ens3]: "1" }, note("1", "1", "0"))).toEqual([`${key}=1`, `${ens3}=0`]);
  expect(writtenFor(key, { [key]: "1", [ens3]: "0" }, note("1", "1", "1"))).toEqual([`${key}=1`, `${ens3}=0`]);
  expect(writtenFor(key, { [key]: "0", [ens3]: "1" }, note("0", "1", "1"))).toEqual([`${key}=0`, `${ens3}=1`]);
});
