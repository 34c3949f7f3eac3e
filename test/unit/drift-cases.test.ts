// Every kind, and every field of it, has a drift case: made again, a second one, and each field changed; or a reason why not.
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { kinds } from "../../src/kinds/index.js";
import { offload } from "../../src/kinds/offload.js";
import { process } from "../../src/kinds/process.js";
import type { Facts, Rows } from "../../src/kinds/rows.js";
import { sysctl, sysctlResource } from "../../src/kinds/sysctl.js";
import { takeover } from "../../src/kinds/takeover.js";
import type { Lab } from "../../src/topology/lab.js";
import { host } from "../helpers/drift-host.js";
import { linux } from "../helpers/drift-linux.js";
import { network } from "../helpers/drift-network.js";
import { ovs } from "../helpers/drift-ovs.js";
import { services } from "../helpers/drift-services.js";

const FAMILIES = [linux, network, ovs, host, services];
const cases = FAMILIES.flatMap((family) => family.cases);
const isRefused = (kind: string) => cases.some(({ conflict }) => conflict?.startsWith(`${kind}:`));

const physical = readFileSync("test/integration/physical.test.ts", "utf8");

/** What has no case, by kind and field or sign: why, and whether that is still so. */
const EXCEPTIONS: { [what: string]: { why: string; holds: () => boolean } } = {
  "sysctl -": {
    why: "a setting is always there: one that the file does not have is not touched",
    holds: () => sysctl.remove(sysctlResource("red", "net.ipv4.ip_forward", "1")).length === 0,
  },
  "offload -": { why: "only what is wanted is read", holds: () => offloadsOf(["eth0", "eth1"], []).length === 1 },
  "offload tx": { why: "only what is off is there at all", holds: () => offloadsOf(["eth0"], ["eth0"]).length === 0 },
  "process +": { why: "no lab wants one", holds: () => process.expand({} as Lab, {} as Facts).length === 0 },
  "process command": { why: "as above", holds: () => process.fields.command?.way === "elsewhere" },
  "ovs-bridge mark": { why: "without it the bridge is a stranger's", holds: () => isRefused("ovs-bridge") },
  "takeover +": { why: "it is there while the journal names it", holds: () => takeovers().length === 0 },
  "takeover -": { why: "only what the journal names is read", holds: () => takeovers().length === 0 },
  "takeover bridge": { why: "test/integration/physical.test.ts", holds: () => physical.includes("dev ens3 nomaster") },
  "takeover moved": { why: "test/integration/physical.test.ts", holds: () => physical.includes("24 dev br0") },
  "takeover hairpin": { why: "test/integration/physical.test.ts", holds: () => physical.includes("hairpin on") },
  "takeover namespace": { why: "it is what the journal says", holds: () => takeovers().length === 0 },
  "loan +": { why: "test/integration/physical.test.ts", holds: () => physical.includes("dev ens3 netns 1") },
  "loan -": { why: "only what the journal names is read", holds: () => takeovers().length === 0 },
  "ovs-port mark": { why: "without it the port is a stranger's", holds: () => isRefused("ovs-port") },
};

/** `KIND +`, `KIND -` and `KIND FIELD` of all plans that a case expects to be carried out. */
const covered = new Set(
  cases
    .flatMap(({ plan, conflict }) => (conflict ? [] : plan))
    .flatMap((line) => {
      const [, sign, kind, fields = ""] = /^(.) ([a-z-]+):.*?(?:: (.*))?$/.exec(line) ?? [];
      return [`${kind} ${sign}`, ...fields.split(", ").map((field) => `${kind} ${field}`)];
    }),
);

const needed = kinds.flatMap(({ name, fields }) => ["+", "-", ...Object.keys(fields)].map((what) => `${name} ${what}`));

describe("drift cases", () => {
  test.each(needed.filter((what) => !(what in EXCEPTIONS)))("%s", (what) => {
    expect(covered).toContain(what);
  });

  test.each(Object.entries(EXCEPTIONS))("%s has none", (what, { why, holds }) => {
    expect(needed).toContain(what);
    expect(covered).not.toContain(what);
    expect(holds(), why).toBe(true);
  });

  test("no title is there twice in a family", () => {
    for (const family of FAMILIES)
      expect(new Set(family.cases.map(({ title }) => title)).size).toBe(family.cases.length);
  });
});

/** What is read of the offload of red, where eth0 is wanted. */
function offloadsOf(devices: string[], on: string[]) {
  const link = { red: devices.map((name) => ({ name })) };
  const desired = { "offload:red/eth0": {} };
  const rows = { link, offload: { red: on } } as unknown as Rows;
  return offload.read(rows, { desired } as unknown as Parameters<typeof offload.read>[1]);
}

/** What is read of them on a machine whose journals name none. */
function takeovers() {
  const rows = { link: { host: [{ name: "ens3" }] }, journal: { uplinks: {} } } as unknown as Rows;
  return takeover.read(rows, { desired: {} } as unknown as Parameters<typeof takeover.read>[1]);
}
