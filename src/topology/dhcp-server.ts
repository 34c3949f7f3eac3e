// The serving side of DHCP and DNS on a bridge: dnsmasq(8), as a service of the bridge's place.
import { networkOf, parseCidr } from "./inet.js";
import type { Interface, Service } from "./lab.js";

/** What is plugged into the bridge: a namespace's interface, and the address that it is always to get. */
export interface Plugged {
  mac: string;
  name: string;
  lease?: string;
}

export interface Server {
  name: string;
  origin: string;
  bridge: Interface;
  /** First and last address. */
  ranges: [string, string][];
  plugged: Plugged[];
  gateway: boolean;
  dns: boolean;
  /** Name servers that are asked what the lab does not know. */
  forward: string[];
  /** Names and their static addresses. */
  hosts: { name: string; addresses: string[] }[];
}

/**
 * It opens its sockets and leases as root, and then becomes somebody who may do nothing else, where there are others: a
 * sandbox has root alone. dnsmasq(8) "--user"
 */
const SERVER = `# DHCP and DNS
user=root group=
for one in dnsmasq nobody; do
  if setpriv --reuid "$one" --clear-groups true; then user=$one group=$(id -gn "$one"); break; fi
done 2>/dev/null
exec dnsmasq --user="$user" --group="$group" --dhcp-leasefile="$NETLAB_FOLDER/leases" "$@"`;

const LEASE_TIME = "1h";

/** `--no-ping`: it would wait three seconds for an answer before it offers an address. */
const ALWAYS = [
  ..."--keep-in-foreground --conf-file=/dev/null --log-facility=-".split(" "),
  ..."--no-resolv --no-hosts --no-poll --no-ping --bind-dynamic --except-interface=lo --dhcp-authoritative".split(" "),
];

export function dhcpServer({ name, origin, ...server }: Server): Service {
  const { bridge, ranges, plugged, gateway, dns, forward, hosts } = server;
  const isV6 = (address: string) => address.includes(":");
  const args = [
    ...ALWAYS,
    `--interface=${bridge.name}`,
    ...ranges.map(([first, last]) =>
      isV6(first)
        ? `--dhcp-range=${first},${last},slaac,${prefixOf(bridge, first)},${LEASE_TIME}`
        : `--dhcp-range=${first},${last},${LEASE_TIME}`,
    ),
    ...(ranges.some(([first]) => isV6(first)) ? ["--enable-ra"] : []),
    ...(gateway ? [] : ["--dhcp-option=option:router"]),
    ...plugged.map(
      ({ mac, name: host, lease }) =>
        `--dhcp-host=${[mac, ...(lease ? [bracketed(lease)] : []), ...(host ? [host] : [])].join(",")}`,
    ),
    ...(dns ? [] : ["--port=0"]),
    ...(dns ? hosts.map(({ name: host, addresses }) => `--host-record=${[host, ...addresses].join(",")}`) : []),
    ...(dns ? forward.map((address) => `--server=${address}`) : []),
  ];
  return {
    ...{ name, origin, restart: "always", directory: "/", env: {}, ready: "log:^dnsmasq\\[\\d+\\]: started" },
    command: ["sh", "-c", SERVER, "dnsmasq", ...args],
  };
}

const bracketed = (address: string) => (address.includes(":") ? `[${address}]` : address);

/** The prefix length of the bridge's subnet that an address is in; undefined where it is in none. */
export function prefixOf({ addresses }: Interface, address: string): number | undefined {
  return addresses.find(({ address: own, prefix }) => {
    const [a, b] = [parseCidr(`${own}/${prefix}`), parseCidr(`${address}/${prefix}`)];
    return a && b && a.family === b.family && networkOf(a).value === networkOf(b).value;
  })?.prefix;
}
