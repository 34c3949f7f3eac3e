// The rules that accept a lab's devices: as text, as data, and as commands of nft(8) and iptables-legacy(8).
import type { Command, Json, Resource } from "../core/resource.js";
import { type Family, HOST } from "../topology/lab.js";
import { type Expression, type FilterChain, type FilterRule, isObject } from "./filters.js";
import type { HostTraffic } from "./host-traffic.js";
import { aliasOf } from "./ownership.js";

const RULE = /^(iifname|oifname) "([^"]+)" accept$/;

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
  const names = [...(isSeen(routed) ? devices : []), ...(isSeen(filtered) ? bridges.map(({ name }) => name) : [])];
  return [...new Set(names)].flatMap((name) => [`iifname "${name}" accept`, `oifname "${name}" accept`]);
}

/** As libnftables-json(5) has it. */
export function ruleOf(text: string): FilterRule {
  const [, key, right = ""] = RULE.exec(text)!;
  const match = { op: "==", left: { meta: { key: key! } }, right };
  return { handle: 0, expr: [{ match }, { accept: null }] };
}

/** As netlab writes it; what somebody changed comes back as JSON, and so differs. */
export function ruleText({ expr }: FilterRule): string {
  const [first, second, ...rest] = expr.filter((statement) => !("counter" in statement));
  const { op, left, right } = (first?.match ?? {}) as Expression;
  const meta = isObject(left) && isObject(left.meta) ? left.meta.key : undefined;
  const accepts = op === "==" && second !== undefined && "accept" in second && rest.length === 0;
  const text = `${meta} "${right}" accept`;
  return accepts && RULE.test(text) ? text : JSON.stringify(expr);
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
  const [, key, device] = RULE.exec(rule) ?? [];
  if (device === undefined) return [];
  const tool = family === "legacy-ip6" ? "ip6tables-legacy" : "iptables-legacy";
  const mark = ["-m", "comment", "--comment", aliasOf(lab as string)];
  const words = [key === "iifname" ? "-i" : "-o", device, ...mark, "-j", "ACCEPT"];
  return [{ tool, place: HOST, args: ["-w", action, String(chain), ...words] }];
}
