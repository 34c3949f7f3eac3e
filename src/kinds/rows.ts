// What a machine is asked (Source) and what it answers (Rows): typed and normalised, the same from every reader.
import type { Json } from "../core/resource.js";
import type { Family, Place, Service } from "../topology/lab.js";
import type { FilterChain } from "./filters.js";

/**
 * A read, as data. The host merges and batches them, or serves the same rows from another reader.
 * `link` and `route` are read in every namespace of the machine, the others only where asked.
 */
export type Source =
  | { rows: "link" }
  | { rows: "route" }
  | { rows: "sysctl"; place: Place; keys: string[] }
  | { rows: "nft"; place: Place; table: string }
  | { rows: "offload"; place: Place }
  | { rows: "filters" }
  | { rows: "uplinks" }
  | { rows: "ovs" }
  | { rows: "process" }
  | { rows: "service" }
  | { rows: "etc-file" };

/** One network device: `ip -j -d address show`, ip-link(8). */
export interface LinkRow {
  index: number;
  name: string;
  /** IFLA_INFO_KIND: veth, bridge, tun, openvswitch …; absent for lo and physical devices. */
  kind?: string;
  /** IFF_UP: the administrative state. */
  up: boolean;
  loopback: boolean;
  mtu: number;
  mac: string;
  /** Name of the bridge, bond or `ovs-system` that it is enslaved to. */
  master?: string;
  group: number;
  alias?: string;
  /** veth: the other end, where it is in a namespace that was read; `null` where it is out of sight. */
  peer?: { place: Place; name: string } | null;
  /** The device that it stands on, and ends with: of a VLAN, a macvlan …, where that device was read. */
  lower?: { place: Place; name: string };
  /** linkinfo.info_data and info_slave_data as `ip -j -d` prints them. */
  data: { [key: string]: Json };
  portData: { [key: string]: Json };
  addresses: AddressRow[];
}

export interface AddressRow {
  family: Family;
  address: string;
  prefix: number;
  /** IFA_F_SECONDARY on IPv4: goes when the primary of its subnet goes. */
  secondary: boolean;
  /** Made by the kernel (link-local) or with a lifetime (RA, DHCP): not anybody's declaration. */
  dynamic: boolean;
  /** Seconds until it ends and until it is deprecated, `null` for never: ip-address(8). Absent where neither comes. */
  lifetime?: { valid: number | null; preferred: number | null };
  tentative: boolean;
  dadfailed: boolean;
  /** IPv4: what else it was given, where that is not what it gets by itself; `scope` as a number. */
  given?: { metric?: number; noprefixroute?: true; label?: string; scope?: number; peer?: string };
}

/** One route of any table, type unicast, blackhole, unreachable or prohibit; kernel-made ones are left out. ip-route(8). */
export interface RouteRow {
  family: Family;
  type: string;
  /** `address/prefix`, the default route too: `0.0.0.0/0`, `::/0`. */
  dst: string;
  nexthops: { via?: string; dev: string; weight: number; onlink: boolean }[];
  src?: string;
  /** 0 where IPv4 has none; IPv6 always has one (1024 by default). */
  metric: number;
  table: number;
  /** Name or number as in rt_protos: `static`, `boot`, `110`. `kernel` and `ra` never appear. */
  protocol: string;
  /** It has more than this says: metrics such as `mtu`, an unusual scope or preference, an end, an encapsulation, a nexthop object. */
  more?: true;
}

/** Rows of the OVS database, decoded (RFC 7047 sets and maps are arrays and objects); see ovs-vswitchd.conf.db(5). */
export interface OvsRows {
  bridges: {
    name: string;
    datapath_type: string;
    external_ids: Record<string, string>;
    other_config: Record<string, string>;
    /** Names of its ports. */
    ports: string[];
  }[];
  ports: {
    name: string;
    tag: number | null;
    trunks: number[];
    vlan_mode: string | null;
    external_ids: Record<string, string>;
    /** Names of its interfaces. */
    interfaces: string[];
  }[];
  interfaces: {
    name: string;
    type: string;
    ofport: number | null;
    error: string | null;
    /** The MAC that was asked for. */
    mac: string | null;
    mtu_request: number | null;
    external_ids: Record<string, string>;
  }[];
}

export interface ProcessRow {
  pid: number;
  /** Clock ticks after boot at which it began (proc(5) stat, field 22): pid and start name one process for good. */
  start: string;
  command: string;
  place: Place;
  /** Number of its session (proc(5) stat, field 6). */
  session: number;
}

/** A file under /etc/netns/PLACE. */
export interface EtcFileRow {
  place: Place;
  name: string;
  text: string;
}

/** A supervisor of a service, or the log that a dead one has left. */
export interface ServiceRow extends Omit<Service, "origin"> {
  lab: string;
  /** The place that it is for. */
  place: Place;
  /** `running`, or `starting`, `failing` or `dead: LAST WORDS`; of a dead one nothing more is known. */
  state: string;
  pid?: number;
  start?: string;
  /** It runs in another namespace: that of its place was deleted, and made again or not. */
  stray: boolean;
}

/** An interface of the host with all that a bridge takes over from it, in the words of `ip -N -j -d`: ip-address(8), ip-route(8). */
export interface UplinkRow {
  up: boolean;
  mac: string;
  mtu: number;
  group: number;
  /** Empty where it has none. */
  alias: string;
  addresses: { [key: string]: Json }[];
  /** Those that go over it, of all tables. */
  routes: { [key: string]: Json }[];
  /** Those of ARP and NDP: ip-neighbour(8). Older journals do not say. */
  neighbours?: { [key: string]: Json }[];
  /** Its sysctls that differ from `default`, as `ipv6.accept_ra`; of interfaces that the lab wants. */
  settings?: Record<string, string>;
  /** Its queueing discipline, where it is none that the kernel gives by itself: tc(8). */
  qdisc?: string;
  /** Seconds since boot (proc_uptime(5)) at which it was read: lifetimes count from there. */
  read: number;
  /** A station of a wireless network: a bridge cannot send in the name of others through it. */
  wireless: boolean;
  /** The daemon that sets it up. */
  manager?: "NetworkManager" | "systemd-networkd";
  /** A DHCP client that the machine runs for it: `dhclient (process 812)`. */
  client?: string;
  /** The session that netlab runs in comes through it: SSH_CONNECTION, ssh(1). */
  session: boolean;
}

/** An interface as it was before a lab took it, and the bridge or namespace that has it now. */
export interface Taken extends UplinkRow {
  bridge: string | null;
  namespace: Place | null;
  lab: string;
}

/** One lab's journal as far as reading needs it. */
export interface JournalRows {
  /** Namespaces that this lab was about to make. */
  namespaces: string[];
  /** Devices (`place/name`) that this lab was about to make, of kinds that are born without a mark. */
  devices: string[];
  /**
   * Previous values of sysctls, by `place key` (one space), with the labs that need them, and what each wants (older
   * journals do not say). `changed`: a lab has wanted another value than the previous one, now or before.
   */
  sysctls: {
    [placeAndKey: string]: {
      previous: { [key: string]: string };
      labs: string[];
      wanted?: { [lab: string]: string };
      changed?: true;
    };
  };
  /** Ids of routes of this lab on the host. */
  routes: string[];
  /** What the journals of other labs name: the lab of each. */
  others: { namespaces: Record<Place, string>; routes: Record<string, string> };
  /** Interfaces of the host that labs have taken, by name. */
  uplinks: { [name: string]: Taken };
}

export interface Rows {
  /** Every network namespace with a name, that can be entered, and `host`. */
  places: Place[];
  /** Names in /run/netns behind which there is no namespace: a plain file, a leftover of a crash. */
  stale: Place[];
  /** Second name → first name of a namespace, where any has two; at the second nothing is read. */
  aliases?: Record<Place, Place>;
  link: Record<Place, LinkRow[]>;
  route: Record<Place, RouteRow[]>;
  sysctl: Record<Place, Record<string, string>>;
  /** The objects that `nft -j list table inet TABLE` prints (libnftables-json(5)), without `metainfo`; absent where there is no such table. */
  nft: Record<Place, Json[]>;
  /** Names of the devices whose tx-checksumming is on, where asked. */
  offload: Record<Place, string[]>;
  /** Absent where the machine has no Open vSwitch, or its database is not served. */
  ovs?: OvsRows;
  /** Why the database of Open vSwitch could not be looked at, though there is one. */
  ovsUnseen?: { message: string; hint: string };
  /** Packet filters of the host, where asked. */
  filters?: FilterChain[];
  /** Interfaces of the host by name, where asked. */
  uplinks?: Record<string, UplinkRow>;
  process: ProcessRow[];
  service: ServiceRow[];
  etcFile: EtcFileRow[];
  journal: JournalRows;
}

/** What the machine is like, as far as the desired state depends on it. */
export interface Facts {
  /** Values of sysctls that a new namespace is born with, of the keys asked for. */
  born: Record<string, string>;
  /** The kernel's Open vSwitch datapath works here. */
  ovsKernelDatapath: boolean;
  /** br_netfilter is loaded. */
  brNetfilter: boolean;
  /** Packet filters of the host, and the settings that say what they get to see; where asked. */
  filters?: { chains: FilterChain[]; settings: Record<string, string> };
  /** Interfaces of the host that the lab wants, as they are, or were before it took them; where asked. */
  uplinks?: Record<string, UplinkRow>;
}

/** Of a machine at which nobody has looked. */
export const NO_FACTS: Facts = { born: {}, ovsKernelDatapath: false, brNetfilter: false };
