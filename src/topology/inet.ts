// IPv4 and IPv6 addresses and subnets as numbers and canonical text: RFC 5952, with dots where inet_ntop(3) has them.
import { Address4, Address6 } from "ip-address";
import type { Family } from "./lab.js";

export interface Inet {
  family: Family;
  /** Canonical text without a prefix length. */
  address: string;
  /** Length of the prefix; 32 or 128 where the text has none. */
  prefix: number;
  value: bigint;
}

const BITS = { 4: 32, 6: 128 } as const;
const cache = new Map<string, Inet | undefined>();

const PLAIN = /^(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})(?:\/(\d|[12]\d|3[0-2]))?$/;

/** Most addresses of a large lab: read here, a lab of a thousand namespaces loads in two thirds of the time. */
function readPlain(text: string): Inet | undefined {
  const [, a, b, c, d, prefix = "32"] = PLAIN.exec(text) ?? [];
  const octets = [Number(a), Number(b), Number(c), Number(d)];
  if (!octets.every((octet) => octet <= 255)) return undefined;
  const value = octets.reduce((sum, octet) => sum * 256 + octet, 0);
  return { family: 4, address: `${a}.${b}.${c}.${d}`, prefix: Number(prefix), value: BigInt(value) };
}

function read(text: string): Inet | undefined {
  const plain = readPlain(text);
  if (plain) return plain;
  try {
    if (!text.includes(":")) {
      const parsed = new Address4(text);
      return { family: 4, address: parsed.correctForm(), prefix: parsed.subnetMask, value: parsed.bigInt() };
    }
    const parsed = new Address6(text);
    if (parsed.zone !== "") return undefined;
    return { family: 6, address: sixText(parsed), prefix: parsed.subnetMask, value: parsed.bigInt() };
  } catch {
    return undefined;
  }
}

/** An IPv4 address in the last 32 bits, compatible or mapped (RFC 4291, 2.5.5), is read back with dots from every tool. */
function sixText(address: Address6): string {
  if (!/^0*$/.test(address.parsedAddress.slice(0, 5).join(""))) return address.correctForm();
  const value = address.bigInt();
  const before = value >> 32n;
  const isCompatible = before === 0n && value >> 16n !== 0n;
  if (!isCompatible && before !== 0xffffn) return address.correctForm();
  return `::${isCompatible ? "" : "ffff:"}${Address4.fromBigInt(BigInt.asUintN(32, value)).correctForm()}`;
}

function parse(text: string): Inet | undefined {
  if (!cache.has(text)) {
    if (cache.size > 100_000) cache.clear();
    cache.set(text, read(text));
  }
  return cache.get(text);
}

/** `ADDRESS`; undefined where it is none. Zones (`%eth0`) and octets with leading zeros are none. */
export function parseAddress(text: string): Inet | undefined {
  return text.includes("/") ? undefined : parse(text);
}

/** `ADDRESS/LENGTH`; undefined where it is none. */
export function parseCidr(text: string): Inet | undefined {
  return /\/\d{1,3}$/.test(text) ? parse(text) : undefined;
}

/** A text that validation has let through as an address, and that is none. */
export class InetError extends Error {}

function good(inet: Inet | undefined, text: string): Inet {
  if (inet) return inet;
  throw new InetError(`${JSON.stringify(text)} is no address`);
}

/** Canonical `address/prefix`. */
export const cidrText = (inet: Inet): string => `${inet.address}/${inet.prefix}`;

const hostBits = (net: { family: Family; prefix: number }): bigint => BigInt(BITS[net.family] - net.prefix);

/** The lowest address of the subnet that an address is in. */
export function networkOf(inet: Inet): Inet {
  const value = (inet.value >> hostBits(inet)) << hostBits(inet);
  return value === inet.value ? inet : { ...inet, value, address: textOf(inet.family, value) };
}

const texts = { 4: new Map<bigint, string>(), 6: new Map<bigint, string>() };

/** Thousands of addresses are in few subnets. */
function textOf(family: Family, value: bigint): string {
  let text = texts[family].get(value);
  if (text !== undefined) return text;
  if (texts[family].size > 100_000) texts[family].clear();
  text = family === 4 ? Address4.fromBigInt(value).correctForm() : sixText(Address6.fromBigInt(value));
  texts[family].set(value, text);
  return text;
}

/** Whether the address is the first one of its subnet. */
export const isNetwork = (inet: Inet): boolean => BigInt.asUintN(Number(hostBits(inet)), inet.value) === 0n;

/** Whether the address is the last one of its IPv4 subnet, with a prefix that has a broadcast address. */
export function isBroadcast(inet: Inet): boolean {
  return inet.family === 4 && inet.prefix < 31 && BigInt.asUintN(32 - inet.prefix, ~inet.value) === 0n;
}

/** Whether the subnet of `net` has the address in it. */
export function covers(net: Inet, address: Inet): boolean {
  return net.family === address.family && net.value >> hostBits(net) === address.value >> hostBits(net);
}

const subnets = new Map<string, string>();

/** Canonical text of the subnet that `address/prefix` is in. Asked again and again while a lab is planned. */
export function subnetOf(cidr: string): string {
  let subnet = subnets.get(cidr);
  if (subnet !== undefined) return subnet;
  if (subnets.size > 100_000) subnets.clear();
  subnet = cidrText(networkOf(good(parseCidr(cidr), cidr)));
  subnets.set(cidr, subnet);
  return subnet;
}

/** Whether the subnet `address/prefix` has the address in it. */
export const contains = (subnet: string, address: string): boolean =>
  covers(good(parseCidr(subnet), subnet), good(parseAddress(address), address));

const RANGES = {
  unspecified: { 4: ["0.0.0.0/8"], 6: ["::/128"] },
  loopback: { 4: ["127.0.0.0/8"], 6: ["::1/128"] },
  "link-local": { 4: ["169.254.0.0/16"], 6: ["fe80::/10"] },
  multicast: { 4: ["224.0.0.0/4"], 6: ["ff00::/8"] },
  reserved: { 4: ["240.0.0.0/4"], 6: [] },
  "IPv4-mapped": { 4: [], 6: ["::ffff:0:0/96"] },
};

export type Scope = keyof typeof RANGES | "global";

let ranges: { scope: Scope; net: Inet }[] | undefined;

/** What sort of address it is (RFC 6890). */
export function scopeOf(inet: Inet): Scope {
  ranges ??= Object.entries(RANGES).flatMap(([scope, { 4: four, 6: six }]) =>
    [...four, ...six].map((one) => ({ scope: scope as Scope, net: parse(one)! })),
  );
  return ranges.find(({ net }) => covers(net, inet))?.scope ?? "global";
}
