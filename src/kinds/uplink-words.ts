// Addresses and routes of an interface as ip(8) prints them in JSON, and as words that make them again, here or on a bridge.
import type { Json } from "../core/resource.js";
import { contains, subnetOf } from "../topology/inet.js";
import type { UplinkRow } from "./rows.js";
import { known } from "./uplink-neighbours.js";

export type Entry = { [key: string]: Json };

/** INFINITY_LIFE_TIME, linux/if_addr.h. */
const FOREVER = 4294967295;
/** RTPROT_KERNEL and RT_TABLE_LOCAL: linux/rtnetlink.h, as `-N` prints them. */
const [KERNEL, LOCAL] = ["2", "255"];
/** RTN_* by number. */
const TYPES = ["", "", "local", "broadcast", "anycast", "multicast", "blackhole", "unreachable", "prohibit"];
/** What is known of routes; one with anything else could not be made again. */
const ROUTE_KEYS = new Set(
  "type dst tos gateway via dev table protocol scope prefsrc metric flags metrics nexthops pref expires cache uid".split(
    " ",
  ),
);

const cidr = (a: Entry): string => `${a.local}/${a.prefixlen}`;
export const isV6 = (a: Entry): boolean => a.family === "inet6";
const subnet = (a: Entry): string => subnetOf(`${a.address ?? a.local}/${a.prefixlen}`);

/** What of an interface goes with it: not what the kernel makes by itself as soon as the rest is there. */
export function movable(row: UplinkRow): UplinkRow {
  const addresses = row.addresses.filter((a) => !isKernelMade(a));
  const routes = row.routes.filter((route) => !isImplied(route, row.addresses));
  return { ...row, addresses, routes, neighbours: known(row.neighbours, routes) };
}

/** Link-local addresses of the kernel (IFA_PROTO, RFC 4291, RFC 7217), and temporary ones (RFC 8981). */
const isKernelMade = (a: Entry): boolean =>
  isV6(a) &&
  (a.temporary === true ||
    (String(a.local).startsWith("fe80:") &&
      (a["stable-privacy"] === true ||
        a.protocol !== undefined ||
        /ff:fe[0-9a-f]{2}:[0-9a-f]{1,4}$/.test(`${a.local}`))));

function isImplied(route: Entry, addresses: Entry[]): boolean {
  if (route.protocol !== KERNEL) return false;
  if (route.table === LOCAL) return true;
  if (route.gateway !== undefined || route.nexthops !== undefined) return false;
  if (/^fe80:/.test(String(route.dst))) return true;
  return addresses.some((a) => a.noprefixroute !== true && subnet(a) === withPrefix(String(route.dst)));
}

const withPrefix = (dst: string) => (dst.includes("/") ? dst : `${dst}/${dst.includes(":") ? 128 : 32}`);

/** Why a route could not be put back as it was; undefined where it could. */
export function obstacle(route: Entry): string | undefined {
  const odd = Object.keys(route).find((key) => !ROUTE_KEYS.has(key));
  return odd && `the route to ${route.dst} has "${odd}"`;
}

/** It lasts: what is not there any more has not just come to its end. */
export const lasts = (one: Entry): boolean => one.expires === undefined && (one.valid_life_time ?? FOREVER) === FOREVER;

/** As it is now, in seconds since boot: what has a lifetime has less of it left. */
export function aged(row: UplinkRow, now: number): UplinkRow {
  const less = (value: Json | undefined, least: number) =>
    typeof value === "number" && value !== FOREVER ? Math.max(least, value - (now - row.read)) : value!;
  const addresses = row.addresses.map((a) =>
    lasts(a)
      ? a
      : {
          ...a,
          valid_life_time: less(a.valid_life_time, 1),
          preferred_life_time: less(a.preferred_life_time, 0),
        },
  );
  const routes = row.routes.map((route) => (lasts(route) ? route : { ...route, expires: less(route.expires, 1) }));
  return { ...row, addresses, routes, read: now };
}

/** The same with as much time left as it has where it is now: a lease may have been renewed, an advertisement come again. */
export function renewed(things: UplinkRow, uplink: string, there: UplinkRow, device: string): UplinkRow {
  const addresses = things.addresses.map((a) => {
    const now = there.addresses.find((one) => one.local === a.local && one.prefixlen === a.prefixlen);
    if (lasts(a) || !now || lasts(now)) return a;
    const { valid_life_time, preferred_life_time } = now;
    return { ...a, valid_life_time: valid_life_time!, preferred_life_time: preferred_life_time! };
  });
  const routes = things.routes.map((route) => {
    if (lasts(route)) return route;
    const key = routeKey(route, uplink, device).join(" ");
    const now = there.routes.find((one) => routeKey(one, device, device).join(" ") === key);
    return { ...route, expires: now?.expires ?? route.expires! };
  });
  return { ...things, addresses, routes };
}

/** Words after `ip link set dev X` that make a device as it was. */
export const attributeWords = ({ mac, mtu, group, alias }: UplinkRow): string[] => [
  ...["address", mac, "mtu", String(mtu), "group", String(group)],
  ...["alias", alias],
];

/** Words after `ip address add`. IPv6 ones without duplicate address detection: nobody else has got them meanwhile. */
export function addressWords(a: Entry, from: string, dev: string, nodad = true): string[] {
  const label = typeof a.label === "string" && a.label.startsWith(`${from}:`) ? dev + a.label.slice(from.length) : "";
  return [
    ...(a.address === undefined ? [cidr(a)] : [String(a.local), "peer", `${a.address}/${a.prefixlen}`]),
    ...(a.broadcast === undefined ? [] : ["broadcast", String(a.broadcast)]),
    ...["dev", dev],
    ...(isV6(a) ? [] : ["scope", String(a.scope)]),
    ...(label.length > 0 && label.length < 16 ? ["label", label] : []),
    ...(a.metric === undefined ? [] : ["metric", String(a.metric)]),
    ...["noprefixroute", "home", "mngtmpaddr"].filter((flag) => a[flag] === true),
    ...(a.autojoin === true || a.mcautojoin === true ? ["autojoin"] : []),
    ...(isV6(a) && nodad ? ["nodad"] : []),
    ...(lasts(a) ? [] : [...lifetime("valid", a), ...lifetime("preferred", a)]),
  ];
}

function lifetime(which: "valid" | "preferred", a: Entry): string[] {
  const seconds = a[`${which}_life_time`];
  return [`${which}_lft`, seconds === FOREVER ? "forever" : String(seconds)];
}

/** Words after `ip address delete`. */
export const addressKey = (a: Entry, dev: string): string[] =>
  a.address === undefined
    ? [cidr(a), "dev", dev]
    : [String(a.local), "peer", `${a.address}/${a.prefixlen}`, "dev", dev];

/** Words after `ip route append`, with the device `from` changed to `to`. */
export const routeWords = (route: Entry, from: string, to: string): string[] => [
  ...routeKey(route, from, to),
  ...(route.expires === undefined ? [] : ["expires", String(route.expires)]),
];

/** Words after `ip route delete`: all but how long it lasts. */
export function routeKey(route: Entry, from: string, to: string): string[] {
  const v6 = isV6Route(route);
  const dst = route.dst === "default" ? (v6 ? "::/0" : "0.0.0.0/0") : withPrefix(String(route.dst));
  const hops = (route.nexthops ?? []) as Entry[];
  const type = TYPES[Number(route.type)];
  return [
    ...(type ? [type] : []),
    dst,
    ...(route.tos === undefined ? [] : ["tos", String(route.tos)]),
    ...(hops.length > 0 ? [] : hopWords(route, from, to)),
    ...["table", String(route.table), "proto", String(route.protocol)],
    ...(v6 ? [] : ["scope", String(route.scope)]),
    ...(route.prefsrc === undefined ? [] : ["src", String(route.prefsrc)]),
    ...(route.metric ? ["metric", String(route.metric)] : []),
    ...(v6 && route.pref && route.pref !== "medium" ? ["pref", String(route.pref)] : []),
    ...Object.entries(((route.metrics ?? []) as Entry[])[0] ?? {}).flatMap(metricWords),
    ...hops.flatMap((hop) => ["nexthop", ...hopWords(hop, from, to), "weight", String(hop.weight ?? 1)]),
  ];
}

/** IPv6 ones always have a preference (RFC 4191). */
const isV6Route = (route: Entry): boolean => route.pref !== undefined;
export const isDirect = (route: Entry): boolean =>
  route.gateway === undefined && route.via === undefined && route.nexthops === undefined;

function hopWords(hop: Entry, from: string, to: string): string[] {
  const via = hop.via as { family: string; host: string } | undefined;
  return [
    ...(via ? ["via", via.family, via.host] : hop.gateway === undefined ? [] : ["via", String(hop.gateway)]),
    ...["dev", hop.dev === from ? to : String(hop.dev)],
    ...((hop.flags ?? []) as string[]).filter((flag) => flag === "onlink"),
  ];
}

/** ip prints the features' and the algorithm's keys otherwise than it reads them. */
function metricWords([key, value]: [string, Json]): string[] {
  if (key === "ecn") return ["features", "ecn"];
  return [key === "congestion" ? "congctl" : key, ...String(value).split(" ")];
}

/** Whether a route holds with these addresses alone: its gateways are their neighbours, its source is one of them. */
export function fits(route: Entry, addresses: string[]): boolean {
  const isNear = ({ gateway }: Entry) =>
    gateway !== undefined &&
    (String(gateway).startsWith("fe80:") || addresses.some((own) => contains(subnetOf(own), `${gateway}`)));
  const isOwn = route.prefsrc === undefined || addresses.some((own) => own.split("/")[0] === route.prefsrc);
  const hops = (route.nexthops ?? [route]) as Entry[];
  return isOwn && hops.every(isNear);
}
