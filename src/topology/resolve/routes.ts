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
  const hops = items(spec.nexthops);
  const wrong = wrongWords(pointer, spec);
  for (const problem of wrong) context.report(problem);
  if (wrong.length > 0 || spec.to === undefined) return undefined;
  const family = familyOf(context, pointer, spec);
  if (family === undefined) return undefined;
  const misfits = misfitsOf(spec);
  for (const { key, ...misfit } of misfits) context.report({ pointer: join(pointer, key), at: "key", ...misfit });
  if (misfits.length > 0) return undefined;
  const to = destination(spec.to, family);
  if ((spec.type ?? "unicast") !== "unicast") return { pointer, spec, family, to, hops: [] };
  if (spec.nexthops === undefined && spec.via === undefined && spec.dev === undefined) {
    const message = "This route has neither via, dev nor nexthops.";
    if (!context.broken(pointer)) context.report({ pointer: join(pointer, "to"), code: "route-to-nowhere", message });
    return undefined;
  }
  const own = spec.nexthops ? [] : [{ pointer, spec, family }];
  const more = hops.map(([index, hop]) => ({ pointer: join(pointer, "nexthops", index), spec: hop, family }));
  return { pointer, spec, family, to, hops: [...own, ...more] };
}

function wrongWords(pointer: Pointer, spec: T.Route): Problem[] {
  const texts: [key: string, text: string | undefined, format: string][] = [
    ["to", spec.to, "destination"],
    ["via", spec.via, "address"],
    ["src", spec.src, "address"],
  ];
  for (const [index, hop] of items(spec.nexthops)) texts.push([`nexthops/${index}/via`, hop.via, "address"]);
  return texts.flatMap(([key, text, format]) => {
    const reason = text === undefined ? undefined : wordReason(format, text);
    return reason ? [{ pointer: `${pointer}/${key}`, ...reason }] : [];
  });
}

/** Keys that do not go with the others of the route. */
function misfitsOf(spec: T.Route): (Omit<Problem, "pointer"> & { key: keyof T.Route })[] {
  const given = <Key extends keyof T.Route>(...keys: Key[]): Key[] => keys.filter((key) => spec[key] !== undefined);
  const local: ReturnType<typeof misfitsOf> = [];
  if (spec.table === LOCAL_TABLE) {
    const message = "Table 255 is the kernel's own (local).";
    local.push({ key: "table", at: "value", code: "local-table", message });
  }
  if ((spec.type ?? "unicast") !== "unicast") {
    const message = (key: string) => `A route of type "${spec.type}" goes nowhere: it has no "${key}".`;
    const keys = given("via", "dev", "nexthops", "onlink", "src");
    return [...keys.map((key) => ({ key, code: "route-type", message: message(key) })), ...local];
  }
  if (spec.nexthops === undefined) return local;
  const message = (key: string) => `A route with "nexthops" has no "${key}" of its own.`;
  const rest = { code: "route-hops", suggestion: "write it in the nexthops" };
  return [...given("via", "dev", "onlink").map((key) => ({ key, message: message(key), ...rest })), ...local];
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
