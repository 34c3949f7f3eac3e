// `ip -j -d address show` → LinkRow: links with their addresses. Works with and without `-N` (numbers for names).
import type { Json } from "../../core/resource.js";
import type { AddressRow, LinkRow } from "../../kinds/rows.js";
import { scopeNumber } from "./ip-routes.js";
import { isObject, type JsonObject, objects, strings, text } from "./tool-json.js";

/** A link and what is known of the other end of a veth pair; see peers.ts. */
export interface ReadLink extends LinkRow {
  /** IFLA_LINK: the other end's index, in the namespace that `netnsid` names. */
  linkIndex?: number;
  /** IFLA_LINK_NETNSID: this namespace's own number for the other one; absent where both ends are in one. */
  netnsid?: number;
  /** The other end's name, printed instead of its index where it is in the same namespace. */
  linkName?: string;
}

/** 0xffffffff: INFINITY_LIFE_TIME, linux/if_addr.h. */
const FOREVER = 4294967295;
/** IFA_PROTO of addresses that the kernel makes itself: linux/if_addr.h, kernel 5.18. */
const KERNEL_MADE = new Set(["kernel_lo", "kernel_ra", "kernel_ll", "1", "2", "3"]);

/** Objects without `ifindex` are what a filter left of a link. */
export function linkRows(json: JsonObject[]): ReadLink[] {
  return json.filter((link) => typeof link.ifindex === "number").map(linkRow);
}

function linkRow(link: JsonObject): ReadLink {
  const flags = strings(link.flags);
  const info = isObject(link.linkinfo) ? link.linkinfo : {};
  const kind = text(info.info_kind);
  const loopback = flags.includes("LOOPBACK");
  const row: ReadLink = {
    index: Number(link.ifindex),
    name: String(link.ifname),
    up: flags.includes("UP"),
    loopback,
    mtu: Number(link.mtu ?? 0),
    mac: text(link.address) ?? "",
    group: link.group === "default" ? 0 : Number(link.group ?? 0),
    data: isObject(info.info_data) ? info.info_data : {},
    portData: isObject(info.info_slave_data) ? info.info_slave_data : {},
    addresses: objects(link.addr_info)
      .filter((address) => text(address.local))
      .map((address) => addressRow(address, loopback, String(link.ifname))),
  };
  if (kind) row.kind = kind;
  if (text(link.master)) row.master = text(link.master);
  if (text(link.ifalias)) row.alias = text(link.ifalias);
  if (typeof link.link_index === "number") row.linkIndex = link.link_index;
  if (typeof link.link_netnsid === "number") row.netnsid = link.link_netnsid;
  if (text(link.link)) row.linkName = text(link.link);
  return row;
}

function addressRow(json: JsonObject, loopback: boolean, device: string): AddressRow {
  const address = String(json.local);
  const [valid, preferred] = [seconds(json.valid_life_time), seconds(json.preferred_life_time)];
  return {
    family: json.family === "inet6" ? 6 : 4,
    address,
    prefix: Number(json.prefixlen),
    secondary: json.secondary === true,
    dynamic: isDynamic(json, address, loopback),
    ...((valid ?? preferred) !== null && { lifetime: { valid, preferred } }),
    tentative: json.tentative === true,
    dadfailed: json.dadfailed === true,
    ...given(json, device),
  };
}

/** Its label is the device's name where it was given none, and the scope that of its kind: ip-address(8). */
function given(json: JsonObject, device: string): Pick<AddressRow, "given"> {
  if (json.family === "inet6") return {};
  const [label, peer, scope] = [text(json.label), text(json.address), scopeNumber(json.scope ?? "global")];
  const usual = String(json.local).startsWith("127.") ? 254 : 0;
  const words = {
    ...(typeof json.metric === "number" && { metric: json.metric }),
    ...(json.noprefixroute === true && { noprefixroute: true as const }),
    ...(label !== undefined && label !== device && { label }),
    ...(scope !== usual && { scope }),
    ...(peer !== undefined && peer !== json.local && { peer }),
  };
  return Object.keys(words).length > 0 ? { given: words } : {};
}

const seconds = (lifetime: Json | undefined): number | null =>
  typeof lifetime === "number" && lifetime !== FOREVER ? lifetime : null;

function isDynamic(json: JsonObject, address: string, loopback: boolean): boolean {
  if (seconds(json.valid_life_time) !== null) return true;
  if (json.dynamic === true || json.temporary === true || json["stable-privacy"] === true) return true;
  if (KERNEL_MADE.has(String(json.protocol))) return true;
  if (loopback) return address === "127.0.0.1" || address === "::1";
  return isKernelLinkLocal(address);
}

/** Older kernels don't say who made a link-local address: it is the kernel's if it has an EUI-64 identifier, RFC 4291. */
function isKernelLinkLocal(address: string): boolean {
  return /^fe80::(?:[0-9a-f]{1,4}:)?[0-9a-f]{0,2}ff:fe[0-9a-f]{2}:[0-9a-f]{1,4}$/.test(address);
}
