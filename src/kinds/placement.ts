// The move of an OVS internal port's device into its namespace: ip-link(8) "netns".
import { asked, owned, type Resource } from "../core/resource.js";
import { everyPlace, HOST, type Place } from "../topology/lab.js";
import { born } from "./born.js";
import type { Kind } from "./kind.js";
import type { LinkRow } from "./rows.js";
import * as slot from "./slots.js";

const resource = (place: Place, name: string, alive: boolean): Resource => ({
  id: `placement:${place}/${name}`,
  kind: "placement",
  place,
  fields: { alive },
  at: { name, place, mac: null, mtu: null },
});

const nameOf = (r: Resource) => r.at.name as string;

/** On the userspace datapath a tap without a user, unlike a lab's own taps. */
const isOfOvs = ({ kind, data }: LinkRow) => kind === "openvswitch" || (kind === "tun" && data.user === undefined);

export const placement: Kind = {
  name: "placement",
  about: "The device of an OVS internal port, in its namespace.",
  fields: {
    alive: {
      about: "it is the device that ovs-vswitchd serves: after a restart of the userspace datapath the old one is dead",
      way: "replace",
      traffic: "rebuild",
    },
  },

  expand: (lab) =>
    everyPlace(lab).flatMap(({ name: place, interfaces }) =>
      interfaces.flatMap(({ name, made, mac, mtu, origin }) => {
        if (made !== "internal" || place === HOST) return [];
        const r = resource(place, name, true);
        return [asked({ ...r, at: { ...r.at, mac: mac ?? null, mtu: mtu ?? null } }, origin)];
      }),
    ),

  sources: () => [{ rows: "ovs" }],

  read: (rows, { desired, ownership }) => {
    const internal = new Set(
      (rows.ovs?.interfaces ?? []).filter(({ type }) => type === "internal").map(({ name }) => name),
    );
    const isDevice = (link: LinkRow) => internal.has(link.name) && isOfOvs(link);
    // What ovs-vswitchd has left where its database was made anew: nothing in there names it.
    const isLeft = (place: Place, link: LinkRow) =>
      `placement:${place}/${link.name}` in desired && isOfOvs(link) && ownership.link(place, link.name) === "lab";
    const atHome = new Set((rows.link[HOST] ?? []).filter(isDevice).map(({ name }) => name));
    return rows.places
      .filter((place) => place !== HOST && ownership.place(place) === "lab")
      .flatMap((place) =>
        (rows.link[place] ?? [])
          .filter((link) => isDevice(link) || isLeft(place, link))
          .map((link) => owned(resource(place, link.name, isDevice(link) && !atHome.has(link.name)), "lab")),
      );
  },

  provides: (r) => [slot.link(r.place, nameOf(r))],
  needs: (r) => [slot.ovsDevice(nameOf(r)), slot.ns(r.place)],
  // A dead one stays when its port goes.
  livesOn: (r) => [...(r.fields.alive ? [slot.ovsDevice(nameOf(r))] : []), slot.ns(r.place)],
  claims: (r) => [slot.name(r.place, nameOf(r))],
  spawns: ({ place, at }) => [
    born(place, at.name as string, { group: 0, mac: at.mac ?? null, ...(at.mtu && { mtu: at.mtu }) }),
  ],

  create: (r) => [{ tool: "ip", place: HOST, args: ["link", "set", "dev", nameOf(r), "netns", r.place] }],
  update: () => [],
  remove: (r) => [{ tool: "ip", place: r.place, args: ["link", "delete", "dev", nameOf(r)] }],
};
