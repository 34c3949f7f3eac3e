// For every kind: what can stand in the way of it, of nobody's or of another lab's; or why nothing can.

export interface ConflictCase {
  title: string;
  /** The lab `zoo`, without its name. */
  lab: string;
  /** `zoo` as it is applied first, where the strangers come into one of its namespaces. */
  first?: string;
  /** The wanted resource that cannot be had. */
  wants: string;
  /** A shell script that makes what the machine has at first. */
  machine?: string;
  /** A shell script that makes the stranger; absent where only another lab's can be one. */
  stranger?: string;
  /** What is in the way; the wanted one itself where absent. */
  holder?: string;
  /** It is of the same kind and name: `--adopt` takes it over. Says, as a shell script, whether it bears the mark. */
  marked?: string;
  /** Another lab, `ape`, without its name, that has the same; or a script that gives the stranger its mark. */
  other: string | { script: string };
  otherHolder?: string;
}

const RED = "namespaces: { red: {} }\n";
const LAN = "bridges: { lan0: {} }\n";
const OVS = "bridges: { ovs0: { kind: ovs, datapath: userspace } }\n";
const CABLE = "links: [{ endpoints: ['host:a0', 'host:b0'] }]\n";
const PORT = `namespaces: { red: {} }\n${OVS}links: [{ endpoints: ['red:eth0', 'ovs0:p0'] }]\n`;
const INTERNAL = `${OVS}namespaces: { red: { interfaces: { tap1: { kind: internal, bridge: ovs0 } } } }\n`;
const TAP = "host: { interfaces: { tap0: { kind: tap } } }\n";
const ROUTE = "host: { routes: [{ to: 198.51.100.0/24, type: unreachable }] }\n";
const TABLE =
  "add table inet netlab_zoo; add chain inet netlab_zoo output { type nat hook output priority -100; policy accept; }";
const alias = (device: string) => `ip -j link show ${device} | grep -q '"ifalias":"netlab:zoo"'`;

export const CASES: Record<string, ConflictCase[] | { none: string }> = {
  namespace: [
    {
      title: "a namespace",
      lab: RED,
      wants: "namespace:red",
      stranger: "ip netns add red",
      marked: `ip -n red -j link show lo | grep -q '"ifalias":"netlab:zoo"'`,
      other: RED,
    },
    {
      title: "a namespace of the lab, deleted and made again by hand",
      first: RED,
      lab: RED,
      wants: "namespace:red",
      stranger: "ip netns delete red; ip netns add red",
      marked: `ip -n red -j link show lo | grep -q '"ifalias":"netlab:zoo"'`,
      other: { script: "ip -n red link set lo alias netlab:ape" },
    },
  ],
  sysctl: [
    {
      title: "a setting of the host",
      lab: "host: { sysctl: { net.ipv4.ip_default_ttl: 70 } }\n",
      wants: "sysctl:host/net.ipv4.ip_default_ttl",
      // What nobody's lab has set is written down and comes back.
      other: "host: { sysctl: { net.ipv4.ip_default_ttl: 71 } }\n",
    },
  ],
  bridge: [
    {
      title: "a Linux bridge",
      lab: LAN,
      wants: "bridge:host/lan0",
      stranger: "ip link add lan0 type bridge",
      marked: alias("lan0"),
      other: LAN,
    },
    {
      title: "something else under the name of a Linux bridge",
      lab: LAN,
      wants: "bridge:host/lan0",
      holder: "interface:host/lan0",
      stranger: "ip link add lan0 type ifb",
      other: "links: [{ endpoints: ['host:lan0', 'host:x0'] }]\n",
      otherHolder: "veth:host/lan0~host/x0",
    },
  ],
  "ovs-bridge": [
    {
      title: "an Open vSwitch bridge",
      lab: OVS,
      wants: "ovs-bridge:ovs0",
      stranger: "ovs-vsctl add-br ovs0 -- set Bridge ovs0 datapath_type=netdev",
      marked: "ovs-vsctl get Bridge ovs0 external_ids:netlab | grep -q zoo",
      other: OVS,
    },
    {
      title: "a Linux bridge under the name of an Open vSwitch bridge",
      lab: OVS,
      wants: "ovs-bridge:ovs0",
      holder: "bridge:host/ovs0",
      stranger: "ip link add ovs0 type bridge",
      other: "bridges: { ovs0: {} }\n",
      otherHolder: "bridge:host/ovs0",
    },
  ],
  veth: [
    {
      title: "a veth pair",
      lab: CABLE,
      wants: "veth:host/a0~host/b0",
      stranger: "ip link add a0 type veth peer name b0",
      marked: alias("a0"),
      other: CABLE,
    },
    {
      title: "a device under the name of one end",
      lab: `${RED}links: [{ endpoints: ['host:a0', 'red:eth0'] }]\n`,
      wants: "veth:host/a0~red/eth0",
      holder: "interface:host/a0",
      stranger: "ip link add a0 type ifb",
      other: CABLE,
      otherHolder: "veth:host/a0~host/b0",
    },
    {
      title: "a device under the name of one end, in a namespace of the lab",
      first: "namespaces: { red: {}, blue: {} }\n",
      lab: "namespaces: { red: {}, blue: {} }\nlinks: [{ endpoints: ['red:eth0', 'blue:eth0'] }]\n",
      wants: "veth:blue/eth0~red/eth0",
      holder: "interface:red/eth0",
      stranger: "ip -n red link add eth0 type ifb",
      other: { script: "ip -n red link set eth0 alias netlab:ape" },
    },
    {
      title: "a macvlan on one cable under the name of another one's end",
      first: "namespaces: { red: {}, blue: {} }\nlinks: [{ endpoints: ['red:eth0', 'blue:eth0'] }]\n",
      lab: "namespaces: { red: {}, blue: {} }\nlinks: [{ endpoints: ['red:eth0', 'blue:eth0'] }, { endpoints: ['red:eth1', 'blue:eth1'] }]\n",
      wants: "veth:blue/eth1~red/eth1",
      holder: "interface:red/eth1",
      stranger: "ip -n red link add eth1 link eth0 type macvlan",
      other: { script: "ip -n red link set eth1 alias netlab:ape" },
    },
  ],
  "ovs-port": [
    {
      title: "an Open vSwitch port",
      first: OVS,
      lab: PORT,
      wants: "ovs-port:p0",
      stranger: "ovs-vsctl add-port ovs0 p0 2>/dev/null || true",
      marked: "ovs-vsctl get Port p0 external_ids:netlab | grep -q zoo",
      other: { script: "ovs-vsctl set Port p0 external_ids:netlab=ape" },
    },
    {
      title: "an Open vSwitch port of another bridge",
      lab: INTERNAL,
      wants: "ovs-port:tap1",
      stranger: `ovs-vsctl add-br alien -- set Bridge alien datapath_type=netdev
        ovs-vsctl add-port alien tap1 -- set Interface tap1 type=internal`,
      marked: "ovs-vsctl get Port tap1 external_ids:netlab | grep -q zoo",
      other: INTERNAL.replace("red", "ape-red").replaceAll("ovs0", "ovs1"),
    },
    {
      title: "a device under the name of an internal port",
      lab: INTERNAL,
      wants: "ovs-port:tap1",
      holder: "interface:host/tap1",
      stranger: "ip link add tap1 type ifb",
      other: "links: [{ endpoints: ['host:tap1', 'host:x0'] }]\n",
      otherHolder: "veth:host/tap1~host/x0",
    },
  ],
  placement: [
    {
      title: "a device in the namespace under the name of an internal port",
      first: RED,
      lab: INTERNAL,
      wants: "placement:red/tap1",
      holder: "interface:red/tap1",
      stranger: "ip -n red link add tap1 type ifb",
      other: { script: "ip -n red link set tap1 alias netlab:ape" },
    },
  ],
  tap: [
    {
      title: "a tap device",
      lab: TAP,
      wants: "tap:host/tap0",
      stranger: "ip tuntap add dev tap0 mode tap user root",
      marked: alias("tap0"),
      other: TAP,
    },
    {
      title: "something else under the name of a tap device",
      lab: TAP,
      wants: "tap:host/tap0",
      holder: "bridge:host/tap0",
      stranger: "ip link add tap0 type bridge",
      other: "bridges: { tap0: {} }\n",
      otherHolder: "bridge:host/tap0",
    },
  ],
  port: { none: "it is made on a device of the lab: who has the device has the port" },
  interface: { none: "it comes with what makes the device: a cable, a bridge, a port, a namespace" },
  takeover: [
    {
      title: "an interface of the machine in a bridge",
      machine: "ip link add eth9 type ifb; ip link set eth9 up; ip address add 192.0.2.9/24 dev eth9",
      lab: "bridges: { lan0: { ports: { eth9: {} } } }\n",
      wants: "takeover:host/eth9",
      other: "bridges: { lan1: { ports: { eth9: {} } } }\n",
    },
  ],
  loan: [
    {
      title: "an interface of the machine in a namespace",
      machine: "ip link add eth9 type ifb; ip link set eth9 up",
      lab: "namespaces: { red: { interfaces: { eth9: { existing: true } } } }\n",
      wants: "takeover:host/eth9",
      other: "bridges: { lan1: { ports: { eth9: {} } } }\n",
    },
  ],
  offload: { none: "it is set on a device of the lab" },
  address: { none: "it is set on a device of the lab; the same on another device is a warning" },
  route: [
    {
      title: "a route of the host",
      lab: ROUTE,
      wants: "route:host/254/198.51.100.0/24",
      stranger: "ip route add unreachable 198.51.100.0/24",
      marked: "ip -N route show 198.51.100.0/24 | grep -q 'proto 110'",
      other: ROUTE,
    },
  ],
  nat: [
    {
      title: "a table of the host under the name of the lab's",
      lab: "host: { nat: { masquerade: [{ source: 10.9.0.0/24 }] } }\n",
      wants: "nat:host",
      stranger: `nft '${TABLE}; add rule inet netlab_zoo output counter'`,
      marked: `nft list table inet netlab_zoo | grep -q 'masquerade comment "netlab:zoo"'`,
      other: { script: `nft 'add rule inet netlab_zoo output counter comment "netlab:ape"'` },
    },
  ],
  firewall: { none: "its rules stand beside those of others, and have the lab in their comments" },
  "etc-file": { none: "it is outside of the boxes' own folders: dhcp.test.ts has the conflict" },
  service: { none: "its folder has the lab in its name" },
  process: { none: "no lab wants one" },
};
