// Linux bridges, on the host or in a namespace: bridge(8), ip-link(8) "type bridge".
import { asked, owned, type Resource } from "../core/resource.js";
import { groupOf } from "../topology/derive.js";
import { everyPlace, type Place } from "../topology/lab.js";
import { born } from "./born.js";
import type { Kind } from "./kind.js";
import * as slot from "./slots.js";
import { macFor } from "./takeover.js";

const resource = (place: Place, name: string, stp: boolean, rest: Resource["at"]): Resource => ({
  id: `bridge:${place}/${name}`,
  kind: "bridge",
  place,
  fields: { stp },
  at: { name, ...rest },
});

const nameOf = (r: Resource) => r.at.name as string;
const stpState = (r: Resource) => ["stp_state", r.fields.stp ? "1" : "0"];

export const bridge: Kind = {
  name: "bridge",
  about: "A Linux bridge.",
  fields: { stp: { about: "spanning tree protocol", way: "update", traffic: "flap" } },

  expand: (lab, facts) =>
    everyPlace(lab).flatMap(({ name: place, bridges, interfaces }) =>
      bridges
        .filter(({ kind }) => kind === "linux")
        .map(({ name, stp, origin }) => {
          const device = interfaces.find((one) => one.name === name);
          const at = { mac: macFor(device, facts) ?? null, group: groupOf(lab.name) };
          return asked(resource(place, name, stp, at), origin);
        }),
    ),

  read: (rows, { ownership }) =>
    rows.places.flatMap((place) =>
      (rows.link[place] ?? [])
        .filter(({ kind }) => kind === "bridge")
        .map(({ name, data, mac, group }) =>
          owned(resource(place, name, data.stp_state === 1, { mac, group }), ownership.link(place, name)),
        ),
    ),

  provides: (r) => [slot.link(r.place, nameOf(r)), slot.bridge(r.place, nameOf(r))],
  needs: (r) => [slot.ns(r.place)],
  livesOn: (r) => [slot.ns(r.place)],
  claims: (r) => [slot.name(r.place, nameOf(r))],
  after: (r) => [slot.defaults(r.place)],
  // Without an MTU: it follows the ports until `ip link set mtu` fixes it, so a declared one is always set.
  spawns: (r) => [born(r.place, nameOf(r), { group: r.at.group ?? null, mac: r.at.mac ?? null })],

  anyOrder: true,
  // A MAC of its own, else the bridge takes that of its lowest port and changes it as ports come and go.
  create: (r) => [
    {
      tool: "ip",
      place: r.place,
      args: [
        ...["link", "add", "name", nameOf(r)],
        ...(r.at.mac ? ["address", r.at.mac as string] : []),
        ...["group", String(r.at.group), "type", "bridge", ...stpState(r)],
      ],
    },
  ],
  update: (_, to) => [
    { tool: "ip", place: to.place, args: ["link", "set", "dev", nameOf(to), "type", "bridge", ...stpState(to)] },
  ],
  // Down first: one that is up loses its ports at half the speed, and all readers of links wait meanwhile.
  remove: (r) => [
    { tool: "ip", place: r.place, args: ["link", "set", "dev", nameOf(r), "down"] },
    { tool: "ip", place: r.place, args: ["link", "delete", "dev", nameOf(r)] },
  ],
};
