// The way back: a live lab in the words of the topology file. What goes without saying is left out.
import type { Json, Resource, State } from "../core/resource.js";
import { macOf } from "../topology/derive.js";
import { HOST, type Place } from "../topology/lab.js";
import { USUAL_MTU } from "./born.js";
import { textOf } from "./etc-file.js";
import { natOf } from "./nat-of.js";
import { settingsOf } from "./settings-of.js";

type Words = { [key: string]: Json };

/** Where things of a place stand in the file; made when they are asked for. */
interface Sheet {
  place(place: Place): Words;
  bridges(place: Place): Words;
}

/** The lab's addresses by device (`place/name`), and those that several devices have. */
interface Addresses {
  of: Map<string, Resource[]>;
  shared: Set<Json>;
  /** Devices that ask for theirs. */
  asking: Set<string>;
}

/** The topology, in the order of a well-kept file. Sysctls are in it as far as the state has them. */
export function topologyOf(lab: string, state: State): Words {
  const all = Object.values(state).filter((r) => r.owner === "lab" || r.kind === "sysctl" || isLo(r));
  const of = (...kinds: string[]) => all.filter(({ kind }) => kinds.includes(kind));
  const namespaces: Words = {};
  const hostBridges: Words = {};
  const host: Words = {};
  const addresses = addressesOf(of("address"), of("service").filter(isDhcpClient));
  const place = (name: Place) => (name === HOST ? host : child(namespaces, name));
  const sheet: Sheet = { place, bridges: (name) => (name === HOST ? hostBridges : child(place(name), "bridges")) };

  for (const r of of("namespace")) place(r.place);
  for (const [name, settings] of settingsOf(of("sysctl"))) Object.assign(place(name), settings);
  for (const r of of("bridge", "ovs-bridge")) child(sheet.bridges(r.place), nameOf(r), bridgeWords(r));
  for (const r of of("port", "ovs-port")) portInto(r, sheet);
  for (const r of of("takeover").filter(({ fields }) => fields.bridge)) uplinkInto(r, sheet);
  for (const r of of("loan")) Object.assign(child(child(place(r.place), "interfaces"), nameOf(r)), { existing: true });
  for (const r of of("tap")) Object.assign(child(child(place(r.place), "interfaces"), nameOf(r)), tapWords(r, state));
  for (const r of of("interface")) deviceInto(r, deviceWords(r, lab, addresses), state, sheet);
  for (const r of of("route")) list(place(r.place), "routes").push(routeWords(r));
  for (const r of of("etc-file")) child(place(r.place), "files")[nameOf(r)] = textOf(r);
  for (const r of of("service").filter((one) => !isDhcpClient(one)))
    child(place(r.place), "services")[nameOf(r)] = serviceWords(r);
  for (const r of of("nat")) Object.assign(place(r.place), { nat: natOf(r) });
  if (of("firewall").length > 0) Object.assign(host, { firewall: "accept" });
  const links = of("veth").flatMap((r) => cable(r, lab, state, addresses));
  const parts = { namespaces, bridges: hostBridges, links, host };
  return { name: lab, ...Object.fromEntries(Object.entries(parts).filter(([, part]) => Object.keys(part).length > 0)) };
}

const isLo = ({ kind, at, place }: Resource) => kind === "interface" && at.name === "lo" && place !== HOST;
const nameOf = (r: Resource) => r.at.name as string;

function child(map: Words, key: string, value: Words = {}): Words {
  map[key] ??= value;
  return map[key] as Words;
}

function list(map: Words, key: string): Json[] {
  map[key] ??= [];
  return map[key] as Json[];
}

function bridgeWords({ kind, fields }: Resource): Words {
  if (kind === "ovs-bridge") return { kind: "ovs", datapath: fields.datapath === "netdev" ? "userspace" : "kernel" };
  return fields.stp ? { stp: true } : {};
}

function tapWords({ place, fields, at }: Resource, state: State): Words {
  const { owner, vnet_hdr, multi_queue } = fields;
  const bridge = bridgeOf(state, place, at.name as string);
  return {
    kind: "tap",
    ...(bridge !== undefined && { bridge }),
    ...(owner !== "root" && { owner: owner! }),
    ...(vnet_hdr && { vnet_hdr }),
    ...(multi_queue && { multi_queue }),
  };
}

function portInto({ kind, place, fields, at }: Resource, sheet: Sheet): void {
  const { bridge, hairpin, tag, trunks, type } = fields;
  const words: Words = { ...(hairpin && { hairpin }), ...(tag != null && { tag }), ...(trunks && { trunks }) };
  const name = at.name as string;
  if (Object.keys(words).length > 0)
    Object.assign(child(child(child(sheet.bridges(place), bridge as string), "ports"), name), words);
  if (kind !== "ovs-port" || type !== "internal") return;
  const home = sheet.place((fields.device as string | null) ?? HOST);
  Object.assign(child(child(home, "interfaces"), name), { kind: "internal", bridge: bridge! });
}

/** Said even without options: nothing else in the file makes it. */
function uplinkInto({ fields, at }: Resource, sheet: Sheet): void {
  const words = child(child(child(sheet.bridges(HOST), fields.bridge as string), "ports"), at.name as string);
  if (fields.hairpin) words.hairpin = true;
}

/** Devices that are bridges or ends of cables to bridges stand elsewhere. */
function deviceInto(r: Resource, words: Words, state: State, sheet: Sheet): void {
  const name = nameOf(r);
  const lent = state[`loan:${r.place}/${name}`]?.at.things as { mac: string } | null | undefined;
  if (lent && lent.mac === words.mac) delete words.mac;
  const isBridge = state[`bridge:${r.place}/${name}`] || (r.place === HOST && state[`ovs-bridge:${name}`]);
  if (isBridge)
    Object.assign(child(sheet.bridges(r.place), name), isUplinked(r, state) ? without(words, "mac") : words);
  else if (!bridgeOf(state, r.place, name) || isInternal(state, name) || state[`tap:${r.place}/${name}`]) {
    if (Object.keys(words).length > 0) Object.assign(child(child(sheet.place(r.place), "interfaces"), name), words);
  }
}

/** As `addresses: [dhcp]` makes it: a script for the device that its fifth word names. */
const isDhcpClient = ({ at }: Resource): boolean => (at.command as string[])[3] === "dhcp-client";

function addressesOf(all: Resource[], clients: Resource[]): Addresses {
  const asking = new Set(clients.map(({ place, at }) => `${place}/${(at.command as string[])[4]}`));
  const addresses: Addresses = { of: new Map(), shared: new Set(), asking };
  const seen = new Set<Json>();
  for (const r of all) {
    const { place, at } = r;
    const key = `${place}/${at.device}`;
    addresses.of.set(key, [...(addresses.of.get(key) ?? []), r]);
    if (seen.has(at.address!)) addresses.shared.add(at.address!);
    seen.add(at.address!);
  }
  return addresses;
}

/** Where another device has an address too, `shared` says that it may: whether they are on one segment is not looked at. */
function deviceWords({ place, fields, at }: Resource, lab: string, { of, shared, asking }: Addresses): Words {
  const name = at.name as string;
  const own = of.get(`${place}/${name}`) ?? [];
  const addresses = [
    ...(asking.has(`${place}/${name}`) ? ["dhcp"] : []),
    ...own.map((r) => `${r.at.address}/${r.at.prefix}`),
  ];
  if (name === "lo") return addresses.length > 0 ? { addresses } : {};
  const { mac, mtu, up } = fields;
  return {
    ...(addresses.length > 0 && { addresses }),
    ...(own.some((r) => shared.has(r.at.address!)) && { shared: true }),
    ...(mac && mac !== macOf(lab, place, name) && { mac }),
    ...(mtu !== USUAL_MTU && { mtu: mtu! }),
    ...(up === false && { up }),
  };
}

/** A bridge that has the MAC of the machine's interface in it. */
const isUplinked = ({ place, at }: Resource, state: State) =>
  place === HOST && Object.values(state).some((r) => r.kind === "takeover" && r.fields.bridge === at.name);

const without = (words: Words, key: string): Words =>
  Object.fromEntries(Object.entries(words).filter(([one]) => one !== key));

const isInternal = (state: State, name: string) => state[`ovs-port:${name}`]?.fields.type === "internal";

/** The bridge that the device is a port of. */
function bridgeOf(state: State, place: Place, name: string): string | undefined {
  const port = state[`port:${place}/${name}`] ?? (place === HOST ? state[`ovs-port:${name}`] : undefined);
  return port?.fields.bridge as string | undefined;
}

function serviceWords({ fields, at }: Resource): Words {
  const { restart, ready, directory, env } = fields;
  const [, test, value] = /^(\w+):(.*)$/s.exec((ready ?? "") as string) ?? [];
  const number = test === "tcp" || test === "udp";
  return {
    command: at.command!,
    ...(restart !== "on-failure" && { restart: restart! }),
    ...(test !== undefined && { ready: { [test]: number ? Number(value) : value! } }),
    ...(directory !== null && { directory: directory! }),
    ...(env !== null && { env: env! }),
  };
}

/** A cable with one end out of sight cannot be said. */
function cable(r: Resource, lab: string, state: State, addresses: Addresses): Json[] {
  const ends = [r.at.a, r.at.b] as ({ place: Place; name: string } | null)[];
  if (ends.includes(null)) return [];
  return [{ endpoints: ends.map((end) => endpoint(end!, lab, state, addresses)) }];
}

function endpoint(
  { place, name }: { place: Place; name: string },
  lab: string,
  state: State,
  addresses: Addresses,
): Json {
  const bridge = bridgeOf(state, place, name);
  if (bridge === undefined) return `${place}:${name}`;
  const end = `${place === HOST ? "" : `${place}/`}${bridge}:${name}`;
  const device = state[`interface:${place}/${name}`];
  const words = device ? deviceWords(device, lab, addresses) : {};
  return Object.keys(words).length > 0 ? { end, ...words } : end;
}

interface Hop {
  [key: string]: Json;
  dev: string;
  weight: number;
}

function routeWords({ fields, at }: Resource): Words {
  const hops = ((fields.nexthops ?? []) as Hop[]).map(({ weight, onlink, ...hop }) => ({
    ...hop,
    ...(onlink === true && { onlink }),
    ...((fields.nexthops as Hop[]).length > 1 && weight !== 1 && { weight }),
  }));
  const usual = at.family === 6 ? 1024 : 0;
  return {
    to: at.dst!,
    ...(fields.type !== "unicast" && { type: fields.type! }),
    ...(hops.length === 1 ? hops[0] : hops.length > 1 && { nexthops: hops }),
    ...(fields.src != null && { src: fields.src }),
    ...(at.metric !== usual && { metric: at.metric! }),
    ...(at.table !== 254 && { table: at.table! }),
  };
}
