// Whose an nftables table under the name of the lab's is, by what `nft -j` says of it.
import { expect, test } from "vitest";
import type { Json } from "../../../src/core/resource.js";
import { nat } from "../../../src/kinds/nat.js";
import { ownershipOf } from "../../../src/kinds/ownership.js";
import type { Rows } from "../../../src/kinds/rows.js";

const chain = (name: string, hook: string, prio: number): Json => ({
  chain: { family: "inet", table: "netlab_zoo", name, handle: 1, type: "nat", hook, prio, policy: "accept" },
});
const CHAINS = [
  chain("prerouting", "prerouting", -100),
  chain("output", "output", -100),
  chain("postrouting", "postrouting", 100),
];
const rule = (comment?: string, at = "postrouting"): Json => ({
  rule: {
    family: "inet",
    table: "netlab_zoo",
    chain: at,
    handle: 9,
    ...(comment && { comment }),
    expr: [{ masquerade: null }],
  },
});

function read(objects: Json[]) {
  const rows: Rows = {
    ...{ places: ["host"], stale: [], link: { host: [] }, route: {}, sysctl: {}, offload: {} },
    ...{ process: [], service: [], etcFile: [], nft: { host: objects } },
    journal: {
      ...{ namespaces: [], devices: [], sysctls: {}, routes: [], uplinks: {} },
      others: { namespaces: {}, routes: {} },
    },
  };
  const [r] = nat.read(rows, { lab: "zoo", desired: {}, ownership: ownershipOf(rows, "zoo") });
  return { owner: r!.owner, mark: r!.fields.mark };
}

test("the lab's: by the comment of a rule, also where somebody has added rules; or without any rule", () => {
  expect(read([...CHAINS, rule("netlab:zoo")])).toEqual({ owner: "lab", mark: "zoo" });
  expect(read([...CHAINS, rule(), rule("netlab:zoo")])).toEqual({ owner: "lab", mark: "zoo" });
  for (const chains of [CHAINS, [CHAINS[2]!], []]) expect(read(chains)).toEqual({ owner: "lab", mark: "zoo" });
});

test("the lab's, to be marked: just as a netlab without comments has made it", () => {
  expect(read([...CHAINS, rule()])).toEqual({ owner: "lab", mark: null });
});

test("a stranger's, or another lab's", () => {
  expect(read([CHAINS[2]!, rule()])).toEqual({ owner: "none", mark: null });
  expect(read([...CHAINS, chain("mine", "input", 0), rule()])).toEqual({ owner: "none", mark: null });
  expect(read([...CHAINS, rule("netlab:ape")])).toEqual({ owner: { lab: "ape" }, mark: null });
});

test.each<[string, Json]>([
  ["chain that drops", { chain: { name: "x", type: "filter", hook: "input", prio: 0, policy: "drop" } }],
  [
    "chain called like one of netlab's",
    { chain: { name: "output", type: "filter", hook: "output", prio: 0, policy: "drop" } },
  ],
  ["chain that others jump to", { chain: { name: "prerouting" } }],
  ["set", { set: { name: "x", type: "ipv4_addr", elem: ["10.0.0.1"] } }],
  ["map", { map: { name: "x", type: "ipv4_addr", map: "verdict" } }],
  ["flowtable", { flowtable: { name: "x", hook: "ingress", prio: 0, dev: "eth0" } }],
])("a stranger's, without any rule, for a %s", (_, object) => {
  expect(read([object]).owner).toBe("none");
  expect(read([CHAINS[2]!, object]).owner).toBe("none");
});
