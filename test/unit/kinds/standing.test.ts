// What stands on another device ends with it: where it is somebody's, and the one below is not lent and given back.
import { expect, test } from "vitest";
import { interfaceKind } from "../../../src/kinds/interface.js";
import { ownershipOf } from "../../../src/kinds/ownership.js";
import type { LinkRow, Rows } from "../../../src/kinds/rows.js";

const link = (index: number, name: string, more: Partial<LinkRow> = {}): LinkRow => ({
  ...{ index, name, up: true, loopback: false, mtu: 1500, mac: "02:00:00:00:00:01", group: 0 },
  ...{ data: {}, portData: {}, addresses: [] },
  ...more,
});

function lowerOf(name: string, { alias, lent = {} }: { alias?: string; lent?: object } = {}) {
  const lower = { place: "red", name: "eth0" };
  const row = link(2, name, { kind: "macvlan", lower, ...(alias !== undefined && { alias }) });
  const journal = { namespaces: [], devices: [], sysctls: {}, routes: [], uplinks: lent };
  const rows = {
    places: ["host", "red"],
    link: { host: [row], red: [link(2, "eth0")] },
    journal: { ...journal, others: { namespaces: {}, routes: {} } },
  } as unknown as Rows;
  const all = interfaceKind.read(rows, { lab: "zoo", desired: {}, ownership: ownershipOf(rows, "zoo") });
  const found = all.find(({ id }) => id === `interface:host/${name}`)!;
  return { livesOn: interfaceKind.livesOn!(found), provides: interfaceKind.provides!(found) };
}

test("a macvlan of somebody's lives on the device below, and what is on it lives on it", () => {
  const { livesOn, provides } = lowerOf("mv0");
  expect(livesOn).toEqual(["link:red/eth0", "ns:host"]);
  expect(provides).toContain("link:host/mv0");
});

test.each([
  ["the lab's own", { alias: "netlab:zoo" }],
  ["one on an interface that is lent, which only moves", { lent: { eth0: { lab: "zoo", namespace: "red" } } }],
])("%s does not", (_, more) => {
  const { livesOn, provides } = lowerOf("mv0", more);
  expect(livesOn).toEqual(["link:host/mv0"]);
  expect(provides).not.toContain("link:host/mv0");
});
