// The chains of a machine's packet filter as plain data, from `nft -j list ruleset`: libnftables-json(5).
import type { Json } from "../core/resource.js";

/** `legacy-ip` and `legacy-ip6` are the tables of iptables-legacy(8), which nft does not show. */
export type FilterFamily = "ip" | "ip6" | "inet" | "bridge" | "legacy-ip" | "legacy-ip6";

export type Expression = { [key: string]: Json };

export interface FilterRule {
  handle: number;
  comment?: string;
  expr: Expression[];
}

export interface FilterChain {
  family: FilterFamily;
  table: string;
  name: string;
  /** Base chains only: where the kernel calls it. */
  hook?: string;
  policy?: string;
  rules: FilterRule[];
  /** It is there, and cannot be read. */
  hidden?: true;
  /** Its table belongs to one process, and only that may change it: "flags owner" in nft(8). */
  owned?: true;
}

const FAMILIES = new Set(["ip", "ip6", "inet", "bridge"]);

/** @param objects the `nftables` array */
export function chainsOf(objects: Json[]): FilterChain[] {
  const chains = new Map<string, FilterChain>();
  const key = (family: Json | undefined, table: Json | undefined, name: Json | undefined) =>
    `${family} ${table} ${name}`;
  const owned = new Set(
    (objects as Expression[]).flatMap(({ table }) => (isOwned(table) ? [key(table.family, table.name, "")] : [])),
  );
  for (const { chain } of objects as Expression[]) {
    if (!isObject(chain) || !FAMILIES.has(String(chain.family))) continue;
    const { family, table, name, hook, policy } = chain as unknown as FilterChain;
    chains.set(key(family, table, name), {
      ...{ family, table, name },
      ...(hook && { hook }),
      ...(policy && { policy }),
      ...(owned.has(key(family, table, "")) && { owned: true as const }),
      rules: [],
    });
  }
  for (const { rule } of objects as Expression[]) {
    if (!isObject(rule)) continue;
    const { handle, comment, expr = [] } = rule as unknown as FilterRule;
    chains
      .get(key(rule.family, rule.table, rule.chain))
      ?.rules.push({ handle, ...(comment !== undefined && { comment }), expr });
  }
  return [...chains.values()];
}

/** nft 1.0.6 prints the table's name for its flags; the other flag, dormant, is of tables that do nothing. */
const isOwned = (table: Json | undefined): table is Expression =>
  isObject(table) && table.flags !== undefined && ![table.flags].flat().includes("dormant");

export const isForward = ({ hook }: FilterChain): boolean => hook === "forward";

/** What is for the machine itself comes by it. */
export const isInput = ({ hook }: FilterChain): boolean => hook === "input";

/** Chains of the same table, by name. */
export function tableOf(all: FilterChain[], { family, table }: FilterChain): Map<string, FilterChain> {
  return new Map(all.filter((one) => one.family === family && one.table === table).map((one) => [one.name, one]));
}

export const isObject = (value: Json | undefined): value is Expression =>
  typeof value === "object" && value !== null && !Array.isArray(value);
