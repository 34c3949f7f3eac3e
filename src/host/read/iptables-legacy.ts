// `iptables-legacy -S` → chains in the shape of nft's: iptables(8), iptables-extensions(8).
import type { Expression, FilterChain, FilterFamily, FilterRule } from "../../kinds/filters.js";

/** @param family `legacy-ip` or `legacy-ip6` */
export function legacyChains(family: FilterFamily, output: string): FilterChain[] {
  const chains = new Map<string, FilterChain>();
  for (const line of output.split("\n")) {
    const [action, name = "", ...words] = wordsOf(line);
    if (action === "-P" || action === "-N") {
      const hook = action === "-P" ? { hook: name.toLowerCase(), policy: words[0]!.toLowerCase() } : {};
      chains.set(name, { family, table: "filter", name, ...hook, rules: [] });
    } else if (action === "-A") chains.get(name)?.rules.push(ruleOf(words, family === "legacy-ip6" ? "ip6" : "ip"));
  }
  return [...chains.values()];
}

/** Words in double quotes are one: iptables-save(8). */
const wordsOf = (line: string): string[] =>
  [...line.matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/g)].map(([, quoted, plain]) => plain ?? quoted!.replace(/\\(.)/g, "$1"));

function ruleOf(words: string[], protocol: "ip" | "ip6"): FilterRule {
  const rule: FilterRule = { handle: 0, expr: [] };
  let op = "==";
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    if (word === "!") {
      op = "!=";
      continue;
    }
    const value = words[i + 1] ?? "";
    if (word === "--comment") rule.comment = value;
    else if (!(word === "-m" && value === "comment")) rule.expr.push(...expressionOf(word, value, op, protocol));
    if (/^-/.test(word)) i += /^[!-]/.test(value) ? 0 : 1;
    op = "==";
  }
  return rule;
}

/** Extensions whose options are either said here or choose some packets of a protocol. */
const KNOWN = new Set(["conntrack", "state", "tcp", "udp", "sctp", "icmp", "icmp6", "multiport"]);

function expressionOf(word: string, value: string, op: string, protocol: string): Expression[] {
  const match = (left: Expression, right: Expression | string): Expression[] => [{ match: { op, left, right } }];
  const subnet = (field: string) => match({ payload: { protocol, field } }, prefixOf(value));
  switch (word) {
    case "-i":
      return match({ meta: { key: "iifname" } }, value.replace(/\+$/, "*"));
    case "-o":
      return match({ meta: { key: "oifname" } }, value.replace(/\+$/, "*"));
    case "-s":
      return subnet("saddr");
    case "-d":
      return subnet("daddr");
    case "--ctstate":
    case "--state":
      return match({ ct: { key: "state" } }, { set: value.toLowerCase().split(",") });
    case "-m":
      return KNOWN.has(value) ? [] : [{ xt: { type: "match", name: value } }];
    case "-j":
    case "-g":
      return [verdictOf(value, word === "-g" ? "goto" : "jump")];
    default:
      return word === "-p" ? match({ meta: { key: "l4proto" } }, value) : [];
  }
}

function verdictOf(target: string, way: "jump" | "goto"): Expression {
  const plain = { ACCEPT: "accept", DROP: "drop", REJECT: "reject", RETURN: "return" }[target];
  return plain ? { [plain]: null } : { [way]: { target } };
}

function prefixOf(text: string): Expression | string {
  const [addr = "", len] = text.split("/");
  const whole = len === undefined || len === (addr.includes(":") ? "128" : "32");
  return whole ? addr : { prefix: { addr, len: Number(len) } };
}
