// Reads places without a process: in their namespaces by turns, over netlink sockets and from /proc.
import type { RouteRow, Rows } from "../kinds/rows.js";
import { HOST, type Place } from "../topology/lab.js";
import type { Ask } from "./ask.js";
import { linkRows, type ReadLink } from "./ip-links.js";
import { routeRows } from "./ip-routes.js";
import { netnsPath } from "./namespaces.js";
import { type FoundLinks, readLinks } from "./netlink-links.js";
import { readRoutes } from "./netlink-routes.js";
import { isTold, toldSysctls } from "./netlink-settings.js";
import type { System } from "./netlink-system.js";
import { hasTable, NETLINK_NETFILTER } from "./netlink-tables.js";
import { ownSysctls } from "./sysctl-read.js";

const NETLINK_ROUTE = 0;

/** What was asked and could not be answered here: programs must be asked, who also know the words for what is wrong. */
export interface Unanswered {
  network: boolean;
  ask?: Ask;
}

export interface Found {
  links: Record<Place, ReadLink[]>;
  routes: Record<Place, RouteRow[]>;
}

/** Reads one place into the rows. Never throws. */
export function readPlace(
  system: System,
  place: Place,
  wanted: { network: boolean; ask?: Ask },
  found: Found,
  rows: Rows,
): Unanswered {
  const sockets: number[] = [];
  const there = <T>(work: () => T): T => (place === HOST ? work() : system.inside(netnsPath(place), work));
  const { sysctls = new Set<string>(), tables = new Set<string>(), offload = false } = wanted.ask ?? {};
  try {
    const files = there(() => {
      sockets.push(system.socket(NETLINK_ROUTE));
      if (tables.size > 0) sockets.push(system.socket(NETLINK_NETFILTER));
      return ownSysctls([...sysctls].filter((key) => !isTold(key)));
    });
    const [fd, filter] = sockets as [number, number];
    const links = wanted.network || offload ? readLinks(system, fd) : undefined;
    const network = wanted.network && !(links && readNetwork(system, fd, links, place, found));
    if (!wanted.ask) return { network };
    const told = toldSysctls(system, fd, sysctls, links?.ipv6Off);
    const rest = [...sysctls].filter((key) => isTold(key) && !(key in told));
    rows.sysctl[place] = { ...files, ...told, ...(rest.length > 0 && there(() => ownSysctls(rest))) };
    if (offload && links)
      rows.offload[place] = [...links.names.values()].filter((name) => system.transmitChecksum(fd, name)).sort();
    const present = [...tables].filter((table) => hasTable(system, filter, table));
    return { network, ask: { sysctls: new Set(), tables: new Set(present), offload: offload && !links } };
  } catch {
    return wanted;
  } finally {
    for (const fd of sockets) system.close(fd);
  }
}

function readNetwork(system: System, fd: number, links: FoundLinks, place: Place, found: Found): boolean {
  const routes = readRoutes(system, fd, links.names);
  if (!routes) return false;
  found.links[place] = linkRows(links.links);
  found.routes[place] = routeRows(routes);
  return true;
}
