// What can be changed by hand in the namespaces of a lab, with the kernel's own devices.
import { type DriftFamily, drifted, ignored, unmarked } from "./drift.js";

export const topology = `
name: zoo
namespaces:
  red:
    interfaces:
      eth0: { addresses: [10.1.0.1/24, 10.1.0.11/24, "fd01::1/64"], mtu: 1400 }
      lo: { addresses: [10.255.0.1/32] }
    sysctl: { net.ipv4.conf.all.rp_filter: 2, net.ipv4.conf.eth0.log_martians: 1 }
    routes:
      - { to: default, via: 10.1.0.254 }
      - { to: 10.8.0.0/16, nexthops: [{ via: 10.1.0.254, weight: 2 }, { via: 10.1.0.253 }] }
      - { to: 10.9.0.0/16, via: 10.1.0.254, src: 10.1.0.1 }
      - { to: 10.7.0.0/16, dev: eth0, metric: 50, table: 100 }
      - { to: 203.0.113.0/24, type: blackhole }
      - { to: "fd09::/64", via: "fd01::fe" }
  gw:
    forwarding: true
    bridges:
      v0: { addresses: [10.1.0.254/24, "fd01::fe/64"], ports: { p0: { hairpin: true } } }
      v1: { stp: true }
      v2: { up: false }
    interfaces:
      eth1: { addresses: [10.2.0.1/24] }
      tap0: { kind: tap, owner: nobody, vnet_hdr: true }
    nat:
      masquerade: [{ source: 10.1.0.0/24, out: eth1 }]
      forward: [{ protocol: tcp, port: 8080, to: "10.1.0.1:80" }]
links:
  - endpoints: [red:eth0, gw/v0:p0]
  - endpoints: [red:eth1, gw:eth1]
`;

/** The kernel frees the devices of a deleted namespace after its name. */
const GONE = "until ! ip -n gw link show p0 && ! ip -n gw link show eth1; do sleep 0.02; done 2>/dev/null >/dev/null";

const CABLE = "veth:gw/p0~red/eth0";
/** All that rides on the cable from red to the bridge, its own ends included. */
const LOST = [
  ...[`+ ${CABLE}`, "+ interface:red/eth0", "+ interface:gw/p0", "+ port:gw/p0"],
  ...["+ address:red/eth0/*", "+ sysctl:red/net.ipv4.conf.eth0.log_martians"],
  ...["default", "10.8", "10.9", "10.7", "fd09"].map((to) => `+ route:red/*${to === "default" ? "0.0.0.0/0" : to}*`),
];
export const ROUTES = LOST.filter((line) => line.startsWith("+ route:"));
/** The tap made again by hand, with the lab's marks. */
const tap = (options: string) => `
  shown=$(ip -n gw -d -j link show tap0)
  mac=$(echo "$shown" | sed 's/.*"address":"\\([^"]*\\).*/\\1/')
  group=$(echo "$shown" | sed 's/.*"group":"\\([^"]*\\).*/\\1/')
  ip -n gw link delete tap0; ip -n gw tuntap add dev tap0 mode tap ${options}
  ip -n gw link set tap0 address $mac group $group alias netlab:zoo up`;

export const linux: DriftFamily = {
  about: "namespaces, cables, Linux bridges and taps",
  box: {},
  topology,
  cases: [
    drifted(
      "a namespace is deleted",
      `ip netns delete red; ${GONE}`,
      ...[...LOST, "+ namespace:red", "+ veth:gw/eth1~red/eth1", "+ interface:*/eth1", "+ address:gw/eth1/10.2.0.1/24"],
      ...["+ interface:red/lo", "+ address:red/lo/*", "+ sysctl:red/*", "+ route:red/*203.0.113.0/24"],
    ),
    drifted(
      "a namespace is renamed, with a process in it",
      `ip netns exec red sleep 1000 >/dev/null 2>&1 &
      until ip netns pids red | grep -q .; do sleep 0.02; done
      touch /run/netns/green; mount --bind /run/netns/red /run/netns/green; umount /run/netns/red; rm /run/netns/red`,
      ...[...LOST, "+ namespace:red", "+ veth:gw/eth1~red/eth1", "+ interface:*/eth1", "+ address:gw/eth1/10.2.0.1/24"],
      ...["+ interface:red/lo", "+ address:red/lo/*", "+ sysctl:red/*", "+ route:red/*203.0.113.0/24"],
      ...["- namespace:green", "- *:green/*", "- process:green/*"],
    ),
    ignored("a second namespace", "ip netns add green", "ip netns delete green"),
    drifted(
      "a second namespace with the mark",
      "ip netns add green; ip -n green link set lo alias netlab:zoo",
      "- namespace:green",
    ),
    unmarked(
      "a namespace's mark is taken off",
      "namespace:red",
      "ip -n red link set lo alias ''",
      "ip -n red link set lo alias netlab:zoo",
      ...[
        "+ namespace:red",
        "~ interface:red/lo: alias",
        "+ address:red/lo/10.255.0.1/32",
        ...ROUTES,
        "+ route:red/*203.0.113.0/24",
      ],
    ),
    drifted("lo is set down", "ip -n red link set lo down", "~ interface:red/lo: up"),

    drifted("a cable is deleted", "ip -n red link delete eth0", ...LOST),
    drifted(
      "a cable's end is renamed",
      "ip -n red link set eth0 down name eth9 up",
      ...LOST,
      "- veth:gw/p0~red/eth9",
      "- *:red/eth9*",
    ),
    drifted(
      "a cable's end is moved to another namespace",
      "ip -n red link set eth0 netns gw name eth9",
      ...LOST,
      "- *:gw/eth9*",
      "- veth:gw/eth9~gw/p0",
    ),
    ignored("a second cable", "ip -n red link add x0 type veth peer name x1", "ip -n red link delete x0"),
    drifted(
      "a second cable with the mark",
      "ip -n red link add x0 type veth peer name x1; ip -n red link set x0 alias netlab:zoo",
      "- veth:red/x0~red/x1",
      "- interface:red/x*",
    ),

    drifted("a MAC is changed", "ip -n red link set eth0 address 02:00:00:00:00:99", "~ interface:red/eth0: mac"),
    drifted("an MTU is changed", "ip -n red link set eth0 mtu 1450", "~ interface:red/eth0: mtu"),
    drifted(
      "an MTU too small for IPv6",
      "ip -n red link set eth0 mtu 1200",
      "~ interface:red/eth0: mtu",
      "+ address:red/eth0/fd01::1/64",
      "+ route:red/254/fd09::/64",
    ),
    drifted("a group is changed", "ip -n red link set eth0 group 0", "~ interface:red/eth0: group"),
    drifted("an alias is changed", "ip -n red link set eth0 alias ''", "~ interface:red/eth0: alias"),
    drifted(
      "a device is set down",
      "ip -n red link set eth0 down",
      "~ interface:red/eth0: up",
      "+ address:red/eth0/fd01::1/64",
      ...ROUTES,
    ),
    drifted("a device is set up that is to be down", "ip -n gw link set v2 up", "~ interface:gw/v2: up"),
    drifted(
      "a second device with the mark",
      "ip -n red link add ifb9 type ifb; ip -n red link set ifb9 alias netlab:zoo",
      "- interface:red/ifb9",
    ),
    ignored("a second device", "ip -n red link add ifb9 type ifb", "ip -n red link delete ifb9"),

    drifted(
      "a bridge is deleted",
      "ip -n gw link delete v0",
      "+ bridge:gw/v0",
      "+ interface:gw/v0",
      "+ port:gw/p0",
      "+ address:gw/v0/*",
    ),
    drifted(
      "a bridge is renamed",
      "ip -n gw link set v0 down name v9 up",
      "+ bridge:gw/v0",
      "+ interface:gw/v0",
      "+ address:gw/v0/*",
      "+ port:gw/p0",
      "- *:gw/v9*",
    ),
    drifted("spanning tree is switched on", "ip -n gw link set v0 type bridge stp_state 1", "~ bridge:gw/v0: stp"),
    drifted("spanning tree is switched off", "ip -n gw link set v1 type bridge stp_state 0", "~ bridge:gw/v1: stp"),
    drifted("a bridge's MAC is changed", "ip -n gw link set v0 address 02:00:00:00:00:98", "~ interface:gw/v0: mac"),
    drifted(
      "a bridge is set down",
      "ip -n gw link set v0 down",
      "~ interface:gw/v0: up",
      "+ address:gw/v0/fd01::fe/64",
    ),
    drifted(
      "a second bridge with the mark",
      "ip -n gw link add v9 type bridge; ip -n gw link set v9 alias netlab:zoo",
      "- bridge:gw/v9",
      "- interface:gw/v9",
    ),
    ignored(
      "an option of a bridge that the file cannot say",
      "ip -n gw link set v0 type bridge ageing_time 1000",
      "ip -n gw link set v0 type bridge ageing_time 30000",
    ),

    drifted("a port is taken out of its bridge", "ip -n gw link set p0 nomaster", "+ port:gw/p0"),
    drifted("a port is put into another bridge", "ip -n gw link set p0 master v1", "~ port:gw/p0: bridge, hairpin"),
    drifted("hairpin is switched off", "ip -n gw link set p0 type bridge_slave hairpin off", "~ port:gw/p0: hairpin"),
    drifted("a second port", "ip -n gw link set eth1 master v1", "- port:gw/eth1"),
    ignored(
      "an option of a port that the file cannot say",
      "ip -n gw link set p0 type bridge_slave isolated on",
      "ip -n gw link set p0 type bridge_slave isolated off",
    ),

    drifted("a tap is deleted", "ip -n gw link delete tap0", "+ tap:gw/tap0", "+ interface:gw/tap0"),
    drifted("a tap of another user", tap("user root vnet_hdr"), "± tap:gw/tap0: owner", "+ interface:gw/tap0"),
    drifted("a tap without virtio headers", tap("user nobody"), "± tap:gw/tap0: vnet_hdr", "+ interface:gw/tap0"),
    drifted(
      "a tap with many queues",
      tap("user nobody vnet_hdr multi_queue"),
      "± tap:gw/tap0: multi_queue",
      "+ interface:gw/tap0",
    ),
    drifted(
      "a tap is moved to another namespace",
      "ip -n gw link set tap0 netns red",
      "+ tap:gw/tap0",
      "+ interface:gw/tap0",
      "- tap:red/tap0",
      "- interface:red/tap0",
    ),
    drifted(
      "a tap is renamed",
      "ip -n gw link set tap0 down name tap9",
      "+ tap:gw/tap0",
      "+ interface:gw/tap0",
      "- tap:gw/tap9",
      "- interface:gw/tap9",
    ),
    drifted(
      "a second tap with the mark",
      "ip -n gw tuntap add dev tap9 mode tap user root; ip -n gw link set tap9 alias netlab:zoo",
      "- tap:gw/tap9",
      "- interface:gw/tap9",
    ),
  ],
};
