// The packet filter of a machine with Docker, as it was recorded, without the rule that a lab has put into it.
import { readFileSync } from "node:fs";
import path from "node:path";
import type { Json } from "../../src/core/resource.js";
import { chainsOf, type FilterChain } from "../../src/kinds/filters.js";
import type { Facts } from "../../src/kinds/rows.js";

const FILE = path.resolve(import.meta.dirname, "../recorded/nftables-1.0.6/filter.json");

export function dockerChains(): FilterChain[] {
  const { nftables } = JSON.parse(readFileSync(FILE, "utf8")) as { nftables: Json[] };
  return chainsOf(nftables);
}

export const DOCKER: NonNullable<Facts["filters"]> = {
  chains: dockerChains().map((chain) => ({ ...chain, rules: chain.rules.filter(({ comment }) => !comment) })),
  settings: { "net.bridge.bridge-nf-call-iptables": "1" },
};
