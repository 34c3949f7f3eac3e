// The topology as boxes and lines: places, their bridges, and the cables between them.
import { HOST, type Interface, type Lab, type Namespace } from "../topology/lab.js";

export interface Node {
  id: string;
  shape: "place" | "linux" | "ovs" | "tap" | "card";
  /** Lines of its label. */
  label: string[];
}

/** A namespace or the host, with what is in it. */
export interface Cluster {
  id: string;
  title: string;
  nodes: Node[];
}

export interface Edge {
  a: string;
  b: string;
  /** Lines at either end. */
  labelA: string[];
  labelB: string[];
  /** No cable: an internal port of an Open vSwitch bridge, a tap device, an interface of the machine. */
  internal: boolean;
}

export interface Graph {
  name: string;
  clusters: Cluster[];
  edges: Edge[];
}

export function graphOf(lab: Lab): Graph {
  const places = [...lab.namespaces, lab.host];
  const devices = new Map(
    places.flatMap((place) => place.interfaces.map((one) => [`${place.name}/${one.name}`, one] as const)),
  );
  const cables = lab.links.map(({ a, b }): Edge => {
    const [near, far] = [devices.get(`${a.place}/${a.name}`), devices.get(`${b.place}/${b.name}`)];
    return {
      a: nodeOf(a.place, near),
      b: nodeOf(b.place, far),
      labelA: end(a.name, near),
      labelB: end(b.name, far),
      internal: false,
    };
  });
  const internal = places.flatMap(({ name, interfaces }) =>
    interfaces
      .filter(({ made, port }) => made === "internal" && port)
      .map(
        (one): Edge => ({
          ...{
            a: nodeId(name),
            b: nodeId(HOST, one.port!.bridge),
            labelA: end(one.name, one),
            labelB: [],
            internal: true,
          },
        }),
      ),
  );
  const edges = [...cables, ...internal, ...places.flatMap(plugs)];
  const used = new Set(edges.flatMap(({ a, b }) => [a, b]));
  const clusters = places.map((place) => clusterOf(place, used)).filter(({ nodes }) => nodes.length > 0);
  return { name: lab.name, clusters, edges };
}

/** Tap devices, and interfaces of the machine: each is a node of its own. */
function plugs({ name: place, interfaces, uplinks }: Namespace): Edge[] {
  const plug = (name: string, b: string): Edge => ({
    ...{ a: nodeId(place, name), b, labelA: [], labelB: [], internal: true },
  });
  return [
    ...interfaces.flatMap((one) => (isPlug(one) ? [plug(one.name, nodeOf(place, one))] : [])),
    ...uplinks.map(({ name, port }) => plug(name, nodeId(HOST, port.bridge))),
  ];
}

const isPlug = ({ made }: Interface): boolean => made === "tap" || made === "existing";

function plugNodes({ name: place, interfaces, uplinks }: Namespace): Node[] {
  const card = (name: string, more: string[]): Node => ({
    ...{ id: nodeId(place, name), shape: "card", label: [name, "interface of the machine", ...more] },
  });
  return [
    ...interfaces.flatMap((one): Node[] =>
      one.made === "tap"
        ? [{ id: nodeId(place, one.name), shape: "tap", label: [one.name, "tap", ...addresses(one)] }]
        : one.made === "existing"
          ? [card(one.name, addresses(one))]
          : [],
    ),
    ...uplinks.map(({ name }) => card(name, [])),
  ];
}

function clusterOf(place: Namespace, used: Set<string>): Cluster {
  const bridges = place.bridges.map((bridge): Node => {
    const device = place.interfaces.find(({ name }) => name === bridge.name);
    const kind = bridge.kind === "ovs" ? "Open vSwitch bridge" : "bridge";
    return {
      id: nodeId(place.name, bridge.name),
      shape: bridge.kind,
      label: [bridge.name, kind, ...addresses(device)],
    };
  });
  const self: Node = { id: nodeId(place.name), shape: "place", label: [place.name, ...traits(place)] };
  const shown = place.name !== HOST || used.has(self.id) || traits(place).length > 0;
  return { id: `in_${self.id}`, title: place.name, nodes: [...(shown ? [self] : []), ...bridges, ...plugNodes(place)] };
}

function traits({ forwarding, nat, interfaces, services }: Namespace): string[] {
  // That an interface asks by DHCP is said there.
  const programs = services.filter(({ command }) => command[3] !== "dhcp-client");
  const lo = interfaces.find(({ name }) => name === "lo");
  return [
    ...addresses(lo),
    ...(forwarding.ipv4 || forwarding.ipv6 ? ["forwarding"] : []),
    ...(nat?.masquerade.length ? ["masquerade"] : []),
    ...(programs.length > 0 ? [`runs ${programs.map(({ name }) => name).join(", ")}`] : []),
    ...(nat?.forward ?? []).map(({ address, port, to, toPort }) =>
      port ? `:${port} to ${bracketed(to)}:${toPort ?? port}` : `${address ?? ""} to ${to}`.trim(),
    ),
  ];
}

/** An end at a bridge is drawn at the bridge, any other at its place. */
const nodeOf = (place: string, device: Interface | undefined): string =>
  device?.port ? nodeId(device.port.kind === "ovs" ? HOST : place, device.port.bridge) : nodeId(place);

function end(name: string, device: Interface | undefined): string[] {
  const { tag, trunks } = device?.port ?? {};
  const vlan = tag !== undefined ? [`VLAN ${tag}`] : trunks?.length ? [`VLANs ${trunks.join(", ")}`] : [];
  return [name, ...addresses(device), ...vlan];
}

const addresses = (device: Interface | undefined): string[] => [
  ...(device?.dhcp ? ["DHCP"] : []),
  ...(device?.addresses ?? []).map(({ address, prefix }) => `${address}/${prefix}`),
];

const bracketed = (address: string) => (address.includes(":") ? `[${address}]` : address);

/** Letters, digits and `_` only, and never the same for two: the other characters of names as their code. */
function nodeId(place: string, bridge?: string): string {
  const plain = (name: string) =>
    name.replace(/[^A-Za-z0-9]/g, (character) => `_${character.codePointAt(0)!.toString(16)}_`);
  return bridge === undefined ? `n_${plain(place)}` : `b_${plain(place)}__${plain(bridge)}`;
}
