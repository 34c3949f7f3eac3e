// Ports of Open vSwitch bridges: the host's ends of veth pairs, and internal ports, which make a device of their own.
import type { Resource } from "../core/resource.js";
import { everyPlace, HOST, type Interface, type Place } from "../topology/lab.js";
import type { Kind, Reading } from "./kind.js";
import { markedOwner, remark } from "./ovs-bridge.js";
import type { Ownership } from "./ownership.js";
import type { OvsRows, Rows } from "./rows.js";
import * as slot from "./slots.js";

const resource = (name: string, fields: Resource["fields"], at: Resource["at"]): Resource => ({
  id: `ovs-port:${name}`,
  kind: "ovs-port",
  place: HOST,
  fields,
  at: { name, ...at },
});

const nameOf = (r: Resource) => r.at.name as string;
const isInternal = (r: Resource) => r.fields.type === "internal";
const clause = (...args: string[]) => ({ tool: "ovs-vsctl", place: HOST, args });

export const ovsPort: Kind = {
  name: "ovs-port",
  about: "A port of an Open vSwitch bridge: the host's end of a veth pair, or an internal port.",
  fields: {
    bridge: { about: "the bridge that it is a port of", way: "replace", traffic: "rebuild" },
    type: { about: "`system` for a device that is there, or `internal`", way: "replace", traffic: "rebuild" },
    device: {
      about: "where its device is; a port whose device died stays in the database",
      way: "replace",
      traffic: "rebuild",
    },
    tag: { about: "access VLAN", way: "update", traffic: "flap" },
    trunks: { about: "VLANs that a trunk carries", way: "update", traffic: "flap" },
    mark: { about: "external_ids:netlab, the lab's name", way: "update", traffic: "none" },
    vlan_mode: { about: "never set by netlab: it follows from tag and trunks", way: "update", traffic: "flap" },
  },

  expand: (lab) =>
    everyPlace(lab).flatMap(({ name: place, interfaces, uplinks }) =>
      [...interfaces, ...uplinks].flatMap((device) =>
        device.port?.kind === "ovs" ? [wanted(place, device, lab.name)] : [],
      ),
    ),

  sources: () => [{ rows: "ovs" }],
  read: (rows, reading) =>
    rows.ovs ? rows.ovs.bridges.flatMap((bridge) => portsOf(bridge, rows.ovs!, rows, reading)) : [],

  provides: (r) => [
    slot.ovs(nameOf(r)),
    ...(isInternal(r) ? [slot.ovsDevice(nameOf(r))] : []),
    ...(isInternal(r) && r.at.place === HOST ? [slot.link(HOST, nameOf(r))] : []),
  ],
  // A system port does not die with its device: it is deleted before it, or it stays in the database for ever. One of the
  // machine's own interfaces has nothing to wait for.
  needs: (r) => [
    slot.ovs(r.fields.bridge as string),
    ...(isInternal(r) || r.at.given ? [] : [slot.link(HOST, nameOf(r))]),
  ],
  livesOn: (r) => [slot.ovs(r.fields.bridge as string)],
  claims: (r) => [slot.ovs(nameOf(r)), ...(isInternal(r) ? [slot.name(HOST, nameOf(r))] : [])],
  after: (r) => (isInternal(r) ? [slot.defaults(r.at.place as string)] : []),
  lingers: true,
  atomic: true,
  spawns: (r) => (isInternal(r) && r.at.place === HOST ? [born(r, HOST)] : []),

  create: (r) => [
    clause("add-port", r.fields.bridge as string, nameOf(r), ...vlan(r)),
    clause("set", "Interface", nameOf(r), `external_ids:netlab=${r.fields.mark}`, ...typeOf(r)),
    clause("set", "Port", nameOf(r), `external_ids:netlab=${r.fields.mark}`),
  ],
  update: (from, to, fields) => [
    ...(fields.includes("mark") ? [remark("Port", to)] : []),
    ...fields
      .filter((field) => field !== "mark" && to.fields[field] === null)
      .map((field) => clause("clear", "Port", nameOf(from), field)),
    ...(vlan(to).length ? [clause("set", "Port", nameOf(to), ...vlan(to))] : []),
  ],
  remove: (r) => [clause("--if-exists", "del-port", r.fields.bridge as string, nameOf(r))],
};

function wanted(
  place: Place,
  { name, port, made, mac, mtu }: Pick<Interface, "name" | "port"> & Partial<Interface>,
  lab: string,
): Resource {
  const internal = made === "internal";
  const fields = {
    bridge: port!.bridge,
    type: internal ? "internal" : "system",
    device: place,
    tag: port!.tag ?? null,
    trunks: port!.trunks ?? null,
    vlan_mode: null,
    mark: lab,
  };
  return {
    ...resource(name, fields, { place, mac: mac ?? null, mtu: mtu ?? null, given: made === undefined }),
    origin: port!.origin,
  };
}

/** The device as it is when the port was just made, or moved. */
export const born = (r: Resource, place: Place): Resource => ({
  id: `interface:${place}/${nameOf(r)}`,
  kind: "interface",
  place,
  fields: { up: false, alias: null, group: 0, mac: r.at.mac ?? null, mtu: r.at.mtu ?? 1500 },
  at: { name: nameOf(r) },
  owner: "lab",
});

function portsOf(
  bridge: OvsRows["bridges"][number],
  ovs: OvsRows,
  rows: Rows,
  { lab, ownership }: Reading,
): Resource[] {
  return ovs.ports
    .filter(({ name }) => bridge.ports.includes(name) && name !== bridge.name)
    .map((port) => {
      const device = ovs.interfaces.find(({ name }) => name === port.name);
      const type = device?.type === "internal" ? "internal" : device?.type || "system";
      const place = whereIs(port.name, type, rows, ownership);
      const fields = {
        bridge: bridge.name,
        type,
        device: place,
        tag: port.tag,
        trunks: port.trunks.length ? [...port.trunks].sort((a, b) => a - b) : null,
        vlan_mode: port.vlan_mode,
        mark: port.external_ids.netlab ?? null,
      };
      const at = {
        place: place ?? HOST,
        mac: device?.mac ?? null,
        mtu: device?.mtu_request ?? null,
      };
      return { ...resource(port.name, fields, at), owner: markedOwner(port.external_ids, lab) };
    });
}

/** Devices of internal ports are of kind `openvswitch` on the kernel datapath, `tun` on the userspace one. */
function whereIs(name: string, type: string, rows: Rows, ownership: Ownership): Place | null {
  const here = (place: Place, kinds?: string[]) =>
    rows.link[place]?.some((link) => link.name === name && (!kinds || kinds.includes(link.kind ?? "")));
  if (type !== "internal") return here(HOST) ? HOST : null;
  const inside = rows.places.filter(
    (place) => ownership.place(place) === "lab" || ownership.link(place, name) === "lab",
  );
  return [HOST, ...inside].find((place) => here(place, ["openvswitch", "tun"])) ?? null;
}

const vlan = (r: Resource) => [
  ...(typeof r.fields.tag === "number" ? [`tag=${r.fields.tag}`] : []),
  ...(Array.isArray(r.fields.trunks) ? [`trunks=${r.fields.trunks.join(",")}`] : []),
];

/** The MAC and the MTU go with the request: both are set before the device can be moved. */
const typeOf = (r: Resource) =>
  isInternal(r)
    ? ["type=internal", ...(r.at.mac ? [`mac="${r.at.mac}"`] : []), ...(r.at.mtu ? [`mtu_request=${r.at.mtu}`] : [])]
    : [];
