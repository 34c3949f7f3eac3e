// What of a lab is for the host itself: its clients of DHCP and DNS, and whoever talks to an address of the host.
import type { Resource } from "../core/resource.js";
import type { Family } from "../topology/lab.js";
import type { FilterFamily } from "./filters.js";
import type { Packet } from "./packet-fate.js";

/** A device of the lab's that has addresses of the host. */
export interface Reached {
  name: string;
  /** Of a Linux bridge. */
  ports: string[];
  /** Each as a subnet of one. */
  addresses: Record<Family, string[]>;
  /** The lab has a DHCP server there, which is asked by clients without an address. */
  serves: boolean;
}

/**
 * Bridges with an interface of the machine in them: behind them is the world that the machine's firewall is there for.
 * @param here what the lab wants on the host
 */
export const openBridges = (here: Resource[]): Set<unknown> =>
  new Set(here.filter((r) => r.kind === "takeover").map(({ fields }) => fields.bridge));

/**
 * Open bridges are left out.
 * @param here what the lab wants on the host
 */
export function reachedBy(here: Resource[], bridges: { name: string; ports: string[] }[]): Reached[] {
  const open = openBridges(here);
  const servers = here.filter((r) => r.kind === "service" && words(r).includes("dnsmasq"));
  const ports = new Map(bridges.map((bridge) => [bridge.name, bridge.ports]));
  const byDevice = new Map<string, Reached["addresses"]>();
  for (const { at } of here.filter((r) => r.kind === "address")) {
    const own = byDevice.get(at.device as string) ?? { 4: [], 6: [] };
    own[at.family as Family].push(`${at.address}/${at.family === 4 ? 32 : 128}`);
    byDevice.set(at.device as string, own);
  }
  return [...byDevice]
    .filter(([name]) => name !== "lo" && !open.has(name))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, addresses]) => {
      const serves = servers.some((r) => words(r).includes(`--interface=${name}`));
      return { name, ports: ports.get(name) ?? [], addresses, serves };
    });
}

const words = ({ at }: Resource): string[] => at.command as string[];

/** Subnets that they may come from, where these are known. */
type Sources = Record<Family, string[] | undefined>;

/** The sorts of packets for the host that a chain of a family gets to see. */
export function packetsIn(family: FilterFamily, seen: Family[], reached: Reached[], from: Sources): Packet[] {
  return reached.flatMap(({ name, ports, addresses, serves }) => {
    const doors = family === "bridge" ? ports.map((port) => ({ in: port, bridge: name })) : [{ in: name }];
    return doors.flatMap((door) => [
      ...seen
        .filter((one) => addresses[one].length > 0)
        .map((one): Packet => ({ ...door, family: one, from: from[one], to: addresses[one], goal: "local" })),
      ...(serves && seen.includes(4) ? [{ ...door, ...DISCOVER }] : []),
    ]);
  });
}

/** RFC 2131, 4.1 */
const DISCOVER: Packet = { family: 4, from: ["0.0.0.0/32"], to: ["255.255.255.255/32"], goal: "broadcast" };
