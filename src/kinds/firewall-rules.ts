// The rules that accept a lab's devices: as text, as data, and as commands of nft(8) and iptables-legacy(8).
import type { Command, Json, Resource } from "../core/resource.js";
import { type Family, HOST } from "../topology/lab.js";
import { type Expression, type FilterChain, type FilterRule, isObject } from "./filters.js";
import type { HostTraffic } from "./host-traffic.js";
import { aliasOf } from "./ownership.js";

const RULE = /^((?:iifname|oifname) "[^"]+") (?:(oifname "[^"]+") )?accept$/;

/** What the chain has to accept, as `nft list` prints it, without the mark. */
export function acceptRules({ family, hook }: FilterChain, traffic: HostTraffic): string[] {
  const { devices, routed, bridges, filtered, reached } = traffic;
  // Both sides of what a bridge carries are its ports.
  if (family === "bridge")
    return (hook === "input" ? reached : bridges).flatMap(({ ports }) =>
      ports.map((name) => `iifname "${name}" accept`),
    );
  const own: Family[] = family.endsWith("ip") ? [4] : family.endsWith("ip6") ? [6] : [4, 6];
  if (hook === "input") {
    const here = reached.filter(({ addresses }) => own.some((one) => addresses[one].length > 0));
    return here.map(({ name }) => `iifname "${name}" accept`);
  }
  const isSeen = (families: Family[]) => families.some((one) => own.includes(one));
  const routing = isSeen(routed) ? devices : [];
  const carrying = isSeen(filtered) ? bridges.filter(({ name }) => !routing.includes(name)) : [];
  return [
    ...routing.flatMap((name) => [`iifname "${name}" accept`, `oifname "${name}" accept`]),
    // What comes in from there for others, the host or what is routed, stays what it was.
    ...carrying.map(({ name }) => `iifname "${name}" oifname "${name}" accept`),
  ];
}

/** As libnftables-json(5) has it. */
export function ruleOf(text: string): FilterRule {
  const matches = matchesOf(text).map(([key, right]) => ({ match: { op: "==", left: { meta: { key } }, right } }));
  return { handle: 0, expr: [...matches, { accept: null }] };
}

/** Keys and devices. */
const matchesOf = (text: string): [string, string][] =>
  [...text.matchAll(/(\w+) "([^"]+)"/g)].map(([, key, device]) => [key!, device!]);

/** As netlab writes it; what somebody changed comes back as JSON, and so differs. */
export function ruleText({ expr }: FilterRule): string {
  const statements = expr.filter((statement) => !("counter" in statement));
  const words = statements.slice(0, -1).map(({ match }) => {
    const { op, left, right } = (match ?? {}) as Expression;
    return op === "==" && isObject(left) && isObject(left.meta) ? `${left.meta.key} "${right}"` : "?";
  });
  const text = [...words, "accept"].join(" ");
  return "accept" in (statements.at(-1) ?? {}) && RULE.test(text) ? text : JSON.stringify(expr);
}

/** Each at the head of the chain: the last one first. */
export function insertRules({ at, fields }: Resource): Command[] {
  const rules = [...(fields.rules as string[])].reverse();
  if (isLegacy(at)) return rules.flatMap((rule) => iptables(at, "-I", rule));
  const { family, table, chain, lab } = at;
  const mark = aliasOf(lab as string);
  return script(rules.map((rule) => `insert rule ${family} ${table} ${chain} ${rule} comment "${mark}"`));
}

/** By their handles, as they were read: nft(8) deletes no rule by its words. */
export function deleteRules({ at, fields }: Resource): Command[] {
  if (isLegacy(at)) return (fields.rules as string[]).flatMap((rule) => iptables(at, "-D", rule));
  const { family, table, chain } = at;
  const handles = (at.handles ?? []) as Json[];
  return script(handles.map((handle) => `delete rule ${family} ${table} ${chain} handle ${handle}`));
}

/** One transaction. */
function script(lines: string[]): Command[] {
  if (lines.length === 0) return [];
  return [{ tool: "nft", place: HOST, args: ["-f", "-"], stdin: `${lines.join("\n")}\n` }];
}

const isLegacy = ({ family }: Resource["at"]) => String(family).startsWith("legacy-");

/** `-w`: it waits for the lock of another iptables. */
function iptables({ family, chain, lab }: Resource["at"], action: "-I" | "-D", rule: string): Command[] {
  const matches = RULE.test(rule) ? matchesOf(rule) : [];
  if (matches.length === 0) return [];
  const tool = family === "legacy-ip6" ? "ip6tables-legacy" : "iptables-legacy";
  const mark = ["-m", "comment", "--comment", aliasOf(lab as string)];
  const devices = matches.flatMap(([key, device]) => [key === "iifname" ? "-i" : "-o", device]);
  const words = [...devices, ...mark, "-j", "ACCEPT"];
  return [{ tool, place: HOST, args: ["-w", action, String(chain), ...words] }];
}
