// What can be changed by hand in what a lab's namespaces are set to: addresses, routes, settings and NAT.
import { type DriftFamily, drifted, ignored } from "./drift.js";
import { ROUTES, topology } from "./drift-linux.js";

const IPV4_ROUTES = ROUTES.filter((line) => !line.includes("fd09"));
const inNat = (rule: string) => `ip netns exec gw nft '${rule}'`;
const RELOAD = "nft delete table inet netlab_zoo; nft -f /run/nat; rm /run/nat";
const dropRule = (chain: string) => `handle=$(ip netns exec gw nft -a list chain inet netlab_zoo ${chain} |
  sed -n 's/.*# handle //p' | tail -n 1); ip netns exec gw nft delete rule inet netlab_zoo ${chain} handle $handle`;

export const network: DriftFamily = {
  about: "addresses, routes, settings and NAT",
  box: {},
  topology,
  cases: [
    drifted("an address is deleted", "ip -n red address delete fd01::1/64 dev eth0", "+ address:red/eth0/fd01::1/64"),
    drifted(
      "a primary address is deleted",
      "ip -n red address delete 10.1.0.1/24 dev eth0",
      "+ address:red/eth0/10.1.0.1/24",
      "+ address:red/eth0/10.1.0.11/24",
      ...IPV4_ROUTES,
    ),
    drifted(
      "an address is given a lifetime",
      "ip -n red address change 10.1.0.1/24 dev eth0 valid_lft 900 preferred_lft 900",
      "~ address:red/eth0/10.1.0.1/24: lifetime",
    ),
    drifted(
      "an IPv6 address is deprecated",
      "ip -n red address change fd01::1/64 dev eth0 preferred_lft 0",
      "~ address:red/eth0/fd01::1/64: lifetime",
    ),
    ignored(
      "a lease",
      "ip -n red address add 10.66.0.1/24 dev eth0 valid_lft 900 preferred_lft 900",
      "ip -n red address delete 10.66.0.1/24 dev eth0",
    ),
    drifted("a second address", "ip -n red address add 10.1.0.99/24 dev eth0", "- address:red/eth0/10.1.0.99/24"),
    drifted(
      "a second IPv6 address",
      "ip -n red address add fd01::99/64 dev eth0 nodad",
      "- address:red/eth0/fd01::99/64",
    ),
    drifted(
      "an address with another prefix",
      "ip -n red address delete fd01::1/64 dev eth0; ip -n red address add fd01::1/80 dev eth0 nodad",
      "+ address:red/eth0/fd01::1/64",
      "- address:red/eth0/fd01::1/80",
    ),
    drifted(
      "an address on another device",
      "ip -n red address delete 10.255.0.1/32 dev lo; ip -n red address add 10.255.0.1/32 dev eth0",
      "+ address:red/lo/10.255.0.1/32",
      "- address:red/eth0/10.255.0.1/32",
    ),
    drifted(
      "the second address of a subnet becomes the primary one",
      `ip -n red address flush dev eth0 scope global to 10.1.0.0/24
      ip -n red address add 10.1.0.11/24 brd + dev eth0; ip -n red address add 10.1.0.1/24 brd + dev eth0`,
      "± address:red/eth0/10.1.0.1/24: secondary",
      "± address:red/eth0/10.1.0.11/24: secondary",
      ...IPV4_ROUTES,
    ),

    drifted("a route is deleted", "ip -n red route delete default", "+ route:red/254/0.0.0.0/0"),
    drifted(
      "a route is replaced",
      "ip -n red route replace default via 10.1.0.253",
      "~ route:red/254/0.0.0.0/0: nexthops, protocol",
    ),
    drifted(
      "a route is made again, the same",
      "ip -n red route replace default via 10.1.0.254",
      "~ route:red/254/0.0.0.0/0: protocol",
    ),
    drifted(
      "an IPv6 route is replaced",
      "ip -n red -6 route replace fd09::/64 via fd01::fd",
      "~ route:red/254/fd09::/64: nexthops, protocol",
    ),
    drifted(
      "a route of another type",
      "ip -n red route replace unreachable 203.0.113.0/24 proto 110",
      "~ route:red/254/203.0.113.0/24: type",
    ),
    drifted(
      "a route with another source",
      "ip -n red route replace 10.9.0.0/16 via 10.1.0.254 src 10.1.0.11 proto 110",
      "~ route:red/254/10.9.0.0/16: src",
    ),
    drifted(
      "a route without its second gateway",
      "ip -n red route replace 10.8.0.0/16 via 10.1.0.254 proto 110",
      "~ route:red/254/10.8.0.0/16: nexthops",
    ),
    drifted(
      "a route with other weights",
      "ip -n red route replace 10.8.0.0/16 proto 110 nexthop via 10.1.0.254 weight 3 nexthop via 10.1.0.253 weight 1",
      "~ route:red/254/10.8.0.0/16: nexthops",
    ),
    drifted(
      "a route in another table",
      "ip -n red route delete 10.7.0.0/16 table 100; ip -n red route add 10.7.0.0/16 dev eth0 metric 50 table 101 proto 110",
      "+ route:red/100/10.7.0.0/16/metric 50",
      "- route:red/101/10.7.0.0/16/metric 50",
    ),
    drifted(
      "a second route with netlab's protocol",
      "ip -n red route add 10.66.0.0/16 via 10.1.0.254 proto 110",
      "- route:red/254/10.66.0.0/16",
    ),
    ignored("a second route", "ip -n red route add 10.66.0.0/16 via 10.1.0.254", "ip -n red route delete 10.66.0.0/16"),

    drifted(
      "forwarding is switched off",
      "ip netns exec gw sysctl -qw net.ipv4.ip_forward=0",
      "~ sysctl:gw/net.ipv4.ip_forward: value",
    ),
    drifted(
      "IPv6 forwarding is switched on",
      "ip netns exec red sysctl -qw net.ipv6.conf.all.forwarding=1",
      "~ sysctl:red/net.ipv6.conf.all.forwarding: value",
    ),
    drifted(
      "a setting is changed",
      "ip netns exec red sysctl -qw net.ipv4.conf.all.rp_filter=1",
      "~ sysctl:red/net.ipv4.conf.all.rp_filter: value",
    ),
    drifted(
      "a setting of a device is changed",
      "ip netns exec red sysctl -qw net.ipv4.conf.eth0.log_martians=0",
      "~ sysctl:red/net.ipv4.conf.eth0.log_martians: value",
    ),

    drifted("the NAT table is deleted", inNat("delete table inet netlab_zoo"), "+ nat:gw"),
    drifted("all of nftables is flushed", inNat("flush ruleset"), "+ nat:gw"),
    drifted("a masquerade rule is deleted", dropRule("postrouting"), "~ nat:gw: postrouting"),
    drifted("a forwarding rule is deleted", dropRule("prerouting"), "~ nat:gw: prerouting"),
    drifted("a rule is added", inNat("add rule inet netlab_zoo output tcp dport 99 drop"), "~ nat:gw: output"),
    drifted(
      "a rule is added to all chains",
      ["prerouting", "output", "postrouting"].map((c) => inNat(`add rule inet netlab_zoo ${c} counter`)).join("; "),
      "~ nat:gw: prerouting, output, postrouting",
    ),
    drifted(
      "a chain's policy is changed",
      inNat("add chain inet netlab_zoo output { policy drop; }"),
      "~ nat:gw: output",
    ),
    drifted(
      "the comments of the rules are taken away",
      `ip netns exec gw sh -c 'nft list table inet netlab_zoo | sed "s/ comment .*//" >/run/nat; ${RELOAD}'`,
      "~ nat:gw: mark",
    ),
    drifted("a chain is added", inNat("add chain inet netlab_zoo mine"), "~ nat:gw: foreign"),
    drifted("a set is added", inNat("add set inet netlab_zoo mine { type ipv4_addr; }"), "~ nat:gw: foreign"),
    drifted("a NAT table where none is wanted", "ip netns exec red nft add table inet netlab_zoo", "- nat:red"),
    ignored("a second table", inNat("add table inet mine"), inNat("delete table inet mine")),
  ],
};
