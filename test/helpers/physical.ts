// A machine in a box with a "physical" interface of its own: an address, a default route, and a router with DHCP behind it.
import { readFileSync } from "node:fs";
import type { Box } from "./box.js";

/** A network card makes the checksums that a cable of the kernel's would leave away: ethtool(8), "tx". */
const ROUTER_DHCP =
  "dnsmasq --conf-file=/dev/null --user=root --group= --pid-file= --leasefile-ro --port=0 --no-ping --dhcp-authoritative " +
  "--bind-interfaces --interface=wan0 --except-interface=lo --dhcp-range=198.51.100.100,198.51.100.150,1h " +
  "--dhcp-host=02:00:5e:00:53:0a,198.51.100.10 --dhcp-option=option:router,198.51.100.1 " +
  "--dhcp-option=option:classless-static-route,0.0.0.0/0,198.51.100.1,10.77.128.0/17,198.51.100.2";

/** What the header of an example says that it needs: `# needs: a physical interface ens3`. */
export function physicalIn(file: string): string | undefined {
  return /^# needs: a physical interface (\S+)$/m.exec(readFileSync(file, "utf8"))?.[1];
}

/**
 * Makes the interface: one end of a cable whose other end is a router's. The router is in a namespace
 * that no lab knows. It serves DHCP, if dnsmasq is installed; the machine gets the address that it has.
 * @param more commands for the machine, in shell
 */
export async function plugIn(box: Box, name: string, more = ""): Promise<void> {
  await box.sh(`
    ip link set lo up
    ip netns add outside
    ip link add ${name} address 02:00:5e:00:53:0a type veth peer name wan0 netns outside address 02:00:5e:00:53:01
    ip link set dev ${name} up
    ip -n outside link set dev lo up
    ip -n outside link set dev wan0 up
    ip -n outside address add 198.51.100.1/24 dev wan0
    ip -n outside address add 2001:db8:53::1/64 dev wan0 nodad
    ip netns exec outside ethtool -K wan0 tx off >/dev/null
    ! command -v dnsmasq >/dev/null || ip netns exec outside ${ROUTER_DHCP}
    ip address add 198.51.100.10/24 broadcast + dev ${name}
    ip address add 2001:db8:53::10/64 dev ${name}
    ip route add default via 198.51.100.1 dev ${name}
    ip -6 route add default via 2001:db8:53::1 dev ${name}
    ${more}
    until [ -z "$(ip -6 address show tentative; ip -n outside -6 address show tentative)" ]; do sleep 0.1; done
  `);
}

/** All that an interface may have, of which nothing may get lost. */
export const RICH = `
  ip address add 198.51.100.20/24 dev ens3 label ens3:1
  ip address add 203.0.113.5/28 broadcast + dev ens3 metric 70 valid_lft 3600 preferred_lft 1800
  ip address add 203.0.113.6/28 dev ens3
  ip address add 203.0.113.97/28 dev ens3 scope link
  ip address add 10.9.9.1 peer 10.9.9.2/32 dev ens3 noprefixroute
  ip address add 2001:db8:53::11/64 dev ens3 nodad home mngtmpaddr valid_lft 4000 preferred_lft 300
  ip address add 2001:db8:54::11/64 dev ens3 nodad noprefixroute
  ip route add default via 198.51.100.1 dev ens3 proto static metric 100 mtu lock 1400 initcwnd 20
  ip route add 10.1.0.0/16 via 198.51.100.1 src 198.51.100.20 dev ens3 onlink
  ip route add 10.2.0.0/16 nexthop via 198.51.100.1 dev ens3 weight 3 nexthop via 198.51.100.2 dev ens3
  ip route add 10.3.0.0/16 dev ens3 scope link table 77 tos 0x10 quickack 1 features ecn congctl reno
  ip route add 10.4.0.0/16 via 203.0.113.1 dev ens3
  ip route append 10.4.0.0/16 via 203.0.113.2 dev ens3
  ip -6 route add default via fe80::1 dev ens3 metric 512 expires 900 proto ra pref high hoplimit 33
  ip neighbour add 198.51.100.7 lladdr 02:00:5e:00:53:07 dev ens3 nud permanent
  ip neighbour add 2001:db8:53::7 lladdr 02:00:5e:00:53:07 dev ens3 nud permanent router
  sysctl -q net.ipv6.conf.ens3.accept_ra=2 net.ipv4.conf.ens3.arp_notify=1
  ip -6 route add 2001:db8:5::/48 nexthop via 2001:db8:53::1 dev ens3 nexthop via 2001:db8:53::2 dev ens3
`;

const TIMES = / (?:expires|valid_lft|preferred_lft) (\d+)(?:sec)?/g;

/** How much of their time is left, in seconds: of addresses, then of routes, in the order of ip(8). */
export async function timesLeft(box: Box): Promise<number[]> {
  const text = await box.sh("ip address show; ip -6 route show table all");
  return [...text.matchAll(TIMES)].map(([, seconds]) => Number(seconds));
}

/** The machine's addresses and routes as ip(8) prints them, in its order, without how much of their time is left. */
export async function machineState(box: Box): Promise<string> {
  const text = await box.sh(
    `ip -d address show; ip -d -4 route show table all; ip -d -6 route show table all; ip rule
     ip neighbour show nud permanent | sort
     sysctl -e net.ipv6.conf.ens3.accept_ra net.ipv4.conf.ens3.arp_notify`,
  );
  return text.replace(TIMES, " FINITE");
}
