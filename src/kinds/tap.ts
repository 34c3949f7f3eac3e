// Persistent tap devices, to which a virtual machine or another program attaches: ip-tuntap(8), networking/tuntap.rst.
import { asked, type Command, owned, type Resource } from "../core/resource.js";
import { groupOf } from "../topology/derive.js";
import { everyPlace, type Place, type Tap } from "../topology/lab.js";
import { born, USUAL_MTU } from "./born.js";
import type { Kind } from "./kind.js";
import type { LinkRow } from "./rows.js";
import * as slot from "./slots.js";

const resource = (place: Place, name: string, { owner, vnetHdr, multiQueue }: Tap): Resource => ({
  id: `tap:${place}/${name}`,
  kind: "tap",
  place,
  fields: { owner, vnet_hdr: vnetHdr, multi_queue: multiQueue },
  at: { name },
});

const nameOf = (r: Resource) => r.at.name as string;

export const tap: Kind = {
  name: "tap",
  about: "A persistent tap device, for a virtual machine or another program to attach to.",
  fields: {
    owner: { about: "the user who may attach without being root", way: "replace", traffic: "rebuild" },
    vnet_hdr: { about: "frames come with a virtio header", way: "replace", traffic: "rebuild" },
    multi_queue: { about: "it can be opened once for each queue", way: "replace", traffic: "rebuild" },
  },

  expand: (lab) =>
    everyPlace(lab).flatMap(({ name: place, interfaces }) =>
      interfaces.flatMap(({ name, tap: options, mac, mtu, origin }) => {
        if (!options) return [];
        const at = { name, mac: mac ?? null, mtu: mtu ?? null, group: groupOf(lab.name) };
        return [asked({ ...resource(place, name, options), at }, origin)];
      }),
    ),

  sources: () => [{ rows: "ovs" }],
  read: (rows, { ownership }) => {
    // The userspace datapath of Open vSwitch makes its internal ports as taps, which are not ours to attach to.
    const internal = new Set(rows.ovs?.interfaces.flatMap(({ name, type }) => (type === "internal" ? [name] : [])));
    return rows.places.flatMap((place) =>
      (rows.link[place] ?? [])
        .filter((row) => isTap(row) && !internal.has(row.name))
        .map((row) => owned(resource(place, row.name, optionsOf(row)), ownership.link(place, row.name))),
    );
  },

  provides: (r) => [slot.link(r.place, nameOf(r))],
  needs: (r) => [slot.ns(r.place)],
  livesOn: (r) => [slot.ns(r.place)],
  claims: (r) => [slot.name(r.place, nameOf(r))],
  after: (r) => [slot.defaults(r.place)],
  spawns: (r) => {
    const { group = null, mac = null, mtu } = r.at;
    return [born(r.place, nameOf(r), { group, mac, mtu: mtu ?? USUAL_MTU })];
  },
  anyOrder: true,
  // It is born without a mark: the group comes with the second line.
  note: (action, r) => (action === "create" ? { devices: [`${r.place}/${nameOf(r)}`] } : undefined),

  create: (r) => {
    const { owner, vnet_hdr, multi_queue } = r.fields;
    const { mac, mtu, group } = r.at;
    const options = [...(vnet_hdr ? ["vnet_hdr"] : []), ...(multi_queue ? ["multi_queue"] : [])];
    const shape = [
      ...(mac ? ["address", String(mac)] : []),
      ...(mtu ? ["mtu", String(mtu)] : []),
      ...["group", String(group ?? 0)],
    ];
    return [
      ip(r, "tuntap", "add", "dev", nameOf(r), "mode", "tap", ...(owner ? ["user", String(owner)] : []), ...options),
      ip(r, "link", "set", "dev", nameOf(r), ...shape),
    ];
  },
  update: () => [],
  remove: (r) => [ip(r, "link", "delete", "dev", nameOf(r))],
};

const ip = (r: Resource, ...args: string[]): Command => ({ tool: "ip", place: r.place, args });

/** netlab's have an owner; a tap that a running program has made for itself usually has none, and ends with it. */
const isTap = ({ kind, data }: LinkRow) =>
  kind === "tun" && data.type === "tap" && data.persist === true && data.user !== undefined;

const optionsOf = ({ data }: LinkRow): Tap => ({
  owner: String(data.user),
  vnetHdr: data.vnet_hdr === true,
  multiQueue: data.multi_queue === true,
});
