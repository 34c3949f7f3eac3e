// An interface of the host in a bridge of the lab: what is on the interface moves to the bridge, and comes back with it.
import { asked, type Command, type Json, ofKind, owned, type Resource } from "../core/resource.js";
import { HOST, type Interface, type Lab, type Place, type Uplink } from "../topology/lab.js";
import type { Kind, Reading } from "./kind.js";
import type { Facts, Rows, UplinkRow } from "./rows.js";
import * as slot from "./slots.js";
import { cutsConnection, refusals } from "./uplink-advice.js";
import { ip, isClear, isThere, type Move, move, type Side } from "./uplink-move.js";
import { near, written } from "./uplink-neighbours.js";
import { aged, attributeWords, fits, movable, renewed } from "./uplink-words.js";

export const takeoverId = (name: string): string => `takeover:${HOST}/${name}`;

interface At {
  name: string;
  /** What was on the interface before the lab took it; null where there is no such interface. */
  things: UplinkRow | null;
  /** Addresses that the file gives the bridge: those of the interface are only taken off then. */
  declared: string[];
  /** A DHCP client looks after the bridge: what came along is its to change. */
  client?: boolean;
  linux: boolean;
  /** Live only: the interface, and bridges that may have its things. */
  own?: Side;
  sides?: Side[];
}

const resource = (fields: Resource["fields"], at: At): Resource => ({
  id: takeoverId(at.name),
  kind: "takeover",
  place: HOST,
  fields,
  at: at as unknown as Resource["at"],
});

const atOf = (r: Resource) => r.at as unknown as At;
const bridgeOf = (r: Resource) => (r.fields.bridge ?? null) as string | null;

export const takeover: Kind = {
  name: "takeover",
  about:
    "An interface of the host in a bridge or namespace of the lab: a bridge gets its addresses and routes; they come back with it.",
  fields: {
    bridge: {
      about: "the bridge that it is a port of",
      way: (from) => (from === null ? "update" : "replace"),
      traffic: "flap",
    },
    namespace: { about: "the namespace that it is lent to", way: "replace", traffic: "rebuild" },
    hairpin: { about: "frames may leave by the port they came in (Linux)", way: "update", traffic: "none" },
    moved: { about: "its addresses and routes are on the bridge, and not on itself", way: "update", traffic: "flap" },
  },

  expand: (lab, facts) => [
    ...lab.host.uplinks.map((uplink) => wanted(uplink, lab, facts)),
    ...borrowed(lab).map(({ name, place, origin }) => {
      const row = facts.uplinks?.[name];
      const at = { name, things: row ? movable(row) : null, declared: [], linux: true };
      return asked(resource({ namespace: place }, at), origin);
    }),
  ],
  sources: (desired) => (ofKind(desired, "takeover").length > 0 ? [{ rows: "uplinks" }, { rows: "ovs" }] : []),
  read: (rows, reading) => {
    const isAt = (place: Place, name: string) => rows.link[place]?.some((link) => link.name === name);
    return Object.entries(rows.journal.uplinks)
      .filter(([name, { namespace }]) => isAt(HOST, name) || (namespace && isAt(namespace, name)))
      .map(([name, { namespace }]) => (namespace ? lent(name, rows, reading) : found(name, rows, reading)));
  },
  refuse: refusals,
  advise: cutsConnection,

  provides: (r) => [
    slot.addressed(HOST),
    slot.taken(atOf(r).name),
    ...(atOf(r).declared.length > 0 || !bridgeOf(r)
      ? []
      : familiesOf(r).map((family) => slot.inet(HOST, bridgeOf(r) ?? "", family))),
  ],
  needs: (r) => [
    ...(bridgeOf(r) ? [slot.link(HOST, bridgeOf(r)!), slot.up(HOST, bridgeOf(r)!)] : []),
    ...(atOf(r).linux ? [] : [slot.ovs(atOf(r).name)]),
  ],
  after: (r) => [
    ...(bridgeOf(r) ? [slot.settings(HOST, bridgeOf(r)!)] : []),
    ...(atOf(r).declared.length > 0 ? [4, 6].map((family) => slot.inet(HOST, bridgeOf(r)!, family)) : []),
  ],

  create: (r) => take(r, undefined, Object.keys(r.fields)),
  update: (from, to, fields) => take(to, from, fields),
  remove: giveBack,
  note: (_, r) =>
    atOf(r).things
      ? {
          uplinks: {
            [atOf(r).name]: {
              ...atOf(r).things,
              neighbours: written(atOf(r).things?.neighbours),
              bridge: bridgeOf(r),
              namespace: r.fields.namespace ?? null,
            } as unknown as { [key: string]: Json },
          },
        }
      : undefined,
};

const familiesOf = (r: Resource) => [
  ...new Set(atOf(r).things?.addresses.map(({ family }) => (family === "inet6" ? 6 : 4))),
];

/** Interfaces of the host that namespaces of the lab get. */
export const borrowed = (lab: Lab): { place: Place; name: string; origin: string }[] =>
  lab.namespaces.flatMap(({ name: place, interfaces }) =>
    interfaces.flatMap(({ name, made, origin }) => (made === "existing" ? [{ place, name, origin }] : [])),
  );

/** MAC of a device: its own, or that of the machine's interface in it, by which the neighbours know the machine. */
export const macFor = (device: Interface | undefined, facts: Facts): string | undefined =>
  device?.mac ?? (device?.macOf === undefined ? undefined : facts.uplinks?.[device.macOf]?.mac);

function wanted({ name, port, origin }: Uplink, lab: Lab, facts: Facts): Resource {
  const row = facts.uplinks?.[name];
  const bridge = lab.host.interfaces.find((device) => device.name === port.bridge);
  const linux = port.kind === "linux";
  const fields = { bridge: port.bridge, ...(linux && { hairpin: port.hairpin }), moved: true };
  const declared = bridge?.addresses.map(({ address, prefix }) => `${address}/${prefix}`) ?? [];
  return asked(
    resource(fields, { name, things: row ? movable(row) : null, declared, linux, client: bridge?.dhcp ?? false }),
    origin,
  );
}

/** One that is lent to a namespace: another kind moves it, this one knows what it had. */
function lent(name: string, rows: Rows, { lab }: Reading): Resource {
  const { bridge: _, namespace, lab: owner, ...taken } = rows.journal.uplinks[name]!;
  const row = rows.uplinks?.[name];
  const own: Side = { name, row: row ?? "none" };
  const at = { name, things: row ? aged(taken, row.read) : taken, declared: [], linux: true, own, sides: [] };
  return owned(resource({ namespace }, at), owner === lab ? "lab" : { lab: owner });
}

/** One that a lab has taken, as its journal says, whatever has become of it. */
function found(name: string, rows: Rows, { lab, desired }: Reading): Resource {
  const { bridge: noted, namespace: _, lab: owner, ...taken } = rows.journal.uplinks[name]!;
  const wish = desired[takeoverId(name)];
  const { declared = [], client = false } = wish ? atOf(wish) : {};
  const own: Side = { name, row: rows.uplinks?.[name] ?? "none" };
  const link = rows.link[HOST]!.find((one) => one.name === name)!;
  const ovs = rows.ovs?.bridges.find(({ ports }) => ports.includes(name))?.name;
  const bridge = ovs ?? link.master ?? null;
  const old = typeof own.row === "string" ? taken : aged(taken, own.row.read);
  const sides = [...new Set([bridge, noted, wish && bridgeOf(wish)])].flatMap((one): Side[] =>
    one && rows.uplinks?.[one] ? [{ name: one, row: rows.uplinks[one]! }] : [],
  );
  const there = sides.find((side) => side.name === bridge);
  const things = there && typeof there.row !== "string" ? renewed(old, name, there.row, there.name) : old;
  const moved =
    isClear(things, name, own) &&
    (declared.length > 0 || client || (there !== undefined && isThere(things, name, there)));
  const linux = wish ? atOf(wish).linux : ovs === undefined;
  const fields = { bridge, ...(linux && { hairpin: link.portData.hairpin === true }), moved };
  const at = { name, things, declared, linux, client, own, sides };
  return owned(resource(fields, at), owner === lab ? "lab" : { lab: owner });
}

/** `from`: as it is, where it was begun or somebody has changed it. */
function take(to: Resource, from: Resource | undefined, fields: string[]): Command[] {
  const { name, declared, linux } = atOf(to);
  const bridge = bridgeOf(to)!;
  const isDone = from?.fields.moved === true;
  if (to.fields.namespace) return [];
  const { things, own = { name, row: isDone ? "none" : "all" } } = atOf(from ?? to);
  if (!things) return [];
  const { sides = isDone ? [{ name: bridgeOf(from)!, row: "all" }] : [] } = atOf(from ?? to);
  const there: Side = sides.find((side) => side.name === bridge) ?? { name: bridge, row: "none" };
  const moving = { uplink: name, things, from: [own, ...sides.filter((side) => side !== there)] };
  return [
    ...(linux && fields.includes("bridge") ? [ip("link", "set", "dev", name, "master", bridge)] : []),
    // A new port of a bridge has none.
    ...(linux && (fields.includes("bridge") ? to.fields.hairpin : fields.includes("hairpin")) ? [hairpin(to)] : []),
    ...(things.up ? [] : [ip("link", "set", "dev", name, "up")]),
    ...(declared.length > 0 ? replaced(moving, there, declared) : move({ ...moving, to: there })),
  ];
}

const hairpin = (r: Resource) =>
  ip("link", "set", "dev", atOf(r).name, "type", "bridge_slave", "hairpin", r.fields.hairpin ? "on" : "off");

/** The bridge has addresses of its own: only routes come along, as far as they hold with those. */
function replaced(moving: Omit<Move, "to">, to: Side, declared: string[]): Command[] {
  const { things } = moving;
  const along = things.routes.filter((route) => fits(route, declared));
  const rest = things.routes.filter((route) => !along.includes(route));
  const neighbours = near(things.neighbours, declared);
  const others = things.neighbours?.filter((one) => !neighbours.includes(one)) ?? [];
  return [
    ...move({ ...moving, things: { ...things, addresses: [], routes: along, neighbours }, to }),
    ...move({ ...moving, things: { ...things, routes: rest, neighbours: others } }),
  ];
}

/** Enslaved no more first: until then nothing that comes in reaches the interface's own addresses. */
function giveBack(r: Resource): Command[] {
  const { name, things, linux, own = { name, row: "none" as const }, sides } = atOf(r);
  const bridge = bridgeOf(r);
  if (!things) return [];
  if (r.fields.namespace) return comeHome(name, things, own);
  return [
    ...(linux && bridge ? [ip("link", "set", "dev", name, "nomaster")] : []),
    ...move({ uplink: name, things, from: sides ?? [{ name: bridge!, row: "all" }], to: own, exact: true }),
    ...(things.up ? [] : [ip("link", "set", "dev", name, "down")]),
  ];
}

/** Back from a namespace it has nothing any more; back from one that was deleted it has what the lab gave it, too. */
function comeHome(name: string, things: UplinkRow, own: Side): Command[] {
  const isAsItWas = typeof own.row === "string" || attributeWords(own.row).join() === attributeWords(things).join();
  return [
    ...(isAsItWas ? [] : [ip("link", "set", "dev", name, "down", ...attributeWords(things))]),
    ...(things.up ? [ip("link", "set", "dev", name, "up")] : []),
    ...move({ uplink: name, things, from: [], to: own, exact: true }),
  ];
}
