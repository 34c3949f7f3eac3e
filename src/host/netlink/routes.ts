// Routes over rtnetlink(7), in the shape of `ip -N -j -d route show table all`: ip-routes.ts makes rows of both.
import type { JsonObject } from "../read/tool-json.js";
import { inetText } from "./address.js";
import { Attributes, align, dump, dumpRequest } from "./message.js";
import type { System } from "./system.js";

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

const ALL_ROUTES = [AF_INET, AF_INET6].map((family) => {
  const body = Buffer.alloc(12);
  body[0] = family;
  return dumpRequest(RTM_GETROUTE, body);
});
const [inRoute, inHop] = [new Attributes(), new Attributes()];

/** @returns undefined where routes changed while they were read */
export function readRoutes(system: System, fd: number, names: Map<number, string>): JsonObject[] | undefined {
  const routes: JsonObject[] = [];
  for (const asking of ALL_ROUTES) {
    const whole = dump(system, fd, asking, (bytes, from, to) => {
      // Most routes are the kernel's own, which nobody asks for.
      if (bytes[from + 5] !== RTPROT_KERNEL) routes.push(routeJson(bytes.subarray(from, to), names));
    });
    if (!whole) return undefined;
  }
  return routes;
}

function routeJson(body: Buffer, names: Map<number, string>): JsonObject {
  const found = inRoute.read(body, 12, body.length);
  const flags = body.readUInt32LE(8);
  const several = found.value(ROUTE.multipath);
  const prefsrc = found.value(ROUTE.prefsrc);
  return {
    type: String(body[7]),
    dst: destination(body, found.value(ROUTE.dst)),
    table: String(found.u32(ROUTE.table) ?? body[4]),
    protocol: String(body[5]),
    ...(body[3] && { tos: String(body[3]) }),
    ...(body[2] && { from: String(body[2]) }),
    scope: String(body[6]),
    ...(body[0] === AF_INET6 && { pref: PREFERENCES[found.u8(ROUTE.pref) ?? 0] ?? "medium" }),
    ...(ends(found) && { expires: true }),
    ...(found.hasOther(DECODED) && { more: true }),
    ...(found.has(ROUTE.priority) && { metric: found.u32(ROUTE.priority)! }),
    ...(prefsrc && { prefsrc: inetText(prefsrc) }),
    ...(several ? { nexthops: nexthops(several, names) } : hop(found, found.u32(ROUTE.oif), names)),
    flags: [...(flags & RTNH_F_ONLINK ? ["onlink"] : []), ...(flags & RTM_F_CLONED ? ["cloned"] : [])],
  };
}

/** struct rta_cacheinfo, `rta_expires`: 0 for never. */
const ends = (found: Attributes): boolean => (found.i32(ROUTE.cache, 8) ?? 0) !== 0;

function destination(body: Buffer, dst: Buffer | undefined): string {
  const [family, length] = [body[0], body[1]!];
  if (!dst) return length ? `0/${length}` : "default";
  return length === (family === AF_INET6 ? 128 : 32) ? inetText(dst) : `${inetText(dst)}/${length}`;
}

function hop(found: Attributes, device: number | undefined, names: Map<number, string>): JsonObject {
  const [gateway, via] = [found.value(ROUTE.gateway), found.value(ROUTE.via)];
  return {
    ...(gateway && { gateway: inetText(gateway) }),
    ...(via && { via: { host: inetText(via.subarray(2)) } }),
    ...(device && { dev: names.get(device) ?? `if${device}` }),
  };
}

/** struct rtnexthop: length, flags, weight less one, device; then attributes. */
function nexthops(bytes: Buffer, names: Map<number, string>): JsonObject[] {
  const hops: JsonObject[] = [];
  for (let at = 0; at + NEXTHOP <= bytes.length; ) {
    const length = bytes.readUInt16LE(at);
    if (length < NEXTHOP) break;
    const found = inHop.read(bytes, at + NEXTHOP, at + length);
    const flags = bytes[at + 2]!;
    hops.push({
      ...hop(found, bytes.readInt32LE(at + 4), names),
      weight: bytes[at + 3]! + 1,
      ...(found.hasOther(DECODED) && { more: true }),
      flags: flags & RTNH_F_ONLINK ? ["onlink"] : [],
    });
    at += align(length);
  }
  return hops;
}
