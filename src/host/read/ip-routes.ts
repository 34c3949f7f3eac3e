// `ip -j -d route show table all` → RouteRow. Works with and without `-N` (numbers for names).
import type { RouteRow } from "../../kinds/rows.js";
import type { Family } from "../../topology/lab.js";
import { isObject, type JsonObject, objects, strings, text } from "./tool-json.js";

/** linux/rtnetlink.h: RTN_*, the types that are kept. */
const TYPES: Record<string, string> = {
  "1": "unicast",
  "6": "blackhole",
  "7": "unreachable",
  "8": "prohibit",
  unicast: "unicast",
  blackhole: "blackhole",
  unreachable: "unreachable",
  prohibit: "prohibit",
};

/** RTPROT_*: names that every system has; others may be renamed in /etc/iproute2/rt_protos. */
const PROTOCOLS: Record<string, string> = {
  "0": "unspec",
  "1": "redirect",
  "2": "kernel",
  "3": "boot",
  "4": "static",
  "9": "ra",
};
const NOT_ANYBODYS = new Set(["kernel", "ra", "redirect"]);

/** What a row holds, and what does not matter; `error` is that of a type that refuses. */
const HELD = new Set(
  "type dst table protocol metric prefsrc scope pref flags error gateway via dev weight nexthops".split(" "),
);
const holdsAll = (json: JsonObject): boolean => Object.keys(json).every((key) => HELD.has(key));
/** linux/rtnetlink.h: RT_SCOPE_*. */
const SCOPES: Record<string, number> = { global: 0, site: 200, link: 253, host: 254, nowhere: 255 };

const TABLES: Record<string, number> = { unspec: 0, default: 253, main: 254, local: 255 };

/**
 * The routes that somebody asked for. Left out are the kernel's own, cached ones, and those with a TOS or a source
 * prefix: they are other routes than the one with the same destination without.
 */
export function routeRows(json: JsonObject[]): RouteRow[] {
  const rows: RouteRow[] = [];
  for (const route of json) {
    const type = TYPES[String(route.type ?? "unicast")];
    const protocol = protocolName(route.protocol);
    if (!type || !route.dst || NOT_ANYBODYS.has(protocol)) continue;
    if (route.tos || route.from || route.cache || strings(route.flags).includes("cloned")) continue;
    rows.push(routeRow(route, type, protocol));
  }
  return rows;
}

function routeRow(route: JsonObject, type: string, protocol: string): RouteRow {
  const family = familyOf(route);
  const row: RouteRow = {
    family,
    type,
    dst: destination(String(route.dst), family),
    nexthops: type === "unicast" ? nexthops(route) : [],
    metric: Number(route.metric ?? 0),
    table: tableNumber(route.table),
    protocol,
  };
  if (text(route.prefsrc)) row.src = text(route.prefsrc);
  if (hasMore(route, row)) row.more = true;
  return row;
}

function hasMore(route: JsonObject, { family, type, nexthops: [hop] }: RouteRow): boolean {
  if (!holdsAll(route) || !objects(route.nexthops).every(holdsAll)) return true;
  if (route.pref !== undefined && route.pref !== "medium") return true;
  // What ip(8) chooses: `link` where there is only a device.
  const isLink = family === 4 && type === "unicast" && objects(route.nexthops).length === 0 && hop?.via === undefined;
  return route.scope !== undefined && scopeNumber(route.scope) !== (isLink ? SCOPES.link : SCOPES.global);
}

export const scopeNumber = (word: unknown): number => SCOPES[String(word)] ?? Number(word);

/** A default route names its family only by its gateway; IPv6 ones always have a preference (RFC 4191). */
function familyOf(route: JsonObject): Family {
  const dst = String(route.dst);
  if (dst !== "default") return dst.includes(":") ? 6 : 4;
  return "pref" in route || text(route.gateway)?.includes(":") ? 6 : 4;
}

function destination(dst: string, family: Family): string {
  if (dst === "default") return family === 4 ? "0.0.0.0/0" : "::/0";
  return dst.includes("/") ? dst : `${dst}/${family === 4 ? 32 : 128}`;
}

function nexthops(route: JsonObject): RouteRow["nexthops"] {
  const several = objects(route.nexthops);
  return (several.length > 0 ? several : [route]).map((hop) => {
    // `via` is an IPv6 gateway of an IPv4 route (RFC 5549).
    const via = text(hop.gateway) ?? (isObject(hop.via) ? text(hop.via.host) : undefined);
    return {
      ...(via ? { via } : {}),
      dev: text(hop.dev) ?? "",
      weight: Number(hop.weight ?? 1),
      onlink: strings(hop.flags).includes("onlink"),
    };
  });
}

function protocolName(value: unknown): string {
  const word = String(value ?? "boot");
  return PROTOCOLS[word] ?? word;
}

/** `ip` leaves out the main table without `-d`. */
function tableNumber(value: unknown): number {
  const word = String(value ?? "main");
  return TABLES[word] ?? Number(word);
}
