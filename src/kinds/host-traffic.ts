// What of a lab crosses the machine's own packet filters: what the host routes, what its bridges carry, and what it gets.
import type { Json, Resource, State } from "../core/resource.js";
import { subnetOf } from "../topology/inet.js";
import { type Family, HOST } from "../topology/lab.js";
import type { FilterChain } from "./filters.js";
import { openBridges, packetsIn, type Reached, reachedBy } from "./host-input.js";
import type { Packet } from "./packet-fate.js";

export interface HostTraffic {
  /** Devices of the host that the lab's traffic is routed by, sorted. None behind which the world is. */
  devices: string[];
  /** Devices of others that it leaves by, as far as the file names them. */
  outside: string[];
  /** Families of its own that the lab has the host route. */
  routed: Family[];
  /** Linux bridges of the host, with their ports. */
  bridges: { name: string; ports: string[] }[];
  /** Devices by which it talks to the host itself. */
  reached: Reached[];
  /** Families of what bridges carry that go through the filters of IP too: net.bridge.bridge-nf-call-*. */
  filtered: Family[];
  /** What the lab speaks. */
  families: Family[];
  subnets: Record<Family, string[]>;
}

/** Bridged packets are shown to the filters of IP where these are 1: Documentation/networking/ip-sysctl.rst. */
export const BRIDGE_NF: Record<Family, string> = {
  4: "net.bridge.bridge-nf-call-iptables",
  6: "net.bridge.bridge-nf-call-ip6tables",
};

const FORWARDING: Record<Family, string> = { 4: "net.ipv4.ip_forward", 6: "net.ipv6.conf.all.forwarding" };
const FAMILIES: Family[] = [4, 6];

/**
 * @param desired what the lab wants: where it says nothing of forwarding and NAT on the host, nothing is routed there
 * @param settings sysctls of the host
 */
export function hostTraffic(desired: State, settings: Record<string, string>): HostTraffic {
  const here = Object.values(desired).filter(({ place }) => place === HOST);
  const names = (kind: string) => here.filter((r) => r.kind === kind).map(({ at }) => at.name as string);
  const addresses = Object.values(desired).filter(({ kind }) => kind === "address");
  const addressed = new Set(addresses.filter(({ place }) => place === HOST).map(({ at }) => at.device as string));
  const layer2 = new Set(["port", "ovs-port", "bridge", "ovs-bridge"].flatMap(names));
  const open = openBridges(here);
  const nat = desired[`nat:${HOST}`];
  const isOn = (key: string) => (desired[`sysctl:${HOST}/${key}`]?.fields.value ?? settings[key]) === "1";
  const subnets = { 4: subnetsOf(addresses, 4), 6: subnetsOf(addresses, 6) };
  // A lab without any address gets them some other way.
  const families = FAMILIES.filter((family) => subnets[family].length > 0 || addresses.length === 0);
  const bridges = names("bridge").map((name) => ({
    name,
    ports: here.filter((r) => r.kind === "port" && r.fields.bridge === name).map(({ at }) => at.name as string),
  }));
  return {
    devices: names("interface")
      .filter((name) => (addressed.has(name) || !layer2.has(name)) && !open.has(name))
      .sort(),
    outside: [...JSON.stringify(nat?.fields ?? {}).matchAll(/oifname \\"([^"\\]+)\\"/g)].map((match) => match[1]!),
    routed: families.filter(
      (family) => nat !== undefined || (`sysctl:${HOST}/${FORWARDING[family]}` in desired && isOn(FORWARDING[family])),
    ),
    bridges,
    reached: reachedBy(here, bridges),
    filtered: families.filter((family) => isOn(BRIDGE_NF[family])),
    families,
    subnets,
  };
}

const subnetsOf = (addresses: Resource[], family: Family): string[] => [
  ...new Set(
    addresses.filter(({ at }) => at.family === family).map(({ at }) => subnetOf(`${at.address}/${at.prefix}`)),
  ),
];

/**
 * The same with one device for all those that no rule of the chains names: what happens to one happens to each.
 * Of bridges, ports too.
 */
export function typical(traffic: HostTraffic, chains: FilterChain[]): HostTraffic {
  const words = new Set<string>();
  for (const { rules } of chains) for (const { expr } of rules) collect(expr, words);
  const globs = [...words].filter((word) => word.endsWith("*")).map((word) => word.slice(0, -1));
  const isNamed = (name: string) => words.has(name) || globs.some((start) => name.startsWith(start));
  const few = <T>(all: T[], named: (one: T) => boolean): T[] => {
    const unnamed = all.findIndex((one) => !named(one));
    return all.filter((one, i) => i === unnamed || named(one));
  };
  return {
    ...traffic,
    devices: few(traffic.devices, isNamed),
    bridges: few(
      traffic.bridges.map(({ name, ports }) => ({ name, ports: few(ports, isNamed) })),
      ({ name, ports }) => isNamed(name) || ports.some(isNamed),
    ),
    reached: few(
      traffic.reached.map((one) => ({ ...one, ports: few(one.ports, isNamed) })),
      ({ name, ports, serves }) => serves || isNamed(name) || ports.some(isNamed),
    ),
  };
}

/** Every string in it. */
function collect(json: Json, words: Set<string>): void {
  if (typeof json === "string") words.add(json);
  else if (typeof json === "object" && json !== null) for (const one of Object.values(json)) collect(one, words);
}

/** More devices than this are not tried against each other. */
const PAIRS = 20;

/** The sorts of packets that a base chain gets to see. */
export function packetsFor({ family, hook }: FilterChain, traffic: HostTraffic): Packet[] {
  const seen: Family[] = family.endsWith("ip") ? [4] : family.endsWith("ip6") ? [6] : FAMILIES;
  if (hook === "input") {
    const { reached, subnets } = traffic;
    return packetsIn(family, seen, reached, { 4: known(subnets[4]), 6: known(subnets[6]) });
  }
  return seen.flatMap((one) =>
    family === "bridge" ? bridged(one, traffic) : [...routed(one, traffic), ...carried(one, traffic)],
  );
}

function routed(family: Family, { devices, outside, routed, subnets }: HostTraffic): Packet[] {
  if (!routed.includes(family)) return [];
  const own = known(subnets[family]);
  const others = [undefined, ...outside].map((name) => (name === undefined ? {} : { name }));
  const pairs = devices.length > PAIRS ? [] : devices.flatMap((a) => devices.map((b) => ({ in: a, out: b })));
  return [
    ...devices.flatMap((device) =>
      others.flatMap(({ name }): Packet[] => [
        { family, in: device, ...(name !== undefined && { out: name }), from: own },
        { family, ...(name !== undefined && { in: name }), out: device, to: own },
      ]),
    ),
    ...pairs.filter((pair) => pair.in !== pair.out).map((pair) => ({ family, ...pair, from: own, to: own })),
  ];
}

/** Where br_netfilter shows them to the filters of IP, both devices are the bridge: br_nf_forward_ip() in the kernel. */
const carried = (family: Family, traffic: HostTraffic): Packet[] =>
  traffic.filtered.includes(family)
    ? carriedBy(family, traffic, ({ name }) => [{ family, bridge: name, in: name, out: name }])
    : [];

/** The filters of bridges see the ports. */
const bridged = (family: Family, traffic: HostTraffic): Packet[] =>
  carriedBy(family, traffic, ({ name, ports }) =>
    ports.map((port, i) => ({ family, bridge: name, in: port, out: ports[(i + 1) % ports.length]! })),
  );

function carriedBy(
  family: Family,
  { bridges, families, subnets }: HostTraffic,
  packets: (bridge: HostTraffic["bridges"][number]) => Packet[],
): Packet[] {
  if (!families.includes(family)) return [];
  const own = known(subnets[family]);
  return bridges.flatMap(packets).map((packet) => ({ ...packet, from: own, to: own }));
}

const known = (subnets: string[]): string[] | undefined => (subnets.length > 0 ? subnets : undefined);
