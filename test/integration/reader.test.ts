// The two readers give the same rows: for every example, for random labs, and for what neither has.
import { readdirSync } from "node:fs";
import path from "node:path";
import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Json } from "../../src/core/resource.js";
import { ruleText } from "../../src/kinds/nft-text.js";
import type { LinkRow, Rows } from "../../src/kinds/rows.js";
import { arbitraryTopology } from "../helpers/arbitrary-topology.js";
import { type Box, withBox } from "../helpers/box.js";
import { physicalIn, plugIn } from "../helpers/physical.js";

const EXAMPLES = path.resolve(import.meta.dirname, "../../examples");
const files = readdirSync(EXAMPLES, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".yaml"))
  .sort();
const READ = path.resolve(import.meta.dirname, "../helpers/read-both.mjs");

const soak = process.env.NETLAB_SOAK === "1";
const RANDOM = soak ? 200 : 6;
/** Its own, not those of the differential test. */
const SEED = Number(process.env.NETLAB_SEED ?? (soak ? Date.now() % 1_000_000 : 100));

describe("netlink reads what ip reads", () => {
  test.each(files)("%s", async (name) => {
    await withBox({ ovs: true }, async (box) => {
      const file = path.join(EXAMPLES, name);
      const physical = physicalIn(file);
      if (physical) await plugIn(box, physical);
      expect(await box.netlab(["apply", "--yes", file])).toMatchObject({ code: 0 });
      const { known } = await expectSame(box);
      expect(Object.values(known)).not.toContain(false);
    });
  });

  test.each(Array.from({ length: RANDOM }, (_, index) => SEED + index))("random lab, seed %i", async (seed) => {
    const [topology] = fc.sample(arbitraryTopology({ name: "zoo", ovs: soak }), { numRuns: 1, seed });
    await withBox({ ovs: true }, async (box) => {
      const made = await box.netlab(["apply", "--yes", "-"], { input: JSON.stringify(topology) });
      expect(made, made.stderr).toMatchObject({ code: 0 });
      const { ip, known } = await expectSame(box);
      expect(Object.values(known)).not.toContain(false);
      const wanted = Object.keys(topology!.namespaces ?? {});
      expect(Object.keys(ip.link)).toEqual(expect.arrayContaining(wanted));
    });
  });

  test("routes, addresses and links of every sort", async () => {
    await withBox({}, async (box) => {
      await box.sh(SORTS);
      const { netlink } = await expectSame(box);
      expect(netlink.route.n1).toHaveLength(13);
      const unusual = netlink.route.n1!.filter(({ more }) => more).map(({ dst }) => dst);
      expect(unusual.sort()).toEqual(["4.4.1.0/24", "4.4.2.0/24", "fd44:1::/64", "fd44:2::/64"]);
      const eth0 = netlink.link.n1!.find(({ name }) => name === "eth0")!;
      expect(eth0.addresses.flatMap(({ given }) => given ?? [])).toEqual([
        { scope: 253, peer: "10.8.1.2" },
        { metric: 7, noprefixroute: true, label: "eth0:x" },
      ]);
      expect(netlink.link.n1).toContainEqual(expect.objectContaining({ name: "ly", alias: "of mine", group: 77 }));
      expect(netlink.link.host).toContainEqual(expect.objectContaining({ name: "v1", portData: { hairpin: true } }));
      expect(netlink.nft.n0).toBeDefined();
      expect(netlink.offload.n1).toContain("eth0");
      expect(netlink.offload.n0).not.toContain("eth0");
    });
  });

  test("cables in a ring, whose ends have the same indexes everywhere", async () => {
    await withBox({}, async (box) => {
      await box.sh(RING);
      const { netlink } = await expectSame(box);
      const peers = [0, 1, 2, 3, 4].map((i) => netlink.link[`r${i}`]!.map(({ peer }) => peer?.place));
      expect(netlink.link.r0).toContainEqual(expect.objectContaining({ name: "out", peer: null }));
      expect(peers.map((places) => places.filter(Boolean))).toEqual([
        ["r4", "r1"],
        ["r0", "r2"],
        ["r1", "r3"],
        ["r2", "r4"],
        ["r3", "r0"],
      ]);
    });
  });

  test("settings, where the devices say what the namespace has, and where they say something else", async () => {
    await withBox({}, async (box) => {
      await box.sh(SETTINGS);
      const { netlink } = await expectSame(box);
      const [forward4, forward6, off6] = [
        "net.ipv4.ip_forward",
        "net.ipv6.conf.all.forwarding",
        "net.ipv6.conf.all.disable_ipv6",
      ];
      expect(netlink.sysctl).toMatchObject({
        plain: { [forward4]: "0", [forward6]: "0", [off6]: "0" },
        router: { [forward4]: "1", [forward6]: "1", [off6]: "0" },
        off: { [off6]: "1" },
        device: { [off6]: "0" },
        others: { [off6]: "1" },
        each: { [off6]: "0" },
      });
    });
  });

  test("the rules that netlab writes, without nft", async () => {
    await withBox({}, async (box) => {
      const made = await box.netlab(["apply", "--yes", "-"], { input: RULES });
      expect(made, made.stderr).toMatchObject({ code: 0 });
      const { known, netlink } = await expectSame(box);
      expect(known).toEqual({ "host netlab_rules": true, "r1 netlab_rules": true });
      const rules = netlink.nft.r1!.flatMap((one) => (one as { rule?: { expr: Json[]; comment: string } }).rule ?? []);
      expect(new Set(rules.map(({ comment }) => comment))).toEqual(new Set(["netlab:rules"]));
      expect(new Set(rules.map(({ expr }) => ruleText(expr))).size).toBe(22);
    });
  });

  test("rules of others: as nft says them, or left to nft", async () => {
    await withBox({}, async (box) => {
      const tables = [...ALIKE, ...OTHERS];
      for (const [i, table] of tables.entries())
        await box.sh(`ip netns add n${i}; nsenter --net=/run/netns/n${i} nft -f -`, { input: table });
      const { known } = await expectSame(box);
      expect(tables.filter((_, i) => known[`n${i} netlab_x`])).toEqual(ALIKE);
    });
  });

  test("a namespace with a kind of link that netlink does not decode is read by ip", async () => {
    await withBox({}, async (box) => {
      await box.sh(
        "ip netns add n0; ip -n n0 link add l0 type veth peer name l1; ip -n n0 link add m0 link l0 type macvlan",
      );
      const { netlink } = await expectSame(box, true);
      expect(netlink.link.n0!.find(({ name }) => name === "m0")).toHaveProperty("data.mode");
    });
  });

  test("what a device stands on, in its own namespace, in another and out of sight", async () => {
    await withBox({}, async (box) => {
      await box.sh(STANDING);
      const { netlink } = await expectSame(box, true);
      const lower = (place: string) =>
        Object.fromEntries(netlink.link[place]!.flatMap((row) => (row.lower ? [[row.name, row.lower]] : [])));
      expect(lower("n0")).toEqual({ m0: { place: "n0", name: "e0" }, x0: { place: "n0", name: "e0" } });
      expect(lower("n1")).toEqual({ m1: { place: "n0", name: "e0" }, m2: { place: "host", name: "v0" } });
      expect(netlink.link.n1!.map(({ name }) => name)).toEqual(expect.arrayContaining(["m3", "x2"]));
      expect(netlink.link.host!.map(({ name }) => name)).toEqual(expect.arrayContaining(["m4", "b77"]));
      expect(lower("host")).toEqual({});
    });
  });
});

/** m3 and m4 stand on devices in a namespace without a name, x2 on one of the namespace that it was made in. */
const STANDING = `
for i in 0 1 2; do ip netns add n$i; done
ip link add v0 type veth peer name e0 netns n0
ip -n n0 link add m0 link e0 type macvlan mode bridge
ip -n n0 link add x0 type vxlan id 7 dev e0 dstport 4789 group 239.0.0.1
ip -n n0 link add x1 type vxlan id 8 dstport 4790
ip -n n0 link add m1 link e0 type macvlan mode bridge
ip -n n0 link set m1 netns n1
ip link add m2 link v0 type macvlan mode bridge
ip link set m2 netns n1
ip -n n0 link add x2 type vxlan id 9 dev e0 dstport 4791 group 239.0.0.2
ip -n n0 link set x2 netns n1
ip -n n2 link add g0 index 77 type veth peer name g1 index 78
ip link add b77 index 77 type bridge
ip -n n2 link add m3 link g1 type macvlan mode bridge
ip -n n2 link set m3 netns n1
ip -n n2 link add m4 link g0 type macvlan mode bridge
ip -n n2 link set m4 netns $$
nsenter --net=/run/netns/n2 sleep 1000 >/dev/null 2>&1 &
timeout 60 sh -c 'until ip netns pids n2 | grep -q .; do sleep 0.02; done'
ip netns delete n2`;

const SORTS = `
for i in 0 1; do ip netns add n$i; done
ip link add br0 up type bridge stp_state 1
for i in 0 1; do
  ip link add v$i up master br0 type veth peer name eth0 netns n$i
  ip -n n$i link set eth0 up; ip -n n$i link set lo up
  ip -n n$i addr add 10.0.0.$((i + 1))/16 dev eth0; ip -n n$i addr add fd00::$((i + 1))/64 dev eth0 nodad
done
ip link set v1 type bridge_slave hairpin on
ip -n n1 -batch - <<END
addr add 10.0.0.77/16 dev eth0
addr add fe80::1/64 dev eth0 nodad
addr add ::ffff:1.2.3.4/128 dev eth0 nodad
addr add 2001:db8::1/64 dev eth0 valid_lft 1000 preferred_lft 500 nodad
link add lx type veth peer name ly
link set ly alias "of mine" group 77
route add 1.2.3.0/24 via 10.0.0.9 metric 5 table 100
route add 1.0.0.0/8 via inet6 fd00::9 dev eth0
route add blackhole 9.9.9.0/24
route add 8.8.0.0/16 nexthop via 10.0.0.5 weight 2 nexthop via 10.9.0.5 dev eth0 onlink
route add 7.7.7.7 dev eth0 src 10.0.0.77
route add prohibit 6.6.6.6
route add ::/0 nexthop via fd00::5 weight 3 nexthop via fd00::6
route add unreachable fd77::/64
route add 5.5.5.0/24 via 10.0.0.3 proto 110
route add 4.4.1.0/24 via 10.0.0.3 mtu 1300
route add 4.4.2.0/24 dev eth0 scope host
route add fd44:1::/64 dev eth0 expires 1000
route add fd44:2::/64 dev eth0 pref high
addr add 10.8.0.1/24 dev eth0 label eth0:x metric 7 noprefixroute
addr add 10.8.1.1 peer 10.8.1.2/32 dev eth0 scope link
END
nsenter --net=/run/netns/n0 ethtool -K eth0 tx off
nsenter --net=/run/netns/n0 nft add table inet netlab_x
`;

const RING = `
for i in 0 1 2 3 4; do ip netns add r$i; done
for i in 0 1 2 3 4; do
  ip link add right index 11 netns r$i type veth peer name left index 10 netns r$((($i + 1) % 5))
done
unshare -n sleep 600 >/dev/null 2>&1 & nameless=$!
until [ "$(readlink /proc/$nameless/ns/net)" != "$(readlink /proc/self/ns/net)" ]; do :; done
ip link add out index 12 netns r0 type veth peer name in index 11 netns $nameless
`;

const SETTINGS = `
for name in plain router off device others each; do
  ip netns add $name
  ip -n $name link add eth0 type veth peer name eth1
done
set_in() { nsenter --net=/run/netns/$1 sysctl -qw $2; }
set_in router net.ipv4.ip_forward=1
set_in router net.ipv6.conf.all.forwarding=1
set_in off net.ipv6.conf.all.disable_ipv6=1
set_in device net.ipv6.conf.eth0.disable_ipv6=1
set_in others net.ipv6.conf.all.disable_ipv6=1
set_in others net.ipv6.conf.eth0.disable_ipv6=0
for device in lo eth0 eth1; do set_in each net.ipv6.conf.$device.disable_ipv6=1; done
`;

/** Every form of masquerade and forward. */
const RULES = `
name: rules
bridges:
  br0: { addresses: [10.1.0.254/24, "fd01::254/64"] }
namespaces:
  r1:
    forwarding: true
    interfaces:
      eth0: { addresses: [10.1.0.1/24, 10.2.16.1/20, "fd01::1/64", "fd02::1/61"] }
      a-name.of_15chr: { addresses: [10.3.0.1/24] }
    nat:
      masquerade:
        - { source: 10.0.0.0/8 }
        - { source: 10.2.0.0/16, out: eth0 }
        - { source: 10.1.0.0/24, out: a-name.of_15chr }
        - { source: 10.2.16.0/20 }
        - { source: 10.1.0.7/32, out: eth0 }
        - { source: "fd01::/64", out: eth0 }
        - { source: "fd02::/61" }
        - { source: "fd01::7/128" }
        - { out: eth0 }
      forward:
        - { protocol: tcp, port: 80, to: "10.1.0.9:8080" }
        - { protocol: udp, port: 53, to: "10.2.17.9:53" }
        - { protocol: sctp, port: 65535, to: "10.9.0.9:1" }
        - { address: 10.1.0.1, protocol: tcp, port: 22, to: "10.1.0.9:22" }
        - { address: 10.2.16.1, to: 10.1.0.8 }
        - { protocol: tcp, port: 443, to: "[fd01::9]:8443" }
        - { address: "fd01::1", protocol: udp, port: 1, to: "[fd02::9]:1" }
        - { address: "fd02::1", to: "fd02::9" }
links:
  - endpoints: [r1:eth0, br0:v0]
  - endpoints: [r1:a-name.of_15chr, br0:v1]
host:
  forwarding: true
  nat:
    masquerade: [{ source: 10.1.0.0/24 }]
    forward: [{ protocol: tcp, port: 8080, to: "10.1.0.1:80" }]
`;

const table = (lines: string) => `table inet netlab_x { ${lines} }\n`.replaceAll("}", "\n}");
const base = (hook: string, rules: string, more = "") =>
  table(`chain ${hook} { type nat hook ${hook} priority -100; ${more}\n${rules}\n}`);

/** Not by netlab, but made of what it writes. */
const ALIKE = [
  ...["", "chain postrouting { type nat hook postrouting priority 100; policy drop; }"],
  ...["prerouting", "input", "output", "postrouting"].map(
    (hook) => `chain of-mine_${hook} { type nat hook ${hook} priority 7; }`,
  ),
  "chain f { type filter hook forward priority 0; policy drop; }",
  "chain f { type route hook output priority mangle; }",
]
  .map(table)
  .concat(
    [
      "masquerade",
      "ip daddr 10.0.0.1 masquerade",
      "ip saddr != 10.0.0.0/9 ip daddr 10.0.0.0/31 masquerade",
      "ip6 saddr ::/1 ip6 daddr != ::ffff:1.2.3.4 masquerade",
      "ip6 saddr ::1.2.0.0/112 masquerade",
      "ip saddr & 255.255.254.0 == 10.0.0.0 masquerade",
      'meta nfproto ipv4 ip saddr 10.0.0.1 oifname "eth0" masquerade comment "somebody\'s"',
      'ct status dnat oifname "eth0" tcp dport 1 masquerade',
      "fib daddr type local masquerade",
    ].map((rule) => base("postrouting", rule)),
    ["ip daddr 10.0.0.1 tcp dport http dnat 10.0.0.2:https"].map((rule) => base("prerouting", rule)),
  );

/** Nothing of this is known. */
const OTHERS = [
  "set s { type ipv4_addr; elements = { 10.0.0.1 } }",
  "map m { type ipv4_addr : verdict; }",
  "counter c { }",
  "chain c { }",
  "chain c { ip saddr 10.0.0.1 masquerade; }",
  'chain c { comment "of mine"; type nat hook prerouting priority 0; }',
  "chain d { type nat hook prerouting priority 0; jump c; }; chain c { }",
  'comment "of mine"; chain c { type nat hook prerouting priority 0; }',
  "chain i { type filter hook ingress device lo priority 0; }",
]
  .map(table)
  .concat(
    [
      "accept",
      "counter masquerade",
      "masquerade random",
      "tcp dport 80 masquerade to :1024-2048",
      'log prefix "x" masquerade',
      "snat ip to 10.0.0.1",
      "ip saddr { 10.0.0.1, 10.0.0.2 } masquerade",
      "ip saddr & 255.0.255.0 == 10.0.1.0 masquerade",
      "ip saddr 10.0.0.0-10.0.255.255 masquerade",
      "ip saddr > 10.0.0.1 masquerade",
      "ip daddr 10.0.0.1 ip saddr 10.0.0.2 masquerade",
      'oifname "eth*" masquerade',
      'oifname != "eth0" masquerade',
      'iifname "eth0" masquerade',
      'oif "lo" masquerade',
      "meta nfproto ipv4 masquerade",
      "meta nfproto ipv6 tcp dport 80 masquerade",
      "ip protocol tcp masquerade",
      "ip version 4 masquerade",
      "tcp sport 80 masquerade",
      "tcp dport != 80 masquerade",
      "tcp dport 80-90 masquerade",
      "dccp dport 80 masquerade",
      "th dport 80 masquerade",
      "icmp type echo-request masquerade",
      "ct status snat masquerade",
      "ct status dnat,snat masquerade",
      "ct status != dnat masquerade",
      "ct state new masquerade",
      "ct original ip saddr 10.0.0.1 masquerade",
      "fib saddr type local masquerade",
      "fib daddr . mark type local masquerade",
      "fib daddr type broadcast masquerade",
      "meta mark 1 masquerade",
      "meta mark set 1 masquerade",
      "limit rate 1/second masquerade",
      "ip saddr 10.0.0.1",
    ].map((rule) => base("postrouting", rule)),
    [
      "dnat ip to 10.0.0.1",
      "tcp dport 80 dnat ip to 10.0.0.1:80",
      "ip daddr 10.0.0.1 dnat ip to 10.0.0.2-10.0.0.3",
      "ip daddr 10.0.0.1 tcp dport 80 dnat ip to 10.0.0.2:80-90",
      "ip daddr 10.0.0.1 dnat ip to 10.0.0.2 persistent",
      "ip daddr 10.0.0.1 tcp dport 80 dnat to :90",
      "ip daddr 10.0.0.1 tcp dport 80 redirect to :90",
      "ip daddr 10.0.0.1 dnat ip to ip saddr map { 10.0.0.1 : 10.0.0.2 }",
    ].map((rule) => base("prerouting", rule)),
  );

/** `known`: whether netlink alone is enough for a table, by `PLACE TABLE`. */
interface Both {
  ip: Rows;
  netlink: Rows;
  known: Record<string, boolean>;
}

/** Reads until both say the same: address detection goes on meanwhile. What differs to the end is shown. */
async function expectSame(box: Box, whole = false): Promise<Both> {
  for (const until = Date.now() + 10_000; ; ) {
    const ran = await box.run([process.execPath, READ]);
    expect(ran.code, ran.stderr).toBe(0);
    const read: Both = JSON.parse(ran.stdout);
    const [ip, netlink] = whole ? [read.ip, read.netlink] : [comparable(read.ip), comparable(read.netlink)];
    if (isDeepStrictEqual(ip, netlink)) return read;
    if (Date.now() > until) expect(netlink).toEqual(ip);
  }
}

const USED = new Set(["stp_state", "type", "user", "vnet_hdr", "multi_queue", "persist"]);

/** Of what is particular to a kind of link, netlink reads what netlab uses. */
function comparable(rows: Rows): Rows {
  const plain = (link: LinkRow): LinkRow => ({
    ...link,
    data: Object.fromEntries(Object.entries(link.data).filter(([key]) => USED.has(key))),
    portData: "hairpin" in link.portData ? { hairpin: link.portData.hairpin! } : {},
  });
  const link = Object.fromEntries(Object.entries(rows.link).map(([place, links]) => [place, links.map(plain)]));
  return { ...rows, link };
}
