// Things that are not the lab's: beside it on the machine, and in its own namespaces. All their names begin with a q.
import fc from "fast-check";
import { groupOf } from "../../src/topology/derive.js";

/** Shell lines that make one thing; `n` is in its names and numbers. */
type Maker = (n: number) => string;

const address = (n: number) => `172.30.${n}.1/24`;

const BESIDE: Maker[] = [
  (n) => `ip netns add q${n}; ip -n q${n} link set lo up
    ip link add qa${n} type veth peer name qb${n} netns q${n}
    ip address add ${address(n)} dev qa${n}; ip link set qa${n} up; ip -n q${n} link set qb${n} up
    ip -n q${n} address add 172.30.${n}.2/24 dev qb${n}; ip -n q${n} route add default via 172.30.${n}.1
    ip netns exec q${n} sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.qb${n}.rp_filter=2
    ip netns exec q${n} nft 'add table inet netlab_zoo { chain x { type filter hook input priority 0; }; }'`,
  (n) => `ip netns add q${n}; setsid nsenter --net=/run/netns/q${n} tail -s ${n} -f /dev/null >/dev/null 2>&1 &
    timeout 10 sh -c 'until pgrep -fx "tail -s ${n} -f /dev/null" >/dev/null; do sleep 0.02; done'`,
  (n) => `ip netns add q${n}; ip -n q${n} link set lo alias netlab:ape up; ip -n q${n} link add e0 type bridge
    ip -n q${n} link set e0 alias netlab:ape`,
  (n) => `ip link add qbr${n} type bridge stp_state 1; ip link add qc${n} type veth peer name qd${n}
    ip link set qc${n} master qbr${n} up; ip address add ${address(n)} dev qbr${n}; ip link set qbr${n} up mtu 1300
    sysctl -qw net.ipv4.conf.qbr${n}.rp_filter=2 net.ipv4.conf.qc${n}.forwarding=1`,
  (n) => `ovs-vsctl add-br qs${n} -- set Bridge qs${n} datapath_type=netdev external_ids:owner=q -- \
      add-port qs${n} qi${n} tag=${n} -- set Interface qi${n} type=internal
    ip address add ${address(n)} dev qs${n}; ip link set qs${n} up`,
  (n) => `ovs-vsctl add-br qs${n} -- set Bridge qs${n} datapath_type=netdev external_ids:netlab=ape`,
  (n) => `ip tuntap add dev qt${n} mode tap user root; ip link set qt${n} alias uplink-${n} group ${groupOf("zoo")}`,
  (n) => `ip address add 172.31.${n}.1/32 dev lo; ip address add fd30:${n}::1/128 dev lo`,
  (n) =>
    `ip route add blackhole 172.29.${n}.0/24 proto 110; ip route add unreachable 172.29.${n}.0/25 table ${500 + n}`,
  (n) => `ip link add ql${n} type ifb; ip link set ql${n} up; ip address add ${address(n)} dev ql${n}
    ip route add 172.28.${n}.0/24 via 172.30.${n}.9 dev ql${n} proto 110
    ip route add 172.28.${n}.0/24 dev ql${n} metric 50 table ${500 + n}; ip -6 route add fd28:${n}::/64 dev ql${n}`,
  (n) =>
    `ip rule add pref ${3000 + n} from 172.30.${n}.0/24 lookup ${500 + n}; ip -6 rule add pref ${3000 + n} iif lo prohibit`,
  (n) => `nft 'add table inet qt${n}; add chain inet qt${n} c { type nat hook postrouting priority 100; }
    add rule inet qt${n} c ip saddr 10.0.0.0/24 counter masquerade'`,
  (n) =>
    `nft 'add table ip netlab_zoo${n}; add set ip netlab_zoo${n} s { type ipv4_addr; elements = { 10.9.9.${n} } }'`,
  (n) => `sysctl -qw net.ipv4.icmp_ratelimit=${777 + n} net.core.somaxconn=${500 + n}`,
];

const INSIDE: Maker[] = [
  (n) => `ip link add q${n} type ifb; ip address add ${address(n)} dev q${n}; ip link set q${n} up
    ip route add 172.28.${n}.0/24 via 172.30.${n}.9 dev q${n}; ip route add 172.28.${n}.0/24 dev q${n} table ${300 + n}
    sysctl -qw net.ipv4.conf.q${n}.rp_filter=2`,
  (n) => `ip link add qa${n} type veth peer name qb${n}; ip link set qa${n} mtu 1300 up; ip link set qb${n} up
    ip address add ${address(n)} dev qa${n}`,
  (n) => `ip tuntap add dev qt${n} mode tap user root; ip link set qt${n} alias uplink-${n}`,
  (n) => `ip link add qg${n} type bridge; ip link add qc${n} type veth peer name qd${n}
    ip link set qc${n} master qg${n}; ip link set qg${n} up`,
  (n) =>
    `ip route add blackhole 172.29.${n}.0/24 proto static; ip route add prohibit 172.29.${n}.0/25 table ${300 + n}`,
  (n) => `nft 'add table inet qt${n} { chain c { type filter hook input priority 0; policy accept; }; }'`,
  (n) => `ip rule add pref ${3000 + n} from 172.30.${n}.0/24 lookup ${300 + n}`,
  // What a routing daemon has over an interface of the lab, where one has an address.
  (n) => `dev=$(ip -o -4 address show up scope global | awk '$2 !~ /^q/ { print $2; exit }')
    test -z "$dev" || ip route add 172.28.${n}.0/24 dev "$dev" proto 12`,
];

export interface Foreign {
  /** A shell script that makes them. */
  script: string;
  count: number;
}

const some = (makers: Maker[], least: number, first: number): fc.Arbitrary<Foreign> =>
  fc.array(fc.nat(makers.length - 1), { minLength: least, maxLength: 8 }).map((chosen) => ({
    script: chosen.map((maker, index) => makers[maker]!(first + index)).join("\n"),
    count: chosen.length,
  }));

/** On the machine beside the lab. */
export const beside = some(BESIDE, 4, 1);
/** In a namespace of the lab. */
export const inside = some(INSIDE, 1, 31);

type Row = { [key: string]: unknown };
interface Place {
  links: Row[];
  routes: Row[];
  rules: Row[];
  nft: Row[];
  sysctls: string[];
}

const isForeign = (name: unknown) => name === "lo" || String(name).startsWith("q");
const OURS = /^(10\.|fd00|fd9[89]|fe80|ff00|multicast)/;
const isMulticast = ({ dst }: Row) => /^(fe80|ff00|multicast)/.test(String(dst));
/** `ip -j` names the device of a route with one nexthop; one without a device is known by where it leads. */
const isForeignRoute = (one: Row) =>
  !isMulticast(one) &&
  // The lab's own, and those that go with IPv6 where the lab switches it off.
  !(one.protocol === "110" || String(one.dst) === "::1") &&
  (one.dev ? isForeign(one.dev) && !OURS.test(String(one.dst)) : /^172\.2[89]\./.test(String(one.dst)));
const tableOf = (object: Row) => Object.values(object).map((one) => (one as Row).table ?? (one as Row).name);
const staticOnly = (link: Row): Row => ({
  ...link,
  addr_info: (link.addr_info as Row[]).filter(({ scope }) => scope !== "link"),
});

/** Of a place that the lab shares with others: what is theirs. */
function foreignIn({ links, routes, rules, nft, sysctls }: Place): Place {
  return {
    links: links.filter(({ ifname }) => isForeign(ifname) && ifname !== "lo").map(staticOnly),
    routes: routes.filter((one) => isForeignRoute(one)),
    rules,
    nft: nft.filter((one) => !tableOf(one).includes("netlab_zoo")),
    // The kernel writes forwarding, and defaults that nobody has set on a device, to every device.
    sysctls: sysctls.filter((line) => /conf\.(q|qbr)\d+\.rp_filter|icmp_ratelimit|somaxconn/.test(line)),
  };
}

/** Of a fingerprint: all that is not the lab's, whose namespaces are named. */
export function foreignPart(fingerprint: string, labs: string[]): string {
  const { places, ovs, processes } = JSON.parse(fingerprint) as {
    places: { [name: string]: Place };
    ovs: { [table: string]: Row[] };
    processes: string[];
  };
  const kept = Object.entries(places).flatMap(([name, place]) => {
    if (labs.includes(name)) return [];
    return [[name, name === "host" ? foreignIn(place) : place]];
  });
  const rows = ["Bridge", "Port", "Interface"].map((table) =>
    ovs[`${table} table`]!.filter(({ name }) => isForeign(name)),
  );
  return JSON.stringify([kept, rows, processes.filter((name) => name === "tail")], null, 1);
}

/**
 * Of a fingerprint: what is foreign in the lab's namespaces, routes over the lab's interfaces among it.
 * @param later a fingerprint by which some of those interfaces are gone, or have no address: routes over them are left out
 * (`ridingIn` names them)
 */
export function foreignWithin(fingerprint: string, labs: string[], later = fingerprint): string {
  const { places } = JSON.parse(fingerprint) as { places: { [name: string]: Place } };
  const { kept } = ridingIn(fingerprint, labs, later);
  return JSON.stringify(
    labs.map((name) => [name, { ...foreignIn(places[name]!), riding: kept[name] }]),
    null,
    1,
  );
}

/** Routes of others over the lab's interfaces, by namespace; and ids of those whose interface cannot bear them later. */
export function ridingIn(fingerprint: string, labs: string[], later: string) {
  const { places } = JSON.parse(fingerprint) as { places: Places };
  const { places: laterPlaces } = JSON.parse(later) as { places: Places };
  const kept: { [name: string]: Row[] } = {};
  const lost: string[] = [];
  for (const name of labs) {
    const bearers = laterPlaces[name]!.links.filter(bears).map(({ ifname }) => ifname);
    const riding = places[name]!.routes.filter(({ dev, dst }) => !isForeign(dev) && THEIRS.test(String(dst)));
    kept[name] = riding.filter(({ dev }) => bearers.includes(dev));
    lost.push(...riding.filter(({ dev }) => !bearers.includes(dev)).map(({ dst }) => `route:${name}/254/${dst}`));
  }
  return { kept, lost };
}

type Places = { [name: string]: Place };

const THEIRS = /^172\.28\./;
const bears = ({ flags, addr_info }: Row): boolean =>
  (flags as string[]).includes("UP") && (addr_info as Row[]).some(({ family }) => family === "inet");
