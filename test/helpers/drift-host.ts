// What can be changed by hand on the host, beside things that are not the lab's.
import { type DriftFamily, drifted, ignored, unmarked } from "./drift.js";

const topology = `
name: zoo
namespaces:
  red: { interfaces: { eth0: { addresses: [10.1.0.1/24] } }, routes: [{ to: default, via: 10.1.0.254 }] }
bridges:
  lan0: { addresses: [10.1.0.254/24] }
links:
  - endpoints: [red:eth0, lan0:p0]
host:
  firewall: accept
  forwarding: ipv4
  sysctl: { net.ipv4.conf.lan0.rp_filter: 2 }
  routes:
    - { to: 10.8.0.0/16, via: 10.1.0.1 }
    - { to: 198.51.100.0/24, type: unreachable }
  nat: { masquerade: [{ source: 10.1.0.0/24 }] }
`;

const FORGET = `
  const { readFileSync, writeFileSync } = require("fs"), ours = "/run/netlab/zoo/journal.json";
  const { routes, ...journal } = JSON.parse(readFileSync(ours));
  writeFileSync("/run/netlab/ape/journal.json", JSON.stringify({ ...journal, routes: [] }));
  writeFileSync(ours, JSON.stringify({ ...journal, routes, sysctls: {} }));`;
const UNREACHABLE = "route:host/254/198.51.100.0/24";
const FIREWALL = "firewall:host/ip/filter/FORWARD";

export const host: DriftFamily = {
  about: "the host's bridges, routes, settings, NAT and firewall",
  box: {},
  topology,
  before: "nft 'table ip filter { chain FORWARD { type filter hook forward priority filter; policy drop; }; }'",
  cases: [
    drifted(
      "a bridge is deleted",
      "ip link delete lan0",
      "+ bridge:host/lan0",
      "+ interface:host/lan0",
      "+ port:host/p0",
      "+ address:host/lan0/10.1.0.254/24",
      "+ route:host/254/10.8.0.0/16",
      "+ sysctl:host/net.ipv4.conf.lan0.rp_filter",
    ),
    drifted(
      "an address is deleted",
      "ip address delete 10.1.0.254/24 dev lan0",
      "+ address:host/lan0/10.1.0.254/24",
      "+ route:host/254/10.8.0.0/16",
    ),
    ignored("a device of others", "ip link add other0 type bridge", "ip link delete other0"),
    drifted(
      "a route is replaced",
      "ip route replace 10.8.0.0/16 via 10.1.0.2",
      "~ route:host/254/10.8.0.0/16: nexthops, protocol",
    ),
    drifted(
      "a route without a device is deleted",
      "ip route delete unreachable 198.51.100.0/24",
      "+ route:host/254/198.51.100.0/24",
    ),
    drifted(
      "forwarding is switched off",
      "sysctl -qw net.ipv4.ip_forward=0",
      "~ sysctl:host/net.ipv4.ip_forward: value",
    ),
    drifted(
      "a setting of a device is changed",
      "sysctl -qw net.ipv4.conf.lan0.rp_filter=0",
      "~ sysctl:host/net.ipv4.conf.lan0.rp_filter: value",
    ),
    drifted("the NAT table is deleted", "nft delete table inet netlab_zoo", "+ nat:host"),
    drifted(
      "a rule of the firewall is deleted",
      `handle=$(nft -a list chain ip filter FORWARD | sed -n 's/.*# handle //p' | tail -n 1)
      nft delete rule ip filter FORWARD handle $handle`,
      `~ ${FIREWALL}: rules, passes`,
    ),
    drifted("the rules of the firewall are flushed", "nft flush chain ip filter FORWARD", `+ ${FIREWALL}`),
    drifted(
      "a rule with the mark is added",
      `nft add rule ip filter FORWARD iifname '"lan9"' accept comment '"netlab:zoo"'`,
      `~ ${FIREWALL}: rules`,
    ),
    ignored(
      "a rule of others",
      "nft add rule ip filter FORWARD tcp dport 99 accept",
      `handle=$(nft -a list chain ip filter FORWARD |
      sed -n 's/.*dport 99.*# handle //p'); nft delete rule ip filter FORWARD handle $handle`,
    ),
    {
      title: "marked rules in a second chain",
      drift: `nft 'add chain ip filter mine; add rule ip filter mine accept comment "netlab:zoo"'`,
      plan: ["- firewall:host/ip/filter/mine"],
      undo: "nft delete chain ip filter mine",
    },
    {
      title: "the journal forgets the settings of the host, and another lab needs them",
      drift: `mkdir /run/netlab/ape; node -e '${FORGET}'`,
      plan: ["~ sysctl:host/net.ipv4.ip_forward: registered", "~ sysctl:host/net.ipv4.conf.lan0.rp_filter: registered"],
      undo: "rm -r /run/netlab/ape",
    },
    unmarked(
      "the journal is lost",
      UNREACHABLE,
      "mv /run/netlab /run/lost",
      "mv /run/lost /run/netlab",
      `+ ${UNREACHABLE}`,
    ),
  ],
};
