// Ports of Open vSwitch bridges: the host's ends of veth pairs, and internal ports, which make a device of their own.
import { asked, ofKind, owned, type Resource } from "../core/resource.js";
import { everyPlace, HOST, type Interface, type Place } from "../topology/lab.js";
import { born } from "./born.js";
import type { Kind, Reading } from "./kind.js";
import { clause, markedOwner, remark, requestMtu } from "./ovs-bridge.js";
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
/** A device as the port made it, which is to be in a namespace. */
const UNPLACED = "host (not moved yet)";
const isInternal = (r: Resource) => r.fields.type === "internal";

export const ovsPort: Kind = {
  name: "ovs-port",
  about: "A port of an Open vSwitch bridge: the host's end of a veth pair, or an internal port.",
  fields: {
    bridge: { about: "the bridge that it is a port of", way: "replace", traffic: "rebuild" },
    type: { about: "`system` for a device that is there, or `internal`", way: "replace", traffic: "rebuild" },
    device: {
      about: "where its device is; a port whose device died stays in the database",
      // The move is a step of its own.
      way: (from) => (from === UNPLACED ? "update" : "replace"),
      traffic: "rebuild",
    },
    mac: { about: "MAC address that is asked for its device (internal)", way: "update", traffic: "flap" },
    mtu: { about: "mtu_request of its device (internal)", way: "update", traffic: "none" },
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
  read: (rows, reading) => {
    if (!rows.ovs) return [];
    const devices = new Map(rows.ovs.interfaces.map((one) => [one.name, one]));
    const places = devicePlaces(rows.ovs, rows, reading);
    const bridges = new Map(rows.ovs.bridges.flatMap(({ name, ports }) => ports.map((port) => [port, name])));
    return rows.ovs.ports.flatMap((port) => {
      const bridge = bridges.get(port.name);
      if (bridge === undefined || bridge === port.name) return [];
      return [found(bridge, port, devices.get(port.name), places.get(port.name) ?? null, reading.lab)];
    });
  },

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
  spawns: (r) => (isInternal(r) && r.at.place === HOST ? [device(r)] : []),

  create: (r) => [
    clause("add-port", r.fields.bridge as string, nameOf(r), ...vlan(r)),
    clause("set", "Interface", nameOf(r), `external_ids:netlab=${r.fields.mark}`, ...typeOf(r)),
    clause("set", "Port", nameOf(r), `external_ids:netlab=${r.fields.mark}`),
  ],
  update: (from, to, fields) => [
    ...(fields.includes("mark") ? [remark("Port", to)] : []),
    ...(fields.includes("mac") ? [remac(to)] : []),
    ...(fields.includes("mtu") ? [requestMtu(to)] : []),
    ...fields
      .filter((field) => PORT.includes(field) && to.fields[field] === null)
      .map((field) => clause("clear", "Port", nameOf(from), field)),
    ...(vlan(to).length && fields.some((field) => PORT.includes(field))
      ? [clause("set", "Port", nameOf(to), ...vlan(to))]
      : []),
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
    ...(internal && { mac: mac ?? null, mtu: mtu ?? null }),
    mark: lab,
  };
  return asked(resource(name, fields, { place, given: made === undefined }), port!.origin);
}

const device = (r: Resource): Resource =>
  born(HOST, nameOf(r), { group: 0, mac: r.fields.mac ?? null, ...(r.fields.mtu && { mtu: r.fields.mtu }) });

function found(
  bridge: string,
  port: OvsRows["ports"][number],
  row: OvsRows["interfaces"][number] | undefined,
  device: Place | typeof UNPLACED | null,
  lab: string,
): Resource {
  const fields = {
    bridge,
    type: row?.type || "system",
    device,
    tag: port.tag,
    trunks: port.trunks.length ? [...port.trunks].sort((a, b) => a - b) : null,
    vlan_mode: port.vlan_mode,
    mac: row?.mac ?? null,
    mtu: row?.mtu_request ?? null,
    mark: port.external_ids.netlab ?? null,
  };
  const at = { place: device === UNPLACED ? HOST : (device ?? HOST) };
  return owned(resource(port.name, fields, at), markedOwner(port.external_ids, lab));
}

/**
 * Where the device of each port is. Those of internal ports, of kind `openvswitch` on the kernel datapath and `tun` on the
 * userspace one, are looked for in the namespaces of the lab too.
 */
function devicePlaces(ovs: OvsRows, rows: Rows, { ownership, desired }: Reading): Map<string, Place | typeof UNPLACED> {
  const moving = new Set(ofKind(desired, "placement").map(({ at }) => at.name));
  const internal = new Map(ovs.interfaces.map(({ name, type }) => [name, type === "internal"]));
  const found = new Map<string, Place | typeof UNPLACED>();
  for (const place of [HOST, ...rows.places.filter((one) => one !== HOST)])
    for (const { name, kind, alias } of rows.link[place] ?? []) {
      if (found.has(name) || !internal.has(name)) continue;
      const isOurs = () => ownership.place(place) === "lab" || ownership.link(place, name) === "lab";
      const isDevice = internal.get(name)
        ? (kind === "openvswitch" || kind === "tun") && (place === HOST || isOurs())
        : place === HOST;
      const isUnplaced = place === HOST && internal.get(name) && moving.has(name) && alias === undefined;
      if (isDevice) found.set(name, isUnplaced ? UNPLACED : place);
    }
  return found;
}

/** Columns of the table Port. */
const PORT = ["tag", "trunks", "vlan_mode"];

const vlan = (r: Resource) => [
  ...(typeof r.fields.tag === "number" ? [`tag=${r.fields.tag}`] : []),
  ...(Array.isArray(r.fields.trunks) ? [`trunks=${r.fields.trunks.join(",")}`] : []),
];

const remac = (r: Resource) =>
  r.fields.mac ? clause("set", "Interface", nameOf(r), ...macOf(r)) : clause("clear", "Interface", nameOf(r), "mac");

const macOf = (r: Resource) => (r.fields.mac ? [`mac="${r.fields.mac}"`] : []);

/** The MAC and the MTU go with the request: both are set before the device can be moved. */
const typeOf = (r: Resource) =>
  isInternal(r) ? ["type=internal", ...macOf(r), ...(r.fields.mtu ? [`mtu_request=${r.fields.mtu}`] : [])] : [];
