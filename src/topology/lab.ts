// The lab as the kinds see it: names resolved, defaults filled in, derived names, MACs and devices drawn. Plain data.

/** Name of a network namespace, or `host` for the root namespace of the machine. */
export type Place = string;
export const HOST: Place = "host";

/** JSON pointer (RFC 6901) into the topology file: where something was asked for. */
export type Pointer = string;

export type Family = 4 | 6;

/** One topology file, resolved. Every list is sorted by name, except where the order has a meaning (addresses, rules, checks). */
export interface Lab {
  name: string;
  /** It is kept in a sandbox; `uplink` is absent where the file leaves it open. */
  sandbox?: { uplink?: boolean };
  /** Without the host. */
  namespaces: Namespace[];
  host: Namespace;
  links: Link[];
  checks: Check[];
}

export interface Namespace {
  name: Place;
  origin: Pointer;
  /** `undefined` only on the host, where nothing undeclared is touched. */
  forwarding: { ipv4?: boolean; ipv6?: boolean; origin: Pointer };
  /** false: IPv6 is switched off before an interface comes up. */
  ipv6: boolean;
  sysctls: Sysctl[];
  /** Every device of the lab in this place: link ends (derived port names too), bridges, internal ports, declared lo. */
  interfaces: Interface[];
  bridges: Bridge[];
  /** The host only: interfaces of the machine in bridges of the lab. */
  uplinks: Uplink[];
  routes: Route[];
  services: Service[];
  /** What lies under /etc/netns/NAME. */
  files: NamespaceFile[];
  nat?: Nat;
  /** Host only: what the lab does about firewalls of the machine that drop its traffic. */
  firewall?: "accept";
}

export interface NamespaceFile {
  name: string;
  text: string;
  origin: Pointer;
}

/** A program that runs while the lab is there. */
export interface Service {
  name: string;
  origin: Pointer;
  command: string[];
  restart: "never" | "on-failure" | "always";
  /** `tcp:PORT`, `udp:PORT`, `ping:ADDRESS` or `log:PATTERN`. */
  ready?: string;
  /** Its working directory. */
  directory: string;
  env: Record<string, string>;
}

export interface Sysctl {
  /** With dots, as sysctl(8) prints it; a dot inside an interface's name is written `/`. */
  key: string;
  value: string;
  origin: Pointer;
}

export interface Interface {
  name: string;
  origin: Pointer;
  /** What makes the device: one end of a veth pair, a bridge's own device, an OVS internal port, a tap device, or the kernel (`lo`). */
  made: "existing" | "veth" | "bridge" | "ovs-bridge" | "internal" | "tap" | "lo";
  /** Lower case; declared, or derived from lab, place and name. Absent for lo, and where it is another's. */
  mac?: string;
  /** An uplink: a bridge has the MAC of the machine's interface in it. */
  macOf?: string;
  /** Bytes; absent where nobody declared one. */
  mtu?: number;
  up: boolean;
  /** In the order of the file: the first of a subnet is its primary address. */
  addresses: Address[];
  /** It asks for an address by DHCP. */
  dhcp?: true;
  /** The bridge that it is a port of, in the same place (OVS internal ports: a bridge of the host). */
  port?: Port;
  /** `made: "tap"` only. */
  tap?: Tap;
}

export interface Tap {
  /** Name of the user who may attach. */
  owner: string;
  vnetHdr: boolean;
  multiQueue: boolean;
}

/** An interface of the machine that is a port of a bridge: its addresses and routes are the bridge's meanwhile. */
export interface Uplink {
  name: string;
  origin: Pointer;
  port: Port;
}

export interface Port {
  bridge: string;
  kind: "linux" | "ovs";
  origin: Pointer;
  /** Linux bridges only. */
  hairpin: boolean;
  /** OVS only: access VLAN, 1 to 4094. */
  tag?: number;
  /** OVS only: VLANs of a trunk, sorted. */
  trunks?: number[];
}

export interface Bridge {
  name: string;
  origin: Pointer;
  kind: "linux" | "ovs";
  stp: boolean;
  /** OVS only. */
  datapath: "auto" | "kernel" | "userspace";
}

export interface Address {
  family: Family;
  /** Canonical text (RFC 5952 for IPv6), without the prefix length. */
  address: string;
  prefix: number;
  origin: Pointer;
}

export interface Nexthop {
  via?: string;
  dev: string;
  weight: number;
  onlink: boolean;
}

export interface Route {
  origin: Pointer;
  family: Family;
  /** Canonical `address/prefix`; the default route is `0.0.0.0/0` or `::/0`. */
  to: string;
  type: "unicast" | "blackhole" | "unreachable" | "prohibit";
  /** One for a plain route, several for multipath, none for the other types. `dev` is always resolved. */
  nexthops: Nexthop[];
  src?: string;
  metric?: number;
  /** Numeric; main is 254. */
  table: number;
}

export interface Nat {
  origin: Pointer;
  masquerade: Masquerade[];
  forward: Forward[];
}

export interface Masquerade {
  origin: Pointer;
  family?: Family;
  /** Canonical `address/prefix`. `source`, `out` or both. */
  source?: string;
  out?: string;
}

export interface Forward {
  origin: Pointer;
  family: Family;
  /** The address it listens on; absent: every address local to the namespace. */
  address?: string;
  protocol?: "tcp" | "udp" | "sctp";
  port?: number;
  to: string;
  toPort?: number;
}

/** A veth pair. `a` sorts before `b` by place and name. */
export interface Link {
  origin: Pointer;
  a: LinkEnd;
  b: LinkEnd;
}

export interface LinkEnd {
  place: Place;
  name: string;
  origin: Pointer;
}

export type Expect = "ok" | "unreachable" | "refused";

/** One pair of a check: lists in the file are already multiplied out. */
export interface Check {
  origin: Pointer;
  from: Place;
  test: { ping: string } | { tcp: { address: string; port: number } };
  /** A listener that netlab starts for the time of the check. */
  listen?: { place: Place; port: number };
  seenAs?: string;
  expect: Expect;
  /** Seconds. */
  within: number;
}

/** Every place of the lab: its namespaces, then the host. */
export const everyPlace = (lab: Lab): Namespace[] => [...lab.namespaces, lab.host];
