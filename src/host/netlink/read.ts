// Reads places without a process: in their namespaces by turns, over netlink sockets and from /proc.
import type { RouteRow, Rows } from "../../kinds/rows.js";
import { HOST, type Place } from "../../topology/lab.js";
import { netnsPath } from "../namespaces.js";
import type { Ask } from "../read/ask.js";
import { linkRows, type ReadLink } from "../read/ip-links.js";
import { routeRows } from "../read/ip-routes.js";
import { ownSysctls } from "../read/sysctl.js";
import { type FoundLinks, readLinks } from "./links.js";
import { readRoutes } from "./routes.js";
import { toldSysctls } from "./settings.js";
import type { System } from "./system.js";
import { NETLINK_NETFILTER, readTable } from "./tables.js";

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
  const open = (protocol: number): number => {
    const fd = system.socket(protocol);
    sockets.push(fd);
    return fd;
  };
  const read = (): Unanswered => {
    const fd = open(NETLINK_ROUTE);
    const links = wanted.network || wanted.ask?.offload ? readLinks(system, fd) : undefined;
    const network = wanted.network && !(links && readNetwork(system, fd, links, place, found));
    if (!wanted.ask) return { network };
    const { sysctls, tables, offload } = wanted.ask;
    const told = toldSysctls(system, fd, sysctls, place === HOST ? undefined : links?.ipv6Off);
    rows.sysctl[place] = { ...ownSysctls([...sysctls].filter((key) => !(key in told))), ...told };
    if (offload && links)
      rows.offload[place] = [...links.names.values()].filter((name) => system.transmitChecksum(fd, name)).sort();
    const filter = tables.size > 0 ? open(NETLINK_NETFILTER) : undefined;
    const unknown = filter === undefined ? tables : readTables(system, filter, tables, place, rows);
    return { network, ask: { sysctls: new Set(), tables: unknown, offload: offload && !links } };
  };
  try {
    return place === HOST ? read() : system.inside(netnsPath(place), read);
  } catch {
    delete rows.nft[place]; // programs read all of it
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

/** @returns the tables that it does not know */
function readTables(system: System, fd: number, tables: Set<string>, place: Place, rows: Rows): Set<string> {
  const unknown = new Set<string>();
  for (const table of tables) {
    const found = readTable(system, fd, table);
    if (found === "unknown") unknown.add(table);
    else if (found) rows.nft[place] = [...(rows.nft[place] ?? []), ...found];
  }
  return unknown;
}
