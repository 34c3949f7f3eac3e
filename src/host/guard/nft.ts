// What netlab says to nft(8), line by line: its tables and chains, and rules in which each value is one word.
import type { Trouble } from "./guard.js";

/** A part of a path that leads elsewhere. */
export const CLIMBS = /(^|\/)\.\.(\/|$)/;

const TABLE = "inet netlab_[a-z0-9-]{1,31}";
const CHAIN = "(prerouting|output|postrouting)";
const DEVICE = `"(?!-)[^\\s"'#;\`$\\\\{}*\\x00-\\x1f\\x7f-\\uffff]{1,15}"`;
/** An address, a subnet, a port, a word of the kernel's. */
const VALUE = "[A-Za-z0-9][A-Za-z0-9.:/_-]*|::[0-9a-f.:/]*";
const SUBJECT = [
  "(ip|ip6|tcp|udp|sctp|dccp|icmp|icmpv6|th|ether|ct|meta) [a-z]+",
  "fib [a-z]+( \\. [a-z]+)* [a-z]+",
  "mark|skuid|pkttype|l4proto|iif|oif",
].join("|");
const MATCH = `((${SUBJECT}) ((!=|<|>|<=|>=) )?(${VALUE})|[io]ifname (!= )?${DEVICE})`;
const VERDICT = "(masquerade|dnat (ip|ip6) to (\\[[0-9a-f.:]+\\]|[0-9a-f.:]+?)(:[0-9]+)?)";
const MARK = 'comment "netlab:[a-z0-9-]{1,31}"';
/** Somebody else's chain, as it is called here. */
const FOREIGN = "(ip|ip6|inet|bridge) [\\w./][\\w./-]* [\\w./][\\w./-]*";

const LINES = [
  `(add|create|delete) table ${TABLE}`,
  `table ${TABLE} \\{`,
  `  chain ${CHAIN} \\{`,
  `    type nat hook ${CHAIN} priority -?\\d+; policy (accept|drop);`,
  `    (${MATCH} )*${VERDICT}( ${MARK})?`,
  "  \\}",
  "\\}",
  `insert rule ${FOREIGN} [io]ifname ${DEVICE} (oifname ${DEVICE} )?accept ${MARK}`,
  `delete rule ${FOREIGN} handle [0-9]+`,
];
const LINE = new RegExp(`^(${LINES.join("|")})$`);

export function nftTrouble(script: string): Trouble {
  const wrong = script
    .replace(/\n$/, "")
    .split("\n")
    .find((line) => !LINE.test(line) || line.split(/[\s"]+/).some((word) => CLIMBS.test(word)));
  return wrong === undefined ? undefined : [wrong, "is no line of netlab's to nft"];
}
