// What a chain of a packet filter does with the first packet of a connection: nft(8), libnftables-json(5).

import type { Json } from "../core/resource.js";
import { covers, type Inet, networkOf, parseAddress, parseCidr } from "../topology/inet.js";
import type { Family } from "../topology/lab.js";
import { type Expression, type FilterChain, type FilterRule, isObject, tableOf } from "./filters.js";

/** Packets that are alike: what is not said may be anything, but a device that is not said is one that no rule names. */
export interface Packet {
  family: Family;
  in?: string;
  out?: string;
  /** The bridge that it crosses. */
  bridge?: string;
  /** Subnets that it may come from, or go to. */
  from?: string[] | undefined;
  to?: string[] | undefined;
  /** What the address that it goes to is to this machine, as far as it is known: nft(8), FIB EXPRESSIONS. */
  goal?: "local" | "broadcast";
}

/** `some`: packets with certain addresses, protocols or ports. */
export type Fate = "pass" | "drop" | "some";

/** Whether a rule matches such packets. `unknown`: netlab cannot tell (a set by name, an extension of iptables, a limit). */
type Match = "yes" | "some" | "no" | "unknown";

interface Walk {
  end: "accept" | "drop" | "through";
  /** Some packets were dropped on the way. */
  some: boolean;
}

/** @param all every chain of the machine, for jumps */
export function fateOf(base: FilterChain, all: FilterChain[], packet: Packet): Fate {
  const { end, some } = walk(base, tableOf(all, base), packet, 0);
  const dropped = end === "drop" || (end === "through" && base.policy === "drop");
  return dropped ? "drop" : some ? "some" : "pass";
}

/** Jumps are no deeper: NFT_JUMP_STACK_SIZE in the kernel. */
const DEPTH = 16;

function walk(chain: FilterChain, table: Map<string, FilterChain>, packet: Packet, depth: number): Walk {
  let some = false;
  for (const rule of chain.rules) {
    const match = matches(rule, packet);
    for (const verdict of match === "no" ? [] : verdictsOf(rule, packet)) {
      const sure = match === "yes" && verdict.sure;
      const target = verdict.target === undefined ? undefined : table.get(verdict.target);
      const inner: Walk =
        target && depth < DEPTH ? walk(target, table, packet, depth + 1) : { end: verdict.end, some: false };
      if (match === "unknown" || !verdict.known) continue;
      some ||= inner.some || (inner.end === "drop" && !sure);
      if (!sure) continue;
      if (inner.end !== "through") return { end: inner.end, some };
      if (verdict.leaves) return { end: "through", some };
    }
  }
  return { end: "through", some };
}

interface Verdict {
  end: Walk["end"];
  /** A chain that decides first. */
  target?: string;
  /** What comes after it in this chain is not looked at: return, goto. */
  leaves: boolean;
  sure: boolean;
  known: boolean;
}

function verdictsOf({ expr }: FilterRule, packet: Packet): Verdict[] {
  return expr.flatMap((statement) => {
    const one = verdictOf(statement);
    return one ? [one] : isObject(statement.vmap) ? mapped(statement.vmap, packet) : [];
  });
}

function verdictOf(statement: Expression): Verdict | undefined {
  const plain = { leaves: false, sure: true, known: true };
  if ("accept" in statement) return { ...plain, end: "accept" };
  const xt = isObject(statement.xt) && statement.xt.type === "target" ? statement.xt.name : undefined;
  if ("drop" in statement || "reject" in statement || xt === "REJECT" || xt === "DROP")
    return { ...plain, end: "drop" };
  if ("return" in statement) return { ...plain, end: "through", leaves: true };
  for (const word of ["jump", "goto"]) {
    const jump = statement[word];
    if (isObject(jump)) return { ...plain, end: "through", target: String(jump.target), leaves: word === "goto" };
  }
  return undefined;
}

/** `iifname vmap { "a": jump x, "b": drop }` */
function mapped({ key, data }: Expression, packet: Packet): Verdict[] {
  const pairs = isObject(data) && Array.isArray(data.set) ? (data.set as [Json, Expression][]) : [];
  return pairs.flatMap(([right, statement]) => {
    const verdict = verdictOf(statement ?? {});
    const match = matchOf({ op: "==", left: key ?? null, right }, packet);
    return verdict && match !== "no" ? [{ ...verdict, sure: match === "yes", known: match !== "unknown" }] : [];
  });
}

/** Statements that neither match nor decide. */
const NEUTRAL = new Set(["counter", "log", "mangle", "notrack", "flow", "set", "comment", "ct helper"]);

function matches({ expr }: FilterRule, packet: Packet): Match {
  const all = expr.flatMap((statement): Match[] => {
    if (isObject(statement.match)) return [matchOf(statement.match, packet)];
    if (verdictOf(statement) || "vmap" in statement) return [];
    return Object.keys(statement).every((word) => NEUTRAL.has(word)) ? [] : ["unknown"];
  });
  return (["no", "unknown", "some"] as const).find((one) => all.includes(one)) ?? "yes";
}

function matchOf({ op, left, right }: Expression, packet: Packet): Match {
  const found = isObject(left) ? equals(left, valuesOf(right ?? null), packet) : "unknown";
  if (op === "==" || op === "in") return found;
  if (op !== "!=") return found === "unknown" ? "unknown" : "some";
  return found === "yes" ? "no" : found === "no" ? "yes" : found;
}

function equals(left: Expression, values: Json[] | undefined, packet: Packet): Match {
  const { meta, ct, payload, fib } = left as { [key: string]: Expression | undefined };
  if (values === undefined) return "unknown";
  if (meta) return metaEquals(String(meta.key), values, packet);
  // The first packet of a connection.
  if (ct) return ct.key === "state" ? (values.includes("new") ? "yes" : "no") : "unknown";
  if (fib && isGoal(fib)) return packet.goal === undefined ? "unknown" : values.includes(packet.goal) ? "yes" : "no";
  if (!payload) return "unknown";
  const family = payload.protocol === "ip" ? 4 : payload.protocol === "ip6" ? 6 : undefined;
  if (family === undefined) return "some";
  if (family !== packet.family) return "no";
  if (payload.field === "saddr") return within(packet.from, values);
  return payload.field === "daddr" ? within(packet.to, values) : "some";
}

function metaEquals(key: string, values: Json[], packet: Packet): Match {
  const device = { iifname: "in", iif: "in", oifname: "out", oif: "out", ibrname: "bridge", obrname: "bridge" }[key];
  if (device) {
    const name = packet[device as "in" | "out" | "bridge"];
    return name !== undefined && values.some((one) => isNamed(name, String(one))) ? "yes" : "no";
  }
  if (key === "nfproto") return values.includes(`ipv${packet.family}`) ? "yes" : "no";
  return key === "l4proto" || key === "protocol" ? "some" : "unknown";
}

const isGoal = ({ result, flags }: Expression): boolean => result === "type" && [flags].flat().includes("daddr");

const isNamed = (name: string, pattern: string): boolean =>
  pattern.endsWith("*") ? name.startsWith(pattern.slice(0, -1)) : name === pattern;

/** Whether packets of these subnets have one of the addresses; all have it only where a subnet holds all of theirs. */
function within(subnets: string[] | undefined, values: Json[]): Match {
  if (subnets === undefined) return "some";
  const wanted = values.map(inetOf);
  const own = netsOf(subnets);
  if (wanted.includes(undefined)) return "some";
  const nets = wanted.map((one) => networkOf(one!));
  const meets = own.some((a) => nets.some((b) => covers(a, b) || covers(b, a)));
  if (!meets) return "no";
  return own.every((a) => nets.some((b) => b.prefix <= a.prefix && covers(b, a))) ? "yes" : "some";
}

/** Asked for each rule, of lists that are the same for all packets. */
const known = new WeakMap<string[], Inet[]>();

function netsOf(subnets: string[]): Inet[] {
  const found = known.get(subnets) ?? subnets.map((subnet) => networkOf(parseCidr(subnet)!));
  known.set(subnets, found);
  return found;
}

function inetOf(value: Json) {
  if (typeof value === "string") return parseAddress(value);
  const { prefix } = (value ?? {}) as { prefix?: { addr: string; len: number } };
  return prefix && parseCidr(`${prefix.addr}/${prefix.len}`);
}

/** Undefined for a set by its name. */
function valuesOf(right: Json): Json[] | undefined {
  if (isObject(right) && Array.isArray(right.set)) return right.set;
  if (Array.isArray(right)) return right;
  return typeof right === "string" && right.startsWith("@") ? undefined : [right];
}
