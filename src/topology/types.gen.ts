// The topology file as TypeScript types. Generated from schemas/topology.schema.json by scripts/generate-types.mjs.

/**
 * A network namespace. Nothing in it is needed: an empty one is valid.
 */
export type Namespace = {
  /**
   * Interfaces by name: ends of links, OVS internal ports, and `lo`, which is always there and up.
   */
  interfaces?: {
    [k: string]: Interface;
  } | null;
  /**
   * Routes, in any order.
   */
  routes?: Route[] | null;
  /**
   * Routing between interfaces: true (IPv4 and IPv6), false, or one family only. Default false, and written.
   */
  forwarding?: true | false | "ipv4" | "ipv6";
  /**
   * false switches IPv6 off before an interface comes up. Default: the lab's `ipv6`.
   */
  ipv6?: boolean;
  /**
   * Kernel settings of this namespace by exact key, with dots, or with slashes as sysctl(8) also takes them. Only `net.` keys belong to a namespace.
   */
  sysctl?: {
    /**
     * The value to write.
     */
    [k: string]: number | string;
  } | null;
  /**
   * Linux bridges inside this namespace by name.
   */
  bridges?: {
    [k: string]: Bridge;
  } | null;
  /**
   * Files that `ip netns exec`, `netlab exec` and services of this namespace find in /etc instead of the machine's, by name: they lie in /etc/netns/NAMESPACE.
   */
  files?: {
    /**
     * What is in it.
     */
    [k: string]: string;
  } | null;
  /**
   * Programs that run in this namespace while the lab is there, by name. They are started when its addresses and routes are there, and ended before they go.
   */
  services?: {
    [k: string]: Service;
  } | null;
  nat?: Nat;
} | null;
/**
 * An interface of a namespace: the end of a link, an OVS internal port, a tap device, or `lo`.
 */
export type Interface = {
  /**
   * What makes the interface. Absent: a link of `links` does. `internal`: a port of an Open vSwitch bridge that lives in this namespace. `tap`: a persistent tap device, for a virtual machine to attach to.
   */
  kind?: "internal" | "tap";
  /**
   * For `kind: internal`: the Open vSwitch bridge of the host that it is a port of. For `kind: tap`: a bridge of the same place.
   */
  bridge?: string;
  /**
   * An interface of the machine by this name is moved into the namespace, and goes back to the host when the lab does, with the addresses and routes that it had there.
   */
  existing?: boolean;
  /**
   * For `kind: tap`: the user whose programs may attach to it without being root. Default root.
   */
  owner?: string;
  /**
   * For `kind: tap`: frames carry a virtio header, so that checksums and segmentation are left to the receiver. The program that attaches must ask for the same.
   */
  vnet_hdr?: boolean;
  /**
   * For `kind: tap`: a program can open it once for each queue. The program that attaches must ask for the same.
   */
  multi_queue?: boolean;
  /**
   * Addresses with their prefix length, IPv4 or IPv6, or `dhcp`. The first of a subnet is its primary address.
   */
  addresses?: Cidr[] | null;
  /**
   * Largest packet in bytes. Applies to this interface only and beats the link's `mtu`. Below 1280 the kernel removes IPv6 from it.
   */
  mtu?: number;
  /**
   * Hardware address, unicast, six octets. Default: derived from the lab, the place and the name, so that it is the same after every rebuild.
   */
  mac?: string;
  /**
   * Whether the interface is switched on.
   */
  up?: boolean;
  /**
   * Allows addresses of this interface to be on another interface of the same segment too, as VRRP and anycast do.
   */
  shared?: boolean;
} | null;
/**
 * An address with its prefix length, or `dhcp`: a DHCP client asks for one.
 */
export type Cidr = string;
/**
 * A bridge. It is an interface of its place too, and may have addresses.
 */
export type Bridge = {
  /**
   * `linux`: a bridge of the kernel. `ovs`: Open vSwitch, on the host only.
   */
  kind?: "linux" | "ovs";
  /**
   * Addresses with their prefix length, IPv4 or IPv6, or `dhcp`. The first of a subnet is its primary address.
   */
  addresses?: Cidr[] | null;
  /**
   * Largest packet in bytes. Applies to this interface only and beats the link's `mtu`. Below 1280 the kernel removes IPv6 from it.
   */
  mtu?: number;
  /**
   * Hardware address, unicast, six octets. Default: derived from the lab, the place and the name, so that it is the same after every rebuild.
   */
  mac?: string;
  /**
   * Whether the interface is switched on.
   */
  up?: boolean;
  /**
   * Allows addresses of this interface to be on another interface of the same segment too, as VRRP and anycast do.
   */
  shared?: boolean;
  /**
   * Spanning tree protocol; Linux bridges only.
   */
  stp?: boolean;
  /**
   * OVS only. `auto`: the kernel's datapath where it works, else the one in user space.
   */
  datapath?: "auto" | "kernel" | "userspace";
  dhcp?: Dhcp;
  /**
   * Ports by name: options of those that links and interfaces make; on the host, one that nothing in the file makes is an interface of the machine, whose addresses and routes are the bridge's meanwhile.
   */
  ports?: {
    [k: string]: BridgePort;
  } | null;
} | null;
/**
 * DHCP and DNS for what is plugged into the bridge, by dnsmasq. The bridge needs an address in each range's subnet.
 */
export type Dhcp = {
  /**
   * IPv4 addresses to give away, FIRST-LAST.
   */
  range?: string;
  /**
   * IPv6 addresses to give away, FIRST-LAST, with router advertisements: whoever has no DHCPv6 client makes an address of the same subnet by itself.
   */
  range6?: string;
  /**
   * Addresses that are always the same, by namespace, or by MAC address.
   */
  leases?: {
    [k: string]: Address;
  } | null;
  /**
   * Names of the lab's namespaces resolve, and what is plugged into the bridge is told to ask here.
   */
  dns?: boolean;
  /**
   * Name servers that are asked what the lab does not know.
   */
  forward?: Address[];
  /**
   * The bridge is offered as the default gateway.
   */
  gateway?: boolean;
} | null;
/**
 * An address without a prefix length.
 */
export type Address = string;
/**
 * Options of one port of a bridge.
 */
export type BridgePort = {
  /**
   * Sends frames back out of the port that they came in by; Linux bridges only.
   */
  hairpin?: boolean;
  /**
   * OVS only: the VLAN that this access port belongs to.
   */
  tag?: number;
  /**
   * OVS only: the VLANs that this trunk port carries.
   *
   * @minItems 1
   *
   * Items: A VLAN.
   */
  trunks?: number[];
} | null;
/**
 * Network address translation, by nftables, in this place.
 */
export type Nat = {
  /**
   * What leaves with the address of the interface that it leaves by (source NAT).
   */
  masquerade?: Masquerade[] | null;
  /**
   * What arrives here and is sent on to another address (port forwarding, destination NAT).
   */
  forward?: Forward[] | null;
} | null;
/**
 * One end of a link: its place as text, or that text as `end` with the interface's attributes.
 */
export type Endpoint =
  | string
  | {
      end: EndpointText;
      /**
       * Addresses with their prefix length, IPv4 or IPv6, or `dhcp`. The first of a subnet is its primary address.
       */
      addresses?: Cidr[] | null;
      /**
       * Hardware address, unicast, six octets. Default: derived from the lab, the place and the name, so that it is the same after every rebuild.
       */
      mac?: string;
      /**
       * Largest packet in bytes. Applies to this interface only and beats the link's `mtu`. Below 1280 the kernel removes IPv6 from it.
       */
      mtu?: number;
      /**
       * Whether the interface is switched on.
       */
      up?: boolean;
    };
/**
 * Where an end of a link is plugged in.
 */
export type EndpointText = string;
/**
 * The root namespace of the machine. Only what is named here is touched.
 */
export type Host = {
  /**
   * Interfaces of the lab in the root namespace by name: ends of links (`host:NAME`) and OVS internal ports. Only what is named here is touched.
   */
  interfaces?: {
    [k: string]: Interface;
  } | null;
  /**
   * Routes, in any order.
   */
  routes?: Route[] | null;
  /**
   * Routing between interfaces: true (IPv4 and IPv6), false, or one family. Absent: left as it is.
   */
  forwarding?: true | false | "ipv4" | "ipv6";
  /**
   * Kernel settings of this namespace by exact key, with dots, or with slashes as sysctl(8) also takes them. Only `net.` keys belong to a namespace.
   */
  sysctl?: {
    /**
     * The value to write.
     */
    [k: string]: number | string;
  } | null;
  /**
   * Bridges of the root namespace, the same as `bridges` at the top of the file.
   */
  bridges?: {
    [k: string]: Bridge;
  } | null;
  /**
   * What to do where a firewall of the machine (Docker, firewalld, ufw, libvirt, your own) drops what the host forwards or bridges for the lab, or what the lab sends to the host itself. `accept` adds rules that accept it, for the lab's own devices only, and takes them away with the lab. `leave`: the plan only says it.
   */
  firewall?: "accept" | "leave";
  /**
   * Programs that run on the host while the lab is there, by name.
   */
  services?: {
    [k: string]: Service;
  } | null;
  nat?: Nat;
} | null;

/**
 * A network lab for netlab: namespaces, links, bridges, addresses, routes and NAT of one Linux machine.
 */
export interface Topology {
  /**
   * The lab's name: marks everything that it makes, so that nothing else is ever touched.
   */
  name: string;
  /**
   * false switches IPv6 off in every namespace of the lab before an interface comes up.
   */
  ipv6?: boolean;
  /**
   * Keeps the lab in a sandbox: namespaces of its own that need no root and do not touch the machine's network; `host` is the sandbox's root namespace then. The same as --sandbox.
   */
  sandbox?:
    | boolean
    | {
        /**
         * true gives the sandbox a way out, by slirp4netns or pasta: an interface `uplink` of `host` with a default route for IPv4 and IPv6, and a name server. The ports of `host.nat.forward` are published on 127.0.0.1 outside. The same as --uplink.
         */
        uplink?: boolean;
      };
  /**
   * Network namespaces of the lab by name, as ip-netns(8) lists them.
   */
  namespaces?: {
    [k: string]: Namespace;
  } | null;
  /**
   * Bridges of the host (the root namespace) by name.
   */
  bridges?: {
    [k: string]: Bridge;
  } | null;
  /**
   * Veth pairs: cables between two ends.
   */
  links?: Link[] | null;
  host?: Host;
  /**
   * What must hold when the lab is up: `netlab check` proves it.
   */
  checks?: Check[] | null;
}
/**
 * A route, as in ip-route(8).
 */
export interface Route {
  /**
   * Where to: `default`, a subnet, or one address.
   */
  to: string;
  /**
   * The gateway.
   */
  via?: string;
  /**
   * Name of an interface: 1 to 15 characters, no white space and none of `/ : ; % @ { } $ * # \` or quotes.
   */
  dev?: string;
  /**
   * Source address that the kernel prefers for connections along this route.
   */
  src?: string;
  /**
   * Preference: of two routes to one destination the lower metric wins.
   */
  metric?: number;
  /**
   * Routing table; the main table is 254.
   */
  table?: number;
  /**
   * The gateway is taken to be on the link of `dev`, whatever the addresses say.
   */
  onlink?: boolean;
  /**
   * `unicast` delivers; the others drop silently, or answer that the destination is unreachable or prohibited.
   */
  type?: "unicast" | "blackhole" | "unreachable" | "prohibit";
  /**
   * Several gateways that share the traffic (multipath).
   *
   * @minItems 1
   */
  nexthops?: Nexthop[];
}
/**
 * One gateway of a multipath route.
 */
export interface Nexthop {
  /**
   * The gateway.
   */
  via?: string;
  /**
   * Name of an interface: 1 to 15 characters, no white space and none of `/ : ; % @ { } $ * # \` or quotes.
   */
  dev?: string;
  /**
   * Its share of the traffic, relative to the others.
   */
  weight?: number;
  /**
   * The gateway is taken to be on the link of `dev`.
   */
  onlink?: boolean;
}
/**
 * A program of the lab. It stays in the foreground: one that leaves its parent has ended. What it prints is shown by `netlab logs`; of more than a megabyte the older part goes to `log.1` beside it, once, and then away.
 */
export interface Service {
  /**
   * The program and its arguments as a list, or a line for the shell. It stays in the foreground: what puts itself into the background counts as ended, and is ended itself only when the lab's namespace goes, or the service starts anew.
   *
   * @minItems 1
   */
  command: string | string[];
  /**
   * When it is started again by itself after it has ended: `never`, `on-failure` (its exit code was not 0), `always`. After a second; after twice as long, up to a minute, each time that it has not run for ten seconds.
   */
  restart?: "never" | "on-failure" | "always";
  ready?: Ready;
  /**
   * Its working directory.
   */
  directory?: string;
  /**
   * Variables of its environment, besides PATH and LANG. Nothing of the environment of whoever calls netlab is in it.
   */
  env?: {
    /**
     * The value.
     */
    [k: string]: string | number;
  } | null;
}
/**
 * How it is known to be ready: one of these. Without, it is ready when it runs. `apply` waits ten seconds for it, or NETLAB_TIMEOUT.
 */
export interface Ready {
  /**
   * Something in its namespace listens on this TCP port.
   */
  tcp?: number;
  /**
   * Something in its namespace has this UDP port.
   */
  udp?: number;
  /**
   * An address without a prefix length.
   */
  ping?: string;
  /**
   * A line of what it prints matches this regular expression (JavaScript's).
   */
  log?: string;
}
/**
 * `source`, `out` or both. Without `out`: what leaves the source subnet for elsewhere.
 */
export interface Masquerade {
  /**
   * Only what comes from this subnet.
   */
  source?: string;
  /**
   * Name of an interface: 1 to 15 characters, no white space and none of `/ : ; % @ { } $ * # \` or quotes.
   */
  out?: string;
}
/**
 * `protocol` and `port` together, or neither for every protocol to `address`.
 */
export interface Forward {
  /**
   * An address without a prefix length.
   */
  address?: string;
  /**
   * The transport protocol.
   */
  protocol?: "tcp" | "udp" | "sctp";
  /**
   * The port that it listens on.
   */
  port?: number;
  /**
   * Where it goes: an address, with `:PORT` where the port changes. IPv6 with a port: `[ADDRESS]:PORT`.
   */
  to: string;
}
/**
 * A veth pair.
 */
export interface Link {
  /**
   * The two ends. NAMESPACE:INTERFACE, host:INTERFACE, BRIDGE[:PORT], or NAMESPACE/BRIDGE[:PORT].
   *
   * @minItems 2
   * @maxItems 2
   */
  endpoints: Endpoint[];
  /**
   * Largest packet in bytes, at both ends. An interface's own `mtu` beats it.
   */
  mtu?: number;
}
/**
 * One thing that must hold. Lists are multiplied out: all pairs.
 */
export interface Check {
  /**
   * The namespace to try from, `host`, or a list of them.
   *
   * @minItems 1
   */
  from: string | string[];
  /**
   * Address, or list of addresses, that must answer an echo request.
   *
   * @minItems 1
   */
  ping?: string | string[];
  /**
   * ADDRESS:PORT, or a list, that must accept a connection. IPv6: `[ADDRESS]:PORT`.
   *
   * @minItems 1
   */
  tcp?: string | string[];
  /**
   * NAMESPACE[:PORT] in which netlab listens for the time of the check; the data that comes through is verified. Default port: the one of `tcp`.
   */
  listen?: string;
  /**
   * An address without a prefix length.
   */
  seen_as?: string;
  /**
   * `ok`; `unreachable`: no answer; `refused`: the connection is refused.
   */
  expect?: "ok" | "unreachable" | "refused";
  /**
   * Seconds in which it must come true.
   */
  within?: number;
}
