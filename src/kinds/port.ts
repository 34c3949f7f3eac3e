// A device's membership in a Linux bridge: bridge(8), ip-link(8) "type bridge_slave".
import { asked, type Command, owned, type Resource } from "../core/resource.js";
import { everyPlace, type Place } from "../topology/lab.js";
import type { Kind } from "./kind.js";
import * as slot from "./slots.js";

const resource = (place: Place, name: string, bridge: string, hairpin: boolean): Resource => ({
  id: `port:${place}/${name}`,
  kind: "port",
  place,
  fields: { bridge, hairpin },
  at: { name },
});

const nameOf = (r: Resource) => r.at.name as string;
const bridgeOf = (r: Resource) => r.fields.bridge as string;

const set = (r: Resource, ...words: string[]): Command => ({
  tool: "ip",
  place: r.place,
  args: ["link", "set", "dev", nameOf(r), ...words],
});
const enslave = (r: Resource) => set(r, "master", bridgeOf(r));
const hairpin = (r: Resource) => set(r, "type", "bridge_slave", "hairpin", r.fields.hairpin ? "on" : "off");

export const port: Kind = {
  name: "port",
  about: "A port of a Linux bridge.",
  fields: {
    bridge: { about: "the bridge that it is a port of", way: "update", traffic: "flap" },
    hairpin: { about: "frames may leave by the port they came in", way: "update", traffic: "none" },
  },

  expand: (lab) =>
    everyPlace(lab).flatMap(({ name: place, interfaces }) =>
      interfaces.flatMap(({ name, port }) =>
        port?.kind === "linux" ? [asked(resource(place, name, port.bridge, port.hairpin), port.origin)] : [],
      ),
    ),

  read: (rows, { ownership }) =>
    rows.places.flatMap((place) => {
      const bridges = new Set((rows.link[place] ?? []).filter(({ kind }) => kind === "bridge").map(({ name }) => name));
      return (rows.link[place] ?? []).flatMap(({ name, master, portData }) =>
        master && bridges.has(master)
          ? [owned(resource(place, name, master, portData.hairpin === true), ownership.link(place, name))]
          : [],
      );
    }),

  needs: (r) => [slot.link(r.place, nameOf(r)), slot.bridge(r.place, bridgeOf(r))],
  livesOn: (r) => [slot.link(r.place, nameOf(r)), slot.bridge(r.place, bridgeOf(r))],
  restored: () => true,

  // Two lines: the kernel knows a port's options only once it is a port.
  create: (r) => [enslave(r), ...(r.fields.hairpin ? [hairpin(r)] : [])],
  // Moving to another bridge resets the options of the port.
  update: (_, to, fields) =>
    fields.includes("bridge") ? [enslave(to), ...(to.fields.hairpin ? [hairpin(to)] : [])] : [hairpin(to)],
  remove: (r) => [set(r, "nomaster")],
};
