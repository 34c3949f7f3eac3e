// The routes of one place: family, canonical destination, and an interface for every gateway.
import { cidrText, type Inet, parseAddress, parseCidr } from "../inet.js";
import type { Family, Interface, Nexthop, Pointer, Route } from "../lab.js";
import { join } from "../pointer.js";
import type { Problem } from "../problem.js";
import { items } from "../prune.js";
import type * as T from "../types.gen.js";
import { wordReason } from "../words.js";
import { Gateways, type HopDraft } from "./gateways.js";
import type { Context, Site } from "./site.js";

const MAIN_TABLE = 254;
const LOCAL_TABLE = 255;

interface Draft {
  pointer: Pointer;
  spec: T.Route;
  family: Family;
  to: Inet;
  hops: HopDraft[];
}

/** Routes of a place in the order of family, table, destination and metric. */
export function routesOf(context: Context, site: Site, devices: Map<string, Interface>): Route[] {
  const drafts: Draft[] = [];
  for (const [index, spec] of items(site.spec.routes)) {
    const draft = draftOf(context, join(site.pointer, "routes", index), spec);
    if (draft) drafts.push(draft);
  }
  const gateways = new Gateways(context, site, devices, drafts);
  return drafts.map((draft) => routeOf(context, draft, gateways)).sort(compare);
}

function compare(a: Route, b: Route): number {
  if (a.family !== b.family) return a.family - b.family;
  if (a.table !== b.table) return a.table - b.table;
  if (a.to !== b.to) return a.to < b.to ? -1 : 1;
  return (a.metric ?? 0) - (b.metric ?? 0);
}

/** The kernel refuses it for IPv6: ip6_route_multipath_add() in net/ipv6/route.c gives EEXIST. */
const twice = (pointer: Pointer): Problem => ({
  pointer,
  code: "duplicate-nexthop",
  message: "This nexthop is in the route twice.",
  suggestion: "give one of them a weight",
});

function routeOf({ report }: Context, draft: Draft, gateways: Gateways): Route {
  const { pointer, spec, family, to } = draft;
  const nexthops: Nexthop[] = [];
  for (const hop of draft.hops) {
    const one = gateways.resolve(hop);
    if (one && nexthops.some(({ via, dev }) => via === one.via && dev === one.dev)) report(twice(hop.pointer));
    else if (one) nexthops.push(one);
  }
  const src = spec.src === undefined ? undefined : parseAddress(spec.src)?.address;
  return {
    origin: pointer,
    family,
    to: cidrText(to),
    type: spec.type ?? "unicast",
    nexthops,
    ...(src === undefined ? {} : { src }),
    ...(spec.metric === undefined ? {} : { metric: spec.metric }),
    table: spec.table ?? MAIN_TABLE,
  };
}

function draftOf(context: Context, pointer: Pointer, spec: T.Route): Draft | undefined {
  let good = true;
  const wrong = (key: string, code: string, message: string, suggestion?: string, at: "key" | "value" = "key") => {
    context.report({ pointer: join(pointer, key), at, code, message, suggestion });
    good = false;
  };
  const texts: [string, string | undefined, string][] = [
    ["to", spec.to, "destination"],
    ["via", spec.via, "address"],
    ["src", spec.src, "address"],
  ];
  const hopSpecs = items(spec.nexthops);
  for (const [index, hop] of hopSpecs) texts.push([`nexthops/${index}/via`, hop.via, "address"]);
  for (const [key, text, format] of texts) {
    const reason = text === undefined ? undefined : wordReason(format, text);
    if (reason === undefined) continue;
    context.report({ pointer: `${pointer}/${key}`, ...reason });
    good = false;
  }
  if (!good || spec.to === undefined) return undefined;
  const family = familyOf(context, pointer, spec);
  if (family === undefined) return undefined;
  const unicast = (spec.type ?? "unicast") === "unicast";
  if (!unicast) {
    for (const key of ["via", "dev", "nexthops", "onlink", "src"] as const) {
      if (spec[key] !== undefined)
        wrong(key, "route-type", `A route of type "${spec.type}" goes nowhere: it has no "${key}".`);
    }
  } else if (spec.nexthops !== undefined) {
    for (const key of ["via", "dev", "onlink"] as const) {
      if (spec[key] !== undefined)
        wrong(key, "route-hops", `A route with "nexthops" has no "${key}" of its own.`, "write it in the nexthops");
    }
  } else if (spec.via === undefined && spec.dev === undefined) {
    if (!context.broken(pointer))
      wrong("to", "route-to-nowhere", "This route has neither via, dev nor nexthops.", undefined, "value");
    return undefined;
  }
  if (spec.table === LOCAL_TABLE)
    wrong("table", "local-table", "Table 255 is the kernel's own (local).", undefined, "value");
  const to = destination(spec.to, family);
  const own: HopDraft[] = unicast && !spec.nexthops ? [{ pointer, spec, family }] : [];
  const hops = unicast
    ? hopSpecs.map(([index, hop]) => ({ pointer: join(pointer, "nexthops", index), spec: hop, family }))
    : [];
  return good ? { pointer, spec, family, to, hops: [...own, ...hops] } : undefined;
}

const destination = (to: string, family: Family): Inet =>
  parseCidr(to === "default" ? (family === 4 ? "0.0.0.0/0" : "::/0") : to) ?? parseAddress(to)!;

/** The family of the route, where all its addresses are of one. */
function familyOf(context: Context, pointer: Pointer, spec: T.Route): Family | undefined {
  const found: [key: string, text: string][] = [];
  if (spec.to !== "default") found.push(["to", spec.to]);
  if (spec.via !== undefined) found.push(["via", spec.via]);
  for (const [index, hop] of items(spec.nexthops))
    if (hop.via !== undefined) found.push([`nexthops/${index}/via`, hop.via]);
  if (spec.src !== undefined) found.push(["src", spec.src]);
  const family = (text: string): Family => (text.includes(":") ? 6 : 4);
  const [first, ...rest] = found;
  if (!first) return 4;
  const odd = rest.find(([, text]) => family(text) !== family(first[1]));
  if (!odd) return family(first[1]);
  const message = `"${odd[1]}" is IPv${family(odd[1])}, but "${first[1]}" of this route is IPv${family(first[1])}.`;
  context.report({ pointer: `${pointer}/${odd[0]}`, code: "mixed-families", message });
  return undefined;
}
