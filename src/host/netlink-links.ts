// Links and addresses over rtnetlink(7), in the shape of `ip -N -j -d address show`: ip-links.ts makes rows of both.
import type { Json } from "../core/resource.js";
import { familyName, inetText, linkLayerText } from "./netlink-address.js";
import { type Attributes, attribute, attributes, dump, nested, textOf } from "./netlink-message.js";
import type { System } from "./netlink-system.js";
import { isObject, type JsonObject } from "./tool-json.js";
import { userName } from "./users.js";

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
const ALL_LINKS = Buffer.concat([Buffer.alloc(16), attribute(LINK.mask, Buffer.from([8, 0, 0, 0]))]);
const ALL_ADDRESSES = Buffer.alloc(8);

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
  const whole = dump(system, fd, RTM_GETLINK, ALL_LINKS, (body) => {
    const found = attributes(body, 16);
    const link = linkJson(body, found);
    const ipv6 = nested(nested(found.get(LINK.families)).get(AF_INET6)).get(IFLA_INET6_CONF);
    if (ipv6) ipv6Off.add(ipv6.readInt32LE(4 * DEVCONF_DISABLE_IPV6));
    links.set(Number(link.ifindex), link);
    names.set(Number(link.ifindex), String(link.ifname));
    known &&= isKnown(link, body.readUInt16LE(2));
  });
  if (!whole || !known) return undefined;
  for (const link of links.values()) {
    if (typeof link.master === "number") link.master = names.get(link.master) ?? null;
    if (typeof link.link === "number") link.link = names.get(link.link) ?? null;
  }
  const consistent = dump(system, fd, RTM_GETADDR, ALL_ADDRESSES, (body) => {
    (links.get(body.readUInt32LE(4))?.addr_info as Json[] | undefined)?.push(addressJson(body));
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

function linkJson(body: Buffer, found: Attributes): JsonObject {
  const flags = body.readUInt32LE(8);
  const address = found.get(LINK.address);
  const alias = found.get(LINK.alias);
  const other = found.get(LINK.link)?.readUInt32LE();
  const netnsid = found.get(LINK.netnsid)?.readInt32LE();
  return {
    ifindex: body.readInt32LE(4),
    ifname: textOf(found.get(LINK.name)!),
    flags: [...(flags & IFF_LOOPBACK ? ["LOOPBACK"] : []), ...(flags & IFF_UP ? ["UP"] : [])],
    mtu: found.get(LINK.mtu)?.readUInt32LE() ?? 0,
    group: found.get(LINK.group)?.readUInt32LE() ?? 0,
    ...(address && { address: linkLayerText(address, body.readUInt16LE(2)) }),
    ...(alias && { ifalias: textOf(alias) }),
    ...(found.has(LINK.master) && { master: found.get(LINK.master)!.readUInt32LE() }),
    ...(other && { [netnsid === undefined ? "link" : "link_index"]: other }),
    ...(netnsid !== undefined && netnsid >= 0 && { link_netnsid: netnsid }),
    linkinfo: infoJson(found.get(LINK.info)),
    addr_info: [],
  };
}

function infoJson(bytes: Buffer | undefined): JsonObject {
  const info = nested(bytes);
  const kind = info.get(INFO.kind);
  const portKind = info.get(INFO.portKind);
  const is = (name: string) => kind !== undefined && textOf(kind) === name;
  const stp = is("bridge") ? nested(info.get(INFO.data)).get(IFLA_BR_STP_STATE) : undefined;
  const hairpin =
    portKind && textOf(portKind) === "bridge" ? nested(info.get(INFO.portData)).get(IFLA_BRPORT_MODE) : undefined;
  return {
    ...(kind && { info_kind: textOf(kind) }),
    ...(stp && { info_data: { stp_state: stp.readUInt32LE() } }),
    ...(is("tun") && { info_data: tunJson(nested(info.get(INFO.data))) }),
    ...(hairpin && { info_slave_data: { hairpin: hairpin[0] === 1 } }),
  };
}

/** A user without a name in passwd(5) is `null`: another reader may know it. */
function tunJson(data: Attributes): JsonObject {
  const owner = data.get(TUN.owner)?.readUInt32LE();
  return {
    type: TUN_TYPES[data.get(TUN.type)?.[0] ?? 0] ?? "",
    vnet_hdr: data.get(TUN.vnetHdr)?.[0] === 1,
    multi_queue: data.get(TUN.multiQueue)?.[0] === 1,
    persist: data.get(TUN.persist)?.[0] === 1,
    ...(owner !== undefined && { user: userName(owner) ?? null }),
  };
}

function addressJson(body: Buffer): JsonObject {
  const found = attributes(body, 8);
  const family = familyName(body[0]!);
  const flags = found.get(ADDRESS.flags)?.readUInt32LE() ?? body[2]!;
  const local = found.get(ADDRESS.local) ?? found.get(ADDRESS.address);
  const protocol = found.get(ADDRESS.protocol);
  const cache = found.get(ADDRESS.cache);
  const [label, metric] = [found.get(ADDRESS.label), found.get(ADDRESS.priority)];
  const address = found.get(ADDRESS.address);
  return {
    family,
    ...(local && { local: inetText(local) }),
    ...(address && { address: inetText(address) }),
    ...(label && { label: textOf(label) }),
    ...(metric && { metric: metric.readUInt32LE() }),
    scope: String(body[3]),
    noprefixroute: (flags & FLAG.noPrefixRoute) !== 0,
    prefixlen: body[1]!,
    [family === "inet" ? "secondary" : "temporary"]: (flags & FLAG.secondary) !== 0,
    tentative: (flags & FLAG.tentative) !== 0,
    dadfailed: (flags & FLAG.dadfailed) !== 0,
    dynamic: (flags & FLAG.permanent) === 0,
    "stable-privacy": (flags & FLAG.stablePrivacy) !== 0,
    ...(protocol && { protocol: String(protocol[0]) }),
    ...(cache && { preferred_life_time: cache.readUInt32LE(0), valid_life_time: cache.readUInt32LE(4) }),
  };
}
