// veth pairs, the cables: veth(4). Both ends are born in their final namespaces, with their names, MACs and MTUs.
import { asked, type Json, type Owner, owned, type Resource } from "../core/resource.js";
import { groupOf } from "../topology/derive.js";
import { everyPlace, HOST, type Lab, type Place } from "../topology/lab.js";
import { born, USUAL_MTU } from "./born.js";
import type { Kind } from "./kind.js";
import { isLent } from "./ownership.js";
import type { LinkRow } from "./rows.js";
import * as slot from "./slots.js";

interface End {
  [key: string]: Json;
  place: Place;
  name: string;
  mac: string | null;
  mtu: number | null;
}

const ends = (r: Resource): End[] => [r.at.a as End, r.at.b as End].filter((end) => end !== null);

function resource(a: End, b: End | null, group: number): Resource {
  const far = b ? `${b.place}/${b.name}` : "?";
  return { id: `veth:${a.place}/${a.name}~${far}`, kind: "veth", place: a.place, fields: {}, at: { a, b, group } };
}

export const veth: Kind = {
  name: "veth",
  about: "A veth pair, made with both ends in their final namespaces.",
  fields: {},

  expand: (lab) => {
    const find = endFinder(lab);
    const group = groupOf(lab.name);
    return lab.links.map((link) => {
      const [a, b] = order(find(link.a.place, link.a.name), find(link.b.place, link.b.name));
      return asked(resource(a, b, group), link.origin);
    });
  },

  read: (rows, { ownership }) => {
    const found = new Map<string, Resource>();
    const links = new Map<Place, Map<string, LinkRow>>();
    const linkAt = (place: Place, name: string) => {
      const known = links.get(place) ?? new Map((rows.link[place] ?? []).map((row) => [row.name, row]));
      links.set(place, known);
      return known.get(name);
    };
    for (const place of rows.places)
      for (const row of rows.link[place] ?? []) {
        if (row.kind !== "veth") continue;
        const far = row.peer ? linkAt(row.peer.place, row.peer.name) : undefined;
        // An interface that the machine has lent is no cable of ours, whatever sort of device it is.
        if (isLent(place, row.name, rows) || (row.peer && isLent(row.peer.place, row.peer.name, rows))) continue;
        const [a, b] = order(liveEnd(place, row), far && row.peer ? liveEnd(row.peer.place, far) : null);
        const r = resource(a, b, row.group);
        const owners = [ownership.link(a.place, a.name), b ? ownership.link(b.place, b.name) : "none"];
        found.set(r.id, owned(r, ownerOfPair(owners as Owner[])));
      }
    return [...found.values()];
  },

  provides: (r) => ends(r).map((end) => slot.link(end.place, end.name)),
  needs: (r) => ends(r).map((end) => slot.ns(end.place)),
  livesOn: (r) => ends(r).map((end) => slot.ns(end.place)),
  claims: (r) => ends(r).map((end) => slot.name(end.place, end.name)),
  after: (r) => ends(r).map((end) => slot.defaults(end.place)),
  lingers: true,
  anyOrder: true,
  spawns: (r) =>
    ends(r).map(({ place, name, mac, mtu }) =>
      born(place, name, { group: r.at.group ?? null, mac, mtu: mtu ?? USUAL_MTU }),
    ),

  create: (r) => {
    const [a, b] = [r.at.a as End, r.at.b as End];
    const shape = ({ place, name, mac, mtu }: End) => [
      ...["name", name, ...(place === HOST ? [] : ["netns", place])],
      ...(mac ? ["address", mac] : []),
      ...(mtu ? ["mtu", String(mtu)] : []),
      ...["group", String(r.at.group)],
    ];
    return [{ tool: "ip", place: HOST, args: ["link", "add", ...shape(a), "type", "veth", "peer", ...shape(b)] }];
  },
  update: () => [],
  remove: (r) => {
    const { place, name } = r.at.a as End;
    return [{ tool: "ip", place, args: ["link", "delete", "dev", name] }];
  },
};

/** A pair is ours when one of its ends is and the other is no other lab's. */
function ownerOfPair(owners: Owner[]): Owner {
  return owners.find((owner) => typeof owner === "object") ?? (owners.includes("lab") ? "lab" : "none");
}

const liveEnd = (place: Place, { name, mac, mtu }: LinkRow): End => ({ place, name, mac, mtu });

/** By place and name, so that a pair has one id from whichever end it is seen. */
function order(a: End, b: End | null): [End, End | null] {
  const key = ({ place, name }: End) => `${place}/${name}`;
  return b && key(b) < key(a) ? [b, a] : [a, b];
}

function endFinder(lab: Lab): (place: Place, name: string) => End {
  const all = new Map<string, End>();
  for (const { name: place, interfaces } of everyPlace(lab))
    for (const { name, mac, mtu } of interfaces)
      all.set(`${place}/${name}`, { place, name, mac: mac ?? null, mtu: mtu ?? null });
  return (place, name) => all.get(`${place}/${name}`) ?? { place, name, mac: null, mtu: null };
}
