// The commands that move addresses and routes between an interface of the host and a bridge.
import type { Command } from "../core/resource.js";
import { HOST } from "../topology/lab.js";
import type { UplinkRow } from "./rows.js";
import { addNeighbours, takeNeighbours } from "./uplink-neighbours.js";
import { addressKey, addressWords, type Entry, isDirect, isV6, lasts, routeKey, routeWords } from "./uplink-words.js";

export const ip = (...args: string[]): Command => ({ tool: "ip", place: HOST, args });

/** A device and what of the things is on it: what was read, or all, or none of them. */
export interface Side {
  name: string;
  row: UplinkRow | "all" | "none";
}

export interface Move {
  /** The interface, in whose terms things are written down. */
  uplink: string;
  /** What there is to move, as it was. */
  things: UplinkRow;
  from: Side[];
  /** Undefined: the things are only taken off. */
  to?: Side;
  /** As they were, to the last flag. */
  exact?: boolean;
}

/** Additions before removals, so that no socket ever loses its address. */
export function move(what: Move): Command[] {
  const { commands, to } = straightened(what);
  const rest = to ? { ...what, to } : what;
  return [
    ...commands,
    ...addNeighbours(rest).map((words) => ip("neighbour", ...words)),
    ...addAddresses(rest),
    ...moveRoutes(rest),
    ...takeNeighbours(rest).map((words) => ip("neighbour", ...words)),
    ...takeAddresses(rest),
  ];
}

const same = (a: Entry) => (b: Entry) => a.local === b.local && a.prefixlen === b.prefixlen && a.address === b.address;

const hasAddress = ({ row }: Side, a: Entry): boolean =>
  typeof row === "string" ? row === "all" : row.addresses.some(same(a));

const hasRoute = ({ row, name }: Side, route: Entry, uplink: string): boolean => {
  if (typeof row === "string") return row === "all";
  const key = routeKey(route, uplink, name).join(" ");
  return row.routes.some((one) => routeKey(one, name, name).join(" ") === key);
};

/** IPv4 addresses are kept in the order in which they come; of IPv6 ones the last is the first of its scope. */
const inOrder = (addresses: Entry[]): Entry[] => [
  ...addresses.filter((a) => !isV6(a)),
  ...addresses.filter(isV6).reverse(),
];

/**
 * What is back already, but in another order or otherwise than it was, goes once more: somebody added it by hand, or an
 * earlier return was cut short.
 */
function straightened({ uplink, things, to, exact }: Move): { commands: Command[]; to?: Side } {
  if (!to || !exact || typeof to.row === "string") return { commands: [], ...(to && { to }) };
  const { row, name } = to;
  const back = row.addresses.filter((a) => things.addresses.some(same(a)));
  const isStraight = [true, false].every((six) => {
    const words = (all: Entry[]) => inOrder(all.filter((a) => isV6(a) === six)).map((a) => plainWords(a, uplink));
    const wanted = words(things.addresses);
    return words(back).every((one, index) => one === wanted[index]);
  });
  if (isStraight) return { commands: [], to };
  const clear = { uplink, things: { ...things, addresses: back }, from: [{ name, row }] };
  return {
    commands: [...moveRoutes(clear), ...takeAddresses(clear)],
    to: {
      name,
      row: { ...row, addresses: row.addresses.filter((a) => !back.includes(a)), routes: [], neighbours: [] },
    },
  };
}

/** An address without its time, and without the flag that says how it was made. */
const plainWords = ({ valid_life_time: _, preferred_life_time: __, ...a }: Entry, uplink: string): string =>
  addressWords(a, uplink, uplink, false).join(" ");

function addAddresses({ uplink, things, to, exact }: Move): Command[] {
  if (!to || to.row === "all") return [];
  const { row } = to;
  return inOrder(things.addresses).flatMap((a) => {
    const words = (nodad: boolean) => addressWords(a, uplink, to.name, nodad);
    // Without the flag it would be tentative for a second or two: it is taken off when the address is there.
    const plain = exact && isV6(a) && a.nodad !== true ? [ip("address", "change", ...words(false))] : [];
    const there = typeof row === "string" ? undefined : row.addresses.find(same(a));
    if (!there) return [ip("address", "add", ...words(true)), ...plain];
    return there.nodad === true ? plain : [];
  });
}

/** Direct ones first: the gateways of others are reached by them. */
function moveRoutes({ uplink, things, from, to }: Move): Command[] {
  const routes = [...things.routes].sort((a, b) => Number(isDirect(b)) - Number(isDirect(a)));
  const begun = new Set<string>();
  return routes.flatMap((route) => {
    const take = (sides: Side[]) =>
      sides
        .filter((side) => hasRoute(side, route, uplink))
        .map(({ name }) => ip("route", "delete", ...routeKey(route, uplink, name)));
    if (!to) return take(from);
    // Of several routes to one destination the first counts: what comes after a missing one is appended once more.
    const group = `${route.table} ${route.dst} ${route.tos} ${route.metric} ${"pref" in route}`;
    if (!begun.has(group) && hasRoute(to, route, uplink)) return take(from);
    begun.add(group);
    return [...take([...from, to]), ip("route", "append", ...routeWords(route, uplink, to.name))];
  });
}

/**
 * Secondary IPv4 addresses before the primary, with which they would go. Of an IPv6 address with a lifetime the kernel would
 * leave the subnet's route behind until its end: it is made to last first.
 */
const takeAddresses = ({ things, from }: Move): Command[] =>
  from.flatMap((side) =>
    [...things.addresses]
      .reverse()
      .filter((a) => hasAddress(side, a))
      .flatMap((a) => {
        const key = addressKey(a, side.name);
        const ends = isV6(a) && !lasts(a) && a.noprefixroute !== true;
        return [
          ...(ends ? [ip("address", "change", ...key, "valid_lft", "forever", "preferred_lft", "forever")] : []),
          ip("address", "delete", ...key),
        ];
      }),
  );

/** None of the things is there. */
export const isClear = (things: UplinkRow, uplink: string, side: Side): boolean =>
  !things.addresses.some((a) => hasAddress(side, a)) && !things.routes.some((one) => hasRoute(side, one, uplink));

/** All of the things that last are there. */
export const isThere = (things: UplinkRow, uplink: string, side: Side): boolean =>
  things.addresses.every((a) => !lasts(a) || hasAddress(side, a)) &&
  things.routes.every((one) => !lasts(one) || hasRoute(side, one, uplink));
