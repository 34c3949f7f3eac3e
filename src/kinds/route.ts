// Static routes: ip-route(8). Ours carry protocol 110; of the others only those with a declared key are compared.
import { asked, type Json, type Owner, owned, type Resource } from "../core/resource.js";
import { everyPlace, type Family, HOST, type Lab, type Nexthop, type Place } from "../topology/lab.js";
import type { Kind } from "./kind.js";
import { isGuest, type Ownership } from "./ownership.js";
import type { RouteRow, Rows } from "./rows.js";
import * as slot from "./slots.js";

/** rtm_protocol of netlab's routes: of the range that rtnetlink(7) leaves to administrators, in use by no known daemon. */
const PROTOCOL = "110";

/** The kernel gives IPv6 routes without a metric this one (IP6_RT_PRIO_USER). */
const IPV6_METRIC = 1024;

interface Key {
  place: Place;
  family: Family;
  table: number;
  dst: string;
  metric: number;
}

const resource = (key: Key, fields: Resource["fields"]): Resource => ({
  id: `route:${key.place}/${key.table}/${key.dst}${key.metric === defaultMetric(key.family) ? "" : `/metric ${key.metric}`}`,
  kind: "route",
  place: key.place,
  fields,
  at: { family: key.family, table: key.table, dst: key.dst, metric: key.metric },
});

const defaultMetric = (family: number) => (family === 6 ? IPV6_METRIC : 0);
const hopsOf = (r: Resource) => r.fields.nexthops as unknown as Nexthop[];
const devices = (r: Resource) => [...new Set(hopsOf(r).map(({ dev }) => dev))];
const isDirect = (r: Resource) => hopsOf(r).every(({ via }) => via === undefined);
const asJson = (hops: Nexthop[]): Json =>
  hops.map(
    ({ via, dev, weight, onlink }): Json =>
      via === undefined ? { dev, weight, onlink } : { via, dev, weight, onlink },
  );

export const route: Kind = {
  name: "route",
  about: "A static route.",
  fields: {
    type: { about: "unicast, blackhole, unreachable or prohibit", way: "update", traffic: "flap" },
    nexthops: { about: "gateway, device, weight and onlink of each nexthop", way: "update", traffic: "flap" },
    src: { about: "preferred source address", way: "update", traffic: "none" },
    protocol: {
      about: `who made it: ${PROTOCOL} is netlab; a route replaced by hand has another`,
      way: "update",
      traffic: "none",
    },
  },

  expand: (lab: Lab) =>
    everyPlace(lab).flatMap(({ name: place, routes }) =>
      routes.map(({ family, table, to, metric, type, nexthops, src, origin }) => {
        const key = { place, family, table, dst: to, metric: metric ?? defaultMetric(family) };
        const fields = { type, nexthops: asJson(nexthops), src: src ?? null, protocol: PROTOCOL };
        return asked(resource(key, fields), origin);
      }),
    ),

  read: (rows, { desired, ownership }) =>
    rows.places.flatMap((place) =>
      (rows.route[place] ?? []).map((row) => {
        const { type, nexthops, src, protocol } = row;
        const r = resource({ ...row, place }, { type, nexthops: asJson(nexthops), src: src ?? null, protocol });
        const at = row.more ? { ...r.at, more: true } : r.at;
        return owned({ ...r, at }, ownerOf(r, row, rows, ownership, r.id in desired));
      }),
    ),

  provides: (r) => [slot.routed(r.place), ...(isDirect(r) ? [slot.direct(r.place)] : [])],
  needs: (r) => [
    slot.ns(r.place),
    ...devices(r).map((dev) => slot.up(r.place, dev)),
    ...(r.fields.src ? [slot.local(r.place, r.fields.src as string)] : []),
  ],
  livesOn: (r) => [
    slot.ns(r.place),
    ...devices(r).flatMap((dev) => [
      slot.link(r.place, dev),
      ...(r.at.family === 4 ? [slot.inet(r.place, dev, 4)] : []),
    ]),
    ...(r.fields.src && r.at.family === 4 ? [slot.local(r.place, r.fields.src as string)] : []),
  ],
  lostBy: (r) => [
    ...devices(r).map((dev) => slot.up(r.place, dev)),
    ...(r.at.family === 6 ? [slot.ipv6(r.place)] : []),
    // The kernel only takes the source off (rt6_remove_prefsrc): with the address it is no more the route that it was.
    ...(r.at.family === 6 && r.fields.src ? [slot.local(r.place, r.fields.src as string)] : []),
  ],
  // The kernel refuses a gateway that no address and no direct route reaches yet: "Nexthop has invalid gateway".
  after: (r) => [slot.addressed(r.place), ...(isDirect(r) ? [] : [slot.direct(r.place)])],

  restored: (r) => r.at.more !== true,

  // A routing daemon may have made its own again, and knows better.
  create: (r) => [make(isGuest(r) ? "add" : "replace", r)],
  update: (_, to) => [make("replace", to)],
  remove: (r) => [
    {
      tool: "ip",
      place: r.place,
      args: ["route", "delete", ...keyWords(r), "proto", String(r.fields.protocol), ...singleHop(r)],
    },
  ],
  note: (_, r) => (r.place === HOST && devices(r).length === 0 ? { routes: [r.id] } : undefined),
};

function keyWords({ at, fields }: Resource): string[] {
  return [
    ...(fields.type === "unicast" ? [] : [fields.type as string]),
    at.dst as string,
    ...["table", String(at.table)],
    ...(at.metric ? ["metric", String(at.metric)] : []),
  ];
}

const hopWords = ({ via, dev, onlink }: Nexthop) => [
  ...(via ? ["via", via] : []),
  "dev",
  dev,
  ...(onlink ? ["onlink"] : []),
];

const singleHop = (r: Resource) => (hopsOf(r).length === 1 ? hopWords(hopsOf(r)[0]!) : []);

function make(verb: "add" | "replace", r: Resource) {
  const many = hopsOf(r).length > 1 ? hopsOf(r) : [];
  const args = [
    ...["route", verb, ...keyWords(r), "proto", r.fields.protocol as string],
    ...(r.fields.src ? ["src", r.fields.src as string] : []),
    ...singleHop(r),
    ...many.flatMap((hop) => ["nexthop", ...hopWords(hop), "weight", String(hop.weight)]),
  ];
  return { tool: "ip", place: r.place, args };
}

/**
 * In a namespace of the lab ours are those with our protocol and those with a declared key. On the host: with our
 * protocol, over devices of the lab; or, where it has no device, named in the journal.
 */
function ownerOf(r: Resource, { protocol }: RouteRow, rows: Rows, ownership: Ownership, declared: boolean): Owner {
  if (r.place !== HOST) {
    const owner = ownership.place(r.place);
    return owner !== "lab" || protocol === PROTOCOL || declared ? owner : "none";
  }
  const owners = devices(r).map((dev) => ownership.link(HOST, dev));
  const foreign = owners.find((owner) => owner !== "lab");
  if (owners.length && foreign === undefined) return protocol === PROTOCOL || declared ? "lab" : "none";
  if (protocol !== PROTOCOL) return "none";
  const other = rows.journal.others.routes[r.id];
  return rows.journal.routes.includes(r.id) ? "lab" : other ? { lab: other } : (foreign ?? "none");
}
