// Neighbours of an interface of the host (ARP, NDP), as ip(8) prints them, that go with it to a bridge: ip-neighbour(8).
import { contains, subnetOf } from "../topology/inet.js";
import type { Move, Side } from "./uplink-move.js";
import type { Entry } from "./uplink-words.js";

/** With packets on their way: the next one need not wait until a request has been answered, or asked once more after a second. */
const IN_USE = ["REACHABLE", "DELAY", "PROBE"];

const has = (neighbour: Entry, states: string[]) =>
  ((neighbour.state ?? []) as string[]).some((s) => states.includes(s));
const isV6 = ({ dst }: Entry): boolean => String(dst).includes(":");

/** Somebody has written it down, and nobody will ask. */
const isStatic = (neighbour: Entry): boolean => has(neighbour, ["PERMANENT"]);

/** What a journal keeps: of the others nobody knows for how long they stay true. */
export const written = (neighbours: Entry[] = []): Entry[] => neighbours.filter(isStatic);

/** Those that go along: static ones, those in use, and the gateways of the routes that do. */
export function known(neighbours: Entry[] = [], routes: Entry[]): Entry[] {
  const gateways = new Set(
    routes.flatMap((route) => ((route.nexthops ?? [route]) as Entry[]).map(({ gateway }) => gateway)),
  );
  const isUsable = (one: Entry) => isStatic(one) || has(one, IN_USE) || (gateways.has(one.dst!) && has(one, ["STALE"]));
  return neighbours.filter((one) => one.lladdr !== undefined && isUsable(one));
}

/** Those that are neighbours with these addresses alone. */
export const near = (neighbours: Entry[] = [], addresses: string[]): Entry[] =>
  neighbours.filter(
    ({ dst }) => /^fe80:/.test(`${dst}`) || addresses.some((own) => contains(subnetOf(own), String(dst))),
  );

/** Words after `ip neighbour`: before the addresses, so that the first packet finds them. A stale one is used at once, and asked about meanwhile. */
export function addNeighbours({ things, to, exact }: Move): string[][] {
  if (!to || to.row === "all") return [];
  const families = new Set([
    ...things.addresses.map(({ family }) => family === "inet6"),
    ...things.routes.map(({ pref }) => pref !== undefined),
  ]);
  return (exact ? written(things.neighbours) : (things.neighbours ?? []))
    .filter((one) => families.has(isV6(one)) && !isOn(to, one))
    .map((one) => ["replace", ...words(one, to.name), "nud", isStatic(one) ? "permanent" : "stale"]);
}

/** Words after `ip neighbour`. Static ones only: the others end by themselves. */
export const takeNeighbours = ({ things, from }: Move): string[][] =>
  from.flatMap((side) =>
    written(things.neighbours)
      .filter((one) => isOn(side, one))
      .map(({ dst }) => ["delete", String(dst), "dev", side.name]),
  );

const words = ({ dst, lladdr, router }: Entry, dev: string): string[] => [
  ...[String(dst), "lladdr", String(lladdr), "dev", dev],
  ...(router === undefined ? [] : ["router"]),
];

const isOn = ({ row }: Side, neighbour: Entry): boolean =>
  typeof row === "string"
    ? row === "all"
    : (row.neighbours ?? []).some(
        ({ dst, lladdr, ...one }) =>
          dst === neighbour.dst && lladdr === neighbour.lladdr && isStatic(one) === isStatic(neighbour),
      );
