// Whose a device or a namespace is: by its mark, by the number it was born with, by the journal; and never by its name.
import { expect, test } from "vitest";
import { interfaceKind } from "../../../src/kinds/interface.js";
import { aliasOf, ownershipOf } from "../../../src/kinds/ownership.js";
import type { LinkRow, Rows } from "../../../src/kinds/rows.js";
import { groupOf } from "../../../src/topology/derive.js";

const link = (name: string, more: Partial<LinkRow> = {}): LinkRow => ({
  index: 1,
  name,
  up: true,
  loopback: name === "lo",
  mtu: 1500,
  mac: "02:00:00:00:00:01",
  group: 0,
  data: {},
  portData: {},
  addresses: [],
  ...more,
});

const rows = (places: { [place: string]: LinkRow[] }, journalled: string[] = []): Rows => ({
  places: Object.keys(places),
  stale: [],
  link: places,
  route: {},
  sysctl: {},
  nft: {},
  offload: {},
  process: [],
  journal: {
    ...{ namespaces: journalled, devices: [], sysctls: {}, routes: [], uplinks: {} },
    others: { namespaces: {}, routes: {} },
  },
  service: [],
  etcFile: [],
});

test("a device is ours by the alias, another lab's by theirs", () => {
  const devices = [
    link("a", { alias: aliasOf("mine") }),
    link("b", { alias: aliasOf("yours"), group: groupOf("mine") }),
    link("c", { alias: "uplink" }),
    link("d"),
  ];
  const { link: owner } = ownershipOf(rows({ host: devices }), "mine");
  expect(["a", "b", "c", "d", "gone"].map((name) => owner("host", name))).toEqual([
    "lab",
    { lab: "yours" },
    "none",
    "none",
    "none",
  ]);
});

test("without an alias, the group that it was born with counts; with somebody's alias it does not", () => {
  const group = groupOf("mine");
  const { link: owner } = ownershipOf(rows({ host: [link("a", { group }), link("b", { group, alias: "x" })] }), "mine");
  expect([owner("host", "a"), owner("host", "b")]).toEqual(["lab", "none"]);
});

test("an alias that only looks like a mark is none", () => {
  const devices = ["netlab:", "netlab:Mine", "netlab:mine ", "xnetlab:mine"].map((alias, index) =>
    link(`e${index}`, { alias }),
  );
  const { link: owner } = ownershipOf(rows({ host: devices }), "mine");
  for (const { name } of devices) expect(owner("host", name)).toBe("none");
});

test("a namespace is ours by the alias of its lo, whatever else is in it", () => {
  const lo = (alias?: string) => link("lo", alias === undefined ? {} : { alias });
  const { place } = ownershipOf(
    rows({ host: [], red: [lo("netlab:mine"), link("eth0")], blue: [lo("netlab:yours")], plain: [lo()] }),
    "mine",
  );
  expect(["red", "blue", "plain", "gone"].map(place)).toEqual(["lab", { lab: "yours" }, "none", "none"]);
  expect(place("host")).toBe("ambient");
});

test("a namespace that was about to be made is ours while nothing is in it", () => {
  const made = rows({ host: [], fresh: [link("lo"), link("tunl0")], used: [link("lo"), link("eth0")] }, [
    "fresh",
    "used",
  ]);
  const { place } = ownershipOf(made, "mine");
  expect([place("fresh"), place("used")]).toEqual(["lab", "none"]);
});

test("lo is the kernel's, though it bears the mark of its namespace: nobody can delete it", () => {
  const there = rows({
    host: [],
    red: [link("lo", { alias: aliasOf("mine") }), link("eth0", { alias: aliasOf("mine") })],
  });
  const read = interfaceKind.read(there, { lab: "mine", desired: {}, ownership: ownershipOf(there, "mine") });
  expect(read.map(({ id, owner }) => [id, owner])).toEqual([
    ["interface:red/lo", "ambient"],
    ["interface:red/eth0", "lab"],
  ]);
});
