// An interface of the host in a namespace of the lab: it is moved there, and goes back to the host: ip-link(8) "netns".
import { asked, type Command, owned, type Resource } from "../core/resource.js";
import { groupOf } from "../topology/derive.js";
import { HOST, type Place } from "../topology/lab.js";
import type { Kind } from "./kind.js";
import type { UplinkRow } from "./rows.js";
import * as slot from "./slots.js";
import { borrowed } from "./takeover.js";
import { attributeWords, movable } from "./uplink-words.js";

interface At {
  name: string;
  group: number;
  /** How it was on the host; null where there is no such interface. */
  things: UplinkRow | null;
}

const resource = (place: Place, at: At): Resource => ({
  id: `loan:${place}/${at.name}`,
  kind: "loan",
  place,
  fields: {},
  at: at as unknown as Resource["at"],
});

const atOf = (r: Resource) => r.at as unknown as At;

export const loan: Kind = {
  name: "loan",
  about: "An interface of the host that is in a namespace of the lab, as long as the lab wants it there.",
  fields: {},

  expand: (lab, facts) =>
    borrowed(lab).map(({ place, name, origin }) => {
      const row = facts.uplinks?.[name];
      return asked(resource(place, { name, group: groupOf(lab.name), things: row ? movable(row) : null }), origin);
    }),

  // That it has come there by the lab is in the journal.
  read: (rows, { lab }) =>
    Object.entries(rows.journal.uplinks).flatMap(([name, { namespace, lab: owner, ...things }]) => {
      if (!namespace || !rows.link[namespace]?.some((link) => link.name === name)) return [];
      const r = resource(namespace, { name, group: groupOf(owner), things });
      return [owned(r, owner === lab ? "lab" : { lab: owner })];
    }),

  provides: (r) => [slot.link(r.place, atOf(r).name)],
  // It does not live on the namespace: it goes home before that ends.
  // And what it loses on the host is written again when it is back.
  needs: (r) => [
    slot.ns(r.place),
    slot.taken(atOf(r).name),
    ...(Object.keys(atOf(r).things?.settings ?? {}).length > 0 ? [slot.settings(HOST, atOf(r).name)] : []),
  ],
  claims: (r) => [slot.name(r.place, atOf(r).name)],
  after: (r) => [slot.defaults(r.place)],
  spawns: (r) => [
    {
      id: `interface:${r.place}/${atOf(r).name}`,
      kind: "interface",
      place: r.place,
      fields: {
        ...{ up: false, alias: null, group: atOf(r).group },
        ...{ mac: atOf(r).things?.mac ?? null, mtu: atOf(r).things?.mtu ?? null },
      },
      at: { name: atOf(r).name },
      owner: "lab",
    },
  ],

  create: (r) => [set(r, HOST, "group", String(atOf(r).group), "netns", r.place)],
  update: () => [],
  // The namespace of process 1 is the host's.
  remove: (r) => {
    const { things } = atOf(r);
    return [...(things ? [set(r, r.place, "down", ...attributeWords(things))] : []), set(r, r.place, "netns", "1")];
  },
};

const set = (r: Resource, place: Place, ...words: string[]): Command => ({
  tool: "ip",
  place,
  args: ["link", "set", "dev", atOf(r).name, ...words],
});
