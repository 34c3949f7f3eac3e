// A rule as the kernel keeps it, in the words of `nft -j` (libnftables-json(5)): those that netlab writes. Where a single
// attribute is another, it is not known. include/uapi/linux/netfilter/nf_tables.h
import type { Json } from "../../core/resource.js";
import { inetText } from "./address.js";
import { attributesOf } from "./message.js";

const [NFTA_LIST_ELEM, NFTA_EXPR_NAME, NFTA_EXPR_DATA, NFTA_DATA_VALUE] = [1, 1, 2, 1];

/** The attributes of each expression, by number from 1: NFTA_META_DREG, NFTA_META_KEY … */
const EXPRESSIONS: Record<string, string[]> = {
  meta: ["to", "key"],
  ct: ["to", "key"],
  fib: ["to", "result", "flags"],
  payload: ["to", "base", "offset", "length"],
  bitwise: ["from", "to", "length", "mask", "xor", "op"],
  cmp: ["from", "op", "value"],
  immediate: ["to", "value"],
  nat: ["type", "family", "min", "max", "port_min", "port_max", "flags"],
  masq: [],
};
const DATA = new Set(["mask", "xor", "value"]);

/** The expressions as text, `meta to=1 key=15; …`: numbers in decimal, data in hexadecimal. Undefined where one is unknown. */
function expressionsText(list: Buffer): string | undefined {
  let text = "";
  for (const [type, element] of attributesOf(list)) {
    const expression = new Map(attributesOf(element));
    const name = expression.get(NFTA_EXPR_NAME)?.toString("latin1").replace(/\0$/, "") ?? "";
    const fields = EXPRESSIONS[name];
    const given = new Map(attributesOf(expression.get(NFTA_EXPR_DATA) ?? Buffer.alloc(0)));
    if (type !== NFTA_LIST_ELEM || !fields) return undefined;
    text += name;
    for (const [i, field] of fields.entries()) {
      const value = given.get(i + 1);
      if (value) text += ` ${field}=${DATA.has(field) ? dataText(value) : value.readUInt32BE()}`;
      given.delete(i + 1);
    }
    if (given.size > 0) return undefined;
    text += "; ";
  }
  return text;
}

/** A verdict comes back as a word that nothing matches. */
function dataText(bytes: Buffer): string {
  const [[type, value] = [], ...others] = attributesOf(bytes);
  return type === NFTA_DATA_VALUE && value && others.length === 0 ? value.toString("hex") : "verdict";
}

const equals = (value: string) => `cmp from=1 op=0 value=${value}; `;

/** NFT_PAYLOAD_NETWORK_HEADER; NFT_CMP_EQ, NFT_CMP_NEQ. Of a prefix, whole bytes are loaded alone, and others masked. */
const address = (field: string, offsets: string) =>
  `(?:payload to=1 base=1 offset=(?<${field}_at>${offsets}) length=(?<${field}_bytes>\\d+); ` +
  `(?:bitwise from=1 to=1 length=\\d+ mask=(?<${field}_mask>[0-9a-f]+) xor=0+ op=0; )?` +
  `cmp from=1 op=(?<${field}_op>[01]) value=(?<${field}>[0-9a-f]+); )?`;

const RULE = new RegExp(
  [
    "^",
    // NFT_FIB_RESULT_ADDRTYPE, NFTA_FIB_F_DADDR, RTN_LOCAL
    `(?<local>fib to=1 result=3 flags=2; ${equals("02000000")})?`,
    // NFT_CT_STATUS, IPS_DST_NAT, NFT_CMP_NEQ
    "(?<translated>ct to=1 key=2; bitwise from=1 to=1 length=4 mask=20000000 xor=00000000 op=0; cmp from=1 op=1 value=00000000; )?",
    // NFT_META_NFPROTO
    `(?:meta to=1 key=15; ${equals("(?<family>02|0a)")})?`,
    address("saddr", "12|8"),
    address("daddr", "16|24"),
    // NFT_META_OIFNAME, all IFNAMSIZ bytes: not the beginning of a name
    `(?:meta to=1 key=7; ${equals("(?<device>[0-9a-f]{32})")})?`,
    // NFT_META_L4PROTO, NFT_PAYLOAD_TRANSPORT_HEADER
    `(?:meta to=1 key=16; ${equals("(?<protocol>06|11|84)")}`,
    `payload to=1 base=2 offset=2 length=2; ${equals("(?<port>[0-9a-f]{4})")})?`,
    // NFT_NAT_DNAT; NF_NAT_RANGE_MAP_IPS, NF_NAT_RANGE_PROTO_SPECIFIED
    "(?:masq; |immediate to=1 value=(?<target>[0-9a-f]+); (?:immediate to=2 value=(?<target_port>[0-9a-f]{4}); )?",
    "nat type=1 family=(?<target_family>2|10) min=1 max=1 (?:flags=1|(?<with_port>port_min=2 port_max=2 flags=3)); )$",
  ].join(""),
);

/** By NFPROTO_IPV4 and NFPROTO_IPV6; where the addresses are: RFC 791, RFC 8200. */
const HEADERS: Record<string, { family: string; name: string; bytes: number; saddr: number; daddr: number }> = {
  "02": { family: "2", name: "ip", bytes: 4, saddr: 12, daddr: 16 },
  "0a": { family: "10", name: "ip6", bytes: 16, saddr: 8, daddr: 24 },
};
/** By IPPROTO_TCP, IPPROTO_UDP, IPPROTO_SCTP. */
const PROTOCOLS: Record<string, string> = { "06": "tcp", "11": "udp", "84": "sctp" };

type Words = Record<string, string | undefined>;
const match = (left: Json, right: Json, op = "=="): Json => ({ match: { op, left, right } });

/** The statements of a rule; undefined where one is not known. @param list NFTA_RULE_EXPRESSIONS */
export function ruleExpr(list: Buffer): Json[] | undefined {
  const words: Words | undefined = RULE.exec(expressionsText(list) ?? "")?.groups;
  if (!words) return undefined;
  const { local, translated, family, saddr, daddr, device, protocol, port, target } = words;
  const header = HEADERS[family ?? ""];
  const expr: (Json | undefined)[] = [];
  if (local) expr.push(match({ fib: { result: "type", flags: ["daddr"] } }, "local"));
  if (translated) expr.push(match({ ct: { key: "status" } }, "dnat", "in"));
  if (saddr) expr.push(addressMatch("saddr", header, words));
  if (daddr) expr.push(addressMatch("daddr", header, words));
  // Beside an address the family goes without saying; with what else nft says it, is for nft to know.
  if (header && !saddr && !daddr) {
    if (!device || port || target) return undefined;
    expr.push(match({ meta: { key: "nfproto" } }, header.bytes === 4 ? "ipv4" : "ipv6"));
  }
  if (device) expr.push(deviceMatch(device));
  if (protocol) expr.push(match({ payload: { protocol: PROTOCOLS[protocol]!, field: "dport" } }, numberOf(port)!));
  expr.push(target ? dnat(target, header, words) : { masquerade: null });
  return expr.includes(undefined) ? undefined : (expr as Json[]);
}

type Header = (typeof HEADERS)[string] | undefined;

function addressMatch(field: "saddr" | "daddr", header: Header, words: Words): Json | undefined {
  const value = words[field]!;
  const mask = words[`${field}_mask`] ?? "f".repeat(value.length);
  const length = binary(mask).lastIndexOf("1") + 1;
  const isPrefix = !binary(mask).slice(0, length).includes("0") && !binary(value).slice(length).includes("1");
  const bytes = Number(words[`${field}_bytes`]);
  const fits = header && Number(words[`${field}_at`]) === header[field] && bytes <= header.bytes;
  if (!fits || value.length !== 2 * bytes || mask.length !== 2 * bytes || length === 0 || !isPrefix) return undefined;
  const addr = inetText(Buffer.from(value.padEnd(2 * header.bytes, "0"), "hex"));
  const right = length === 8 * header.bytes ? addr : { prefix: { addr, len: length } };
  return match({ payload: { protocol: header.name, field } }, right, words[`${field}_op`] === "0" ? "==" : "!=");
}

function deviceMatch(hex: string): Json | undefined {
  const name = plainText(Buffer.from(hex, "hex"));
  return name === undefined || name.endsWith("*") ? undefined : match({ meta: { key: "oifname" } }, name);
}

function dnat(target: string, header: Header, { target_port, target_family, with_port }: Words): Json | undefined {
  if (!header || target_family !== header.family || target.length !== 2 * header.bytes) return undefined;
  if (!target_port !== !with_port) return undefined;
  const port = numberOf(target_port);
  const addr = inetText(Buffer.from(target, "hex"));
  return { dnat: { family: header.name, addr, ...(port !== undefined && { port }) } };
}

/** A text that ends with zeros and that nft prints as it is. */
export function plainText(bytes: Buffer): string | undefined {
  const text = bytes.toString("latin1").replace(/\0+$/, "");
  return /^[ -~]+$/.test(text) && !/["\\]/.test(text) ? text : undefined;
}

const binary = (hex: string) =>
  [...hex].map((digit) => Number.parseInt(digit, 16).toString(2).padStart(4, "0")).join("");
const numberOf = (hex: string | undefined) => (hex === undefined ? undefined : Number.parseInt(hex, 16));
