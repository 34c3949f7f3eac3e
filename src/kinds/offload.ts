// Transmit checksum offload at the far end of a veth port of a userspace OVS bridge: ethtool(8).
// With it on, TCP segments reach the userspace datapath without a checksum and are dropped, while ping works.
import { asked, ofKind, owned, type Resource } from "../core/resource.js";
import { everyPlace, type Lab, type Place } from "../topology/lab.js";
import type { Kind } from "./kind.js";
import type { Facts } from "./rows.js";
import * as slot from "./slots.js";

const resource = (place: Place, name: string, tx: "on" | "off"): Resource => ({
  id: `offload:${place}/${name}`,
  kind: "offload",
  place,
  fields: { tx },
  at: { name },
});

const nameOf = (r: Resource) => r.at.name as string;
const ethtool = (r: Resource, state: string) => ({
  tool: "ethtool",
  place: r.place,
  args: ["-K", nameOf(r), "tx", state],
});

export const offload: Kind = {
  name: "offload",
  about: "Transmit checksum offload, off at the far end of each veth port of a userspace OVS bridge.",
  fields: { tx: { about: "tx-checksumming", way: "update", traffic: "none" } },

  expand: (lab, facts) =>
    farEnds(lab, facts).map(({ place, name, origin }) => asked(resource(place, name, "off"), origin)),

  sources: (desired) =>
    [...new Set(ofKind(desired, "offload").map(({ place }) => place))].map((place) => ({
      rows: "offload" as const,
      place,
    })),

  // Only what is off is a resource: a device is born with it on.
  read: (rows, { desired }) =>
    Object.entries(rows.offload).flatMap(([place, on]) =>
      (rows.link[place] ?? [])
        .filter(({ name }) => `offload:${place}/${name}` in desired && !on.includes(name))
        .map(({ name }) => owned(resource(place, name, "off"), "lab")),
    ),

  needs: (r) => [slot.link(r.place, nameOf(r))],
  livesOn: (r) => [slot.link(r.place, nameOf(r))],

  create: (r) => [ethtool(r, "off")],
  update: (_, to) => [ethtool(to, "off")],
  remove: (r) => [ethtool(r, "on")],
};

function farEnds(lab: Lab, facts: Facts) {
  const userspace = new Set(
    lab.host.bridges
      .filter(
        ({ kind, datapath }) =>
          kind === "ovs" && (datapath === "userspace" || (datapath === "auto" && !facts.ovsKernelDatapath)),
      )
      .map(({ name }) => name),
  );
  const ports = new Set<string>();
  for (const { name: place, interfaces } of everyPlace(lab))
    for (const { name, port } of interfaces)
      if (port?.kind === "ovs" && userspace.has(port.bridge)) ports.add(`${place}/${name}`);
  return lab.links.flatMap(({ a, b }) =>
    (
      [
        [a, b],
        [b, a],
      ] as const
    ).flatMap(([near, far]) => {
      const key = `${far.place}/${far.name}`;
      return ports.has(`${near.place}/${near.name}`) && !ports.has(key) ? [far] : [];
    }),
  );
}
