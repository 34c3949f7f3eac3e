// Links and addresses over rtnetlink(7), in the shape of `ip -N -j -d address show`: ip-links.ts makes rows of both.
import type { Json } from "../../core/resource.js";
import { isObject, type JsonObject } from "../read/tool-json.js";
import { userName } from "../read/users.js";
import { familyName, inetText, linkLayerText } from "./address.js";
import { Attributes, attribute, dump, dumpRequest } from "./message.js";
import type { System } from "./system.js";

const [RTM_GETLINK, RTM_GETADDR] = [18, 22];
/** include/uapi/linux/if_link.h: IFLA_* */
const LINK = {
  address: 1,
  name: 3,
  mtu: 4,
  link: 5,
  master: 10,
  info: 18,
  alias: 20,
  families: 26,
  group: 27,
  mask: 29,
  netnsid: 37,
};
const INFO = { kind: 1, data: 2, portKind: 4, portData: 5 };
const TUN = { owner: 1, group: 2, type: 3, vnetHdr: 5, persist: 6, multiQueue: 7 };
const TUN_TYPES = ["", "tun", "tap"];
/** Of a device's IPv6 settings: include/uapi/linux/if_link.h and ipv6.h, DEVCONF_*, four bytes each. */
const [AF_INET6, IFLA_INET6_CONF, DEVCONF_DISABLE_IPV6] = [10, 2, 26];
const [IFLA_BR_STP_STATE, IFLA_BRPORT_MODE] = [5, 4];
/** include/uapi/linux/if_addr.h: IFA_*, IFA_F_* */
const ADDRESS = { address: 1, local: 2, label: 3, cache: 6, flags: 8, priority: 9, protocol: 11 };
const FLAG = {
  secondary: 1,
  dadfailed: 8,
  tentative: 0x40,
  permanent: 0x80,
  noPrefixRoute: 0x200,
  stablePrivacy: 0x800,
};
const [IFF_UP, IFF_LOOPBACK, ARPHRD_ETHER, ARPHRD_LOOPBACK] = [1, 8, 1, 772];

/** Kinds of which nothing more than this is known to netlab; the tunnels are born with a namespace. */
const KNOWN = new Set(
  "veth bridge tun dummy openvswitch ipip sit gre gretap erspan vti vti6 ip6tnl ip6gre ip6gretap".split(" "),
);

/** RTEXT_FILTER_SKIP_STATS: half of the answer would be counters. */
const ALL_LINKS = dumpRequest(
  RTM_GETLINK,
  Buffer.concat([Buffer.alloc(16), attribute(LINK.mask, Buffer.from([8, 0, 0, 0]))]),
);
const ALL_ADDRESSES = dumpRequest(RTM_GETADDR, Buffer.alloc(8));

export interface FoundLinks {
  links: JsonObject[];
  names: Map<number, string>;
  /** `disable_ipv6`, where all devices that have it say the same. */
  ipv6Off?: number;
}

/** @returns undefined where there is a link of a kind that is not decoded, or links changed while they were read */
export function readLinks(system: System, fd: number): FoundLinks | undefined {
  const ipv6Off = new Set<number>();
  const links = new Map<number, JsonObject>();
  const names = new Map<number, string>();
  let known = true;
  const whole = dump(system, fd, ALL_LINKS, (bytes, from, to) => {
    const found = inLink.read(bytes, from + 16, to);
    const link = linkJson(bytes, from, found);
    const off = found
      .inside(LINK.families)
      .inside(AF_INET6)
      .i32(IFLA_INET6_CONF, 4 * DEVCONF_DISABLE_IPV6);
    if (off !== undefined) ipv6Off.add(off);
    links.set(Number(link.ifindex), link);
    names.set(Number(link.ifindex), String(link.ifname));
    known &&= isKnown(link, bytes.readUInt16LE(from + 2));
  });
  if (!whole || !known) return undefined;
  for (const link of links.values()) {
    if (typeof link.master === "number") link.master = names.get(link.master) ?? null;
    if (typeof link.link === "number") link.link = names.get(link.link) ?? null;
  }
  const consistent = dump(system, fd, ALL_ADDRESSES, (bytes, from, to) => {
    (links.get(bytes.readUInt32LE(from + 4))?.addr_info as Json[] | undefined)?.push(addressJson(bytes, from, to));
  });
  if (!consistent) return undefined;
  const [first] = ipv6Off;
  return { links: [...links.values()], names, ...(ipv6Off.size === 1 && { ipv6Off: first! }) };
}

function isKnown({ linkinfo }: JsonObject, hardware: number): boolean {
  const { info_kind: kind, info_data: data } = linkinfo as JsonObject;
  if (isObject(data) && data.user === null) return false;
  if (kind === undefined) return hardware === ARPHRD_ETHER || hardware === ARPHRD_LOOPBACK;
  return KNOWN.has(String(kind));
}

const [inLink, inAddress] = [new Attributes(), new Attributes()];

function linkJson(bytes: Buffer, from: number, found: Attributes): JsonObject {
  const flags = bytes.readUInt32LE(from + 8);
  const address = found.value(LINK.address);
  const netnsid = found.i32(LINK.netnsid);
  const link: JsonObject = {
    ifindex: bytes.readInt32LE(from + 4),
    ifname: found.text(LINK.name)!,
    flags: [...(flags & IFF_LOOPBACK ? ["LOOPBACK"] : []), ...(flags & IFF_UP ? ["UP"] : [])],
    mtu: found.u32(LINK.mtu) ?? 0,
    group: found.u32(LINK.group) ?? 0,
    linkinfo: infoJson(found.inside(LINK.info)),
    addr_info: [],
  };
  if (address) link.address = linkLayerText(address, bytes.readUInt16LE(from + 2));
  if (found.has(LINK.alias)) link.ifalias = found.text(LINK.alias)!;
  if (found.has(LINK.master)) link.master = found.u32(LINK.master)!;
  if (found.u32(LINK.link)) link[netnsid === undefined ? "link" : "link_index"] = found.u32(LINK.link)!;
  if (netnsid !== undefined && netnsid >= 0) link.link_netnsid = netnsid;
  return link;
}

function infoJson(info: Attributes): JsonObject {
  const json: JsonObject = {};
  const [kind, portKind] = [info.text(INFO.kind), info.text(INFO.portKind)];
  if (kind !== undefined) json.info_kind = kind;
  if (kind === "tun") json.info_data = tunJson(info.inside(INFO.data));
  const stp = kind === "bridge" ? info.inside(INFO.data).u32(IFLA_BR_STP_STATE) : undefined;
  if (stp !== undefined) json.info_data = { stp_state: stp };
  const hairpin = portKind === "bridge" ? info.inside(INFO.portData).u8(IFLA_BRPORT_MODE) : undefined;
  if (hairpin !== undefined) json.info_slave_data = { hairpin: hairpin === 1 };
  return json;
}

/** A user without a name in passwd(5) is `null`: another reader may know it. */
function tunJson(data: Attributes): JsonObject {
  const owner = data.u32(TUN.owner);
  return {
    type: TUN_TYPES[data.u8(TUN.type) ?? 0] ?? "",
    vnet_hdr: data.u8(TUN.vnetHdr) === 1,
    multi_queue: data.u8(TUN.multiQueue) === 1,
    persist: data.u8(TUN.persist) === 1,
    ...(owner !== undefined && { user: userName(owner) ?? null }),
  };
}

function addressJson(bytes: Buffer, from: number, to: number): JsonObject {
  const found = inAddress.read(bytes, from + 8, to);
  const family = familyName(bytes[from]!);
  const flags = found.u32(ADDRESS.flags) ?? bytes[from + 2]!;
  const address = found.value(ADDRESS.address);
  const local = found.value(ADDRESS.local) ?? address;
  const json: JsonObject = {
    family,
    scope: String(bytes[from + 3]),
    noprefixroute: (flags & FLAG.noPrefixRoute) !== 0,
    prefixlen: bytes[from + 1]!,
    [family === "inet" ? "secondary" : "temporary"]: (flags & FLAG.secondary) !== 0,
    tentative: (flags & FLAG.tentative) !== 0,
    dadfailed: (flags & FLAG.dadfailed) !== 0,
    dynamic: (flags & FLAG.permanent) === 0,
    "stable-privacy": (flags & FLAG.stablePrivacy) !== 0,
  };
  if (local) json.local = inetText(local);
  if (address) json.address = inetText(address);
  if (found.has(ADDRESS.label)) json.label = found.text(ADDRESS.label)!;
  if (found.has(ADDRESS.priority)) json.metric = found.u32(ADDRESS.priority)!;
  if (found.has(ADDRESS.protocol)) json.protocol = String(found.u8(ADDRESS.protocol));
  if (found.has(ADDRESS.cache)) {
    json.preferred_life_time = found.u32(ADDRESS.cache)!;
    json.valid_life_time = found.u32(ADDRESS.cache, 4)!;
  }
  return json;
}
