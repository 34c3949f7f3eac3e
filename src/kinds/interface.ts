// A device as such, whatever made it: state, MAC, MTU and the marks. ip-link(8).
import { asked, type Json, owned, type Resource, type Slot } from "../core/resource.js";
import { groupOf } from "../topology/derive.js";
import { everyPlace, type Interface, type Lab, type Place } from "../topology/lab.js";
import { USUAL_MTU } from "./born.js";
import type { Kind } from "./kind.js";
import { aliasOf, isLent } from "./ownership.js";
import type { LinkRow } from "./rows.js";
import * as slot from "./slots.js";
import { macFor } from "./takeover.js";

const resource = (
  place: string,
  name: string,
  fields: Resource["fields"],
  at: Resource["at"] = { name },
): Resource => ({
  id: `interface:${place}/${name}`,
  kind: "interface",
  place,
  fields,
  at,
});

const nameOf = (r: Resource) => r.at.name as string;

/** Words of `ip link set` for each field. */
const words: { [field: string]: (value: Json) => string[] } = {
  mac: (value) => ["address", String(value)],
  mtu: (value) => ["mtu", String(value)],
  group: (value) => ["group", String(value)],
  up: (value) => [value ? "up" : "down"],
  // Null takes the mark off: back to how it was before it was adopted.
  alias: (value) => ["alias", value === null ? "" : String(value)],
};

function set(r: Resource, fields: string[]) {
  const args: string[] = [];
  for (const field in words)
    if (fields.includes(field) && r.fields[field] !== undefined) args.push(...words[field]!(r.fields[field]));
  return args.length ? [{ tool: "ip", place: r.place, args: ["link", "set", "dev", nameOf(r), ...args] }] : [];
}

export const interfaceKind: Kind = {
  name: "interface",
  about: "The state of a device: up, MAC, MTU, and netlab's marks on it.",
  fields: {
    mac: { about: "MAC address", way: "update", traffic: "flap" },
    mtu: { about: "MTU, bytes", way: "update", traffic: "none" },
    group: {
      about: "device group: a number made from the lab's name, the mark that a device is born with",
      way: "update",
      traffic: "none",
    },
    up: { about: "administrative state", way: "update", traffic: "flap" },
    alias: { about: "ifalias `netlab:LAB`, the readable mark", way: "update", traffic: "none" },
  },

  expand: (lab, facts) => {
    const edges = edgesOf(lab);
    const [group, alias] = [groupOf(lab.name), aliasOf(lab.name)];
    const expandOne = (place: Place, device: Interface): Resource => {
      const { name, origin, made, mtu, up } = device;
      const mac = macFor(device, facts);
      const fields: Resource["fields"] = {};
      if (mac) fields.mac = mac;
      // Without a declared one a cable or a tap has the kernel's default; bridges and OVS devices follow their ports.
      if (made === "veth" || made === "tap") fields.mtu = mtu ?? USUAL_MTU;
      else if (mtu) fields.mtu = mtu;
      if (made !== "lo") fields.group = group;
      fields.up = up;
      fields.alias = alias;
      const at = { name, edge: edges.get(`${place}/${name}`) ?? null, bridge: made === "bridge" };
      return asked(resource(place, name, fields, at), origin);
    };
    return everyPlace(lab).flatMap(({ name, interfaces }) => interfaces.map((device) => expandOne(name, device)));
  },

  read: (rows, { ownership }) =>
    rows.places.flatMap((place) =>
      (rows.link[place] ?? []).map((row) => {
        const owner = row.loopback ? "ambient" : ownership.link(place, row.name);
        const { lower } = row;
        const isStanding = lower && owner !== "lab" && !isLent(lower.place, lower.name, rows);
        const at: Resource["at"] = isStanding ? { name: row.name, lower } : { name: row.name };
        return owned(resource(place, row.name, fieldsOf(row), at), owner);
      }),
    ),

  provides: (r) => [
    ...(r.fields.up === false ? [] : [slot.up(r.place, nameOf(r))]),
    ...(r.at.edge ? [slot.edge(r.at.edge as string)] : []),
    ...(r.at.lower ? [slot.link(r.place, nameOf(r))] : []),
  ],
  needs: groundOf,
  livesOn: groundOf,
  settled: true,
  holds: (r) => [slot.name(r.place, nameOf(r))],
  // A bridge comes up last: while it is up, each device that comes up floods its IPv6 DAD and MLD packets to all ports.
  after: (r) => [slot.defaults(r.place), ...(r.at.bridge ? [slot.edge(`${r.place}/${nameOf(r)}`)] : [])],
  flaps: (from, to) => (from.fields.up === true && to.fields.up === false ? [slot.up(to.place, nameOf(to))] : []),

  create: (to, born) =>
    set(
      to,
      Object.keys(to.fields).filter((field) => !born || born.fields[field] !== to.fields[field]),
    ),
  update: (_, to, fields) => set(to, fields),
  remove: (r) => [{ tool: "ip", place: r.place, args: ["link", "delete", "dev", nameOf(r)] }],
};

/** The kernel ends a VLAN, a macvlan and their like with the device below, in whatever namespace that is. */
function groundOf(r: Resource): Slot[] {
  const lower = r.at.lower as LinkRow["lower"];
  return lower ? [slot.link(lower.place, lower.name), slot.ns(r.place)] : [slot.link(r.place, nameOf(r))];
}

const fieldsOf = ({ mac, mtu, group, up, alias }: LinkRow): Resource["fields"] => ({
  mac,
  mtu,
  group,
  up,
  alias: alias ?? null,
});

/** For each veth end on either side of a port of a Linux bridge: that bridge, as `place/name`. */
function edgesOf(lab: Lab): Map<string, string> {
  const edges = new Map<string, string>();
  for (const { name: place, interfaces } of everyPlace(lab))
    for (const { name, port } of interfaces)
      if (port?.kind === "linux") edges.set(`${place}/${name}`, `${place}/${port.bridge}`);
  for (const { a, b } of lab.links)
    for (const [near, far] of [
      [a, b],
      [b, a],
    ] as const) {
      const edge = edges.get(`${near.place}/${near.name}`);
      const there = `${far.place}/${far.name}`;
      if (edge && !edges.has(there)) edges.set(there, edge);
    }
  return edges;
}
