// Routes over rtnetlink(7), in the shape of `ip -N -j -d route show table all`: ip-routes.ts makes rows of both.
import { inetText } from "./netlink-address.js";
import { type Attributes, align, attributes, dump } from "./netlink-message.js";
import type { System } from "./netlink-system.js";
import type { JsonObject } from "./tool-json.js";

const RTM_GETROUTE = 26;
/** include/uapi/linux/rtnetlink.h: RTA_* */
const ROUTE = {
  dst: 1,
  oif: 4,
  gateway: 5,
  priority: 6,
  prefsrc: 7,
  multipath: 9,
  cache: 12,
  table: 15,
  via: 18,
  pref: 20,
};
const DECODED = new Set(Object.values(ROUTE));
/** RFC 4191. */
const PREFERENCES = ["medium", "high", "reserved", "low"];
const [AF_INET, AF_INET6] = [2, 10];
const [RTNH_F_ONLINK, RTM_F_CLONED] = [4, 0x200];
const RTPROT_KERNEL = 2;
const NEXTHOP = 8;

/** @returns undefined where routes changed while they were read */
export function readRoutes(system: System, fd: number, names: Map<number, string>): JsonObject[] | undefined {
  const routes: JsonObject[] = [];
  for (const family of [AF_INET, AF_INET6]) {
    const body = Buffer.alloc(12);
    body[0] = family;
    const whole = dump(system, fd, RTM_GETROUTE, body, (answer) => {
      // Most routes are the kernel's own, which nobody asks for.
      if (answer[5] !== RTPROT_KERNEL) routes.push(routeJson(answer, names));
    });
    if (!whole) return undefined;
  }
  return routes;
}

function routeJson(body: Buffer, names: Map<number, string>): JsonObject {
  const found = attributes(body, 12);
  const flags = body.readUInt32LE(8);
  const several = found.get(ROUTE.multipath);
  const prefsrc = found.get(ROUTE.prefsrc);
  return {
    type: String(body[7]),
    dst: destination(body, found.get(ROUTE.dst)),
    table: String(found.get(ROUTE.table)?.readUInt32LE() ?? body[4]),
    protocol: String(body[5]),
    ...(body[3] && { tos: String(body[3]) }),
    ...(body[2] && { from: String(body[2]) }),
    scope: String(body[6]),
    ...(body[0] === AF_INET6 && { pref: PREFERENCES[found.get(ROUTE.pref)?.[0] ?? 0] ?? "medium" }),
    ...(ends(found) && { expires: true }),
    ...(isMore(found) && { more: true }),
    ...(found.has(ROUTE.priority) && { metric: found.get(ROUTE.priority)!.readUInt32LE() }),
    ...(prefsrc && { prefsrc: inetText(prefsrc) }),
    ...(several ? { nexthops: nexthops(several, names) } : hop(found, found.get(ROUTE.oif)?.readUInt32LE(), names)),
    flags: [...(flags & RTNH_F_ONLINK ? ["onlink"] : []), ...(flags & RTM_F_CLONED ? ["cloned"] : [])],
  };
}

const isMore = (found: Attributes): boolean => [...found.keys()].some((type) => !DECODED.has(type));
/** struct rta_cacheinfo, `rta_expires`: 0 for never. */
const ends = (found: Attributes): boolean => (found.get(ROUTE.cache)?.readInt32LE(8) ?? 0) !== 0;

function destination(body: Buffer, dst: Buffer | undefined): string {
  const [family, length] = [body[0], body[1]!];
  if (!dst) return length ? `0/${length}` : "default";
  return length === (family === AF_INET6 ? 128 : 32) ? inetText(dst) : `${inetText(dst)}/${length}`;
}

function hop(found: Map<number, Buffer>, device: number | undefined, names: Map<number, string>): JsonObject {
  const [gateway, via] = [found.get(ROUTE.gateway), found.get(ROUTE.via)];
  return {
    ...(gateway && { gateway: inetText(gateway) }),
    ...(via && { via: { host: inetText(via.subarray(2)) } }),
    ...(device && { dev: names.get(device) ?? `if${device}` }),
    ...(isMore(found) && { more: true }),
  };
}

/** struct rtnexthop: length, flags, weight less one, device; then attributes. */
function nexthops(bytes: Buffer, names: Map<number, string>): JsonObject[] {
  const hops: JsonObject[] = [];
  for (let at = 0; at + NEXTHOP <= bytes.length; ) {
    const length = bytes.readUInt16LE(at);
    if (length < NEXTHOP) break;
    const found = attributes(bytes.subarray(at + NEXTHOP, at + length));
    const flags = bytes[at + 2]!;
    hops.push({
      ...hop(found, bytes.readInt32LE(at + 4), names),
      weight: bytes[at + 3]! + 1,
      flags: flags & RTNH_F_ONLINK ? ["onlink"] : [],
    });
    at += align(length);
  }
  return hops;
}
