// Static addresses: ip-address(8). Others, made by the kernel, RA or DHCP, are seen, and left alone.
import type { Warning } from "../core/plan.js";
import { asked, type Command, type Owner, ofKind, owned, type Resource, type State } from "../core/resource.js";
import { contains, subnetOf } from "../topology/inet.js";
import { everyPlace, HOST, type Place } from "../topology/lab.js";
import type { Kind, Reading } from "./kind.js";
import { isGuest } from "./ownership.js";
import type { AddressRow, LinkRow, Rows } from "./rows.js";
import * as slot from "./slots.js";

interface Facts {
  family: number;
  address: string;
  prefix: number;
  secondary: boolean;
  lifetime?: AddressRow["lifetime"];
  given?: AddressRow["given"];
}

const idOf = (place: Place, device: string, { address, prefix }: { address: string; prefix: number }): string =>
  `address:${place}/${device}/${address}/${prefix}`;

const resource = (place: Place, device: string, { secondary, lifetime, given, ...one }: Facts): Resource => ({
  id: idOf(place, device, one),
  kind: "address",
  place,
  fields: { lifetime: lifetime ? "limited" : "forever", ...(one.family === 4 && { secondary }) },
  at: {
    device,
    family: one.family,
    address: one.address,
    prefix: one.prefix,
    secondary,
    ...(lifetime && { lifetime }),
    ...(given && { given }),
  },
});

const deviceOf = (r: Resource) => r.at.device as string;
const cidrOf = (r: Resource) => `${r.at.address}/${r.at.prefix}`;
const isV6 = (r: Resource) => r.at.family === 6;
/** Only IPv4 knows primary and secondary ones. */
const isPrimary = (r: Resource) => !isV6(r) && !r.at.secondary;
const primaryOf = (r: Resource) => slot.primary(r.place, deviceOf(r), subnetOf(cidrOf(r)));

export const address: Kind = {
  name: "address",
  about: "A static IPv4 or IPv6 address of a device. IPv6 addresses skip duplicate address detection (nodad).",
  fields: {
    lifetime: {
      about: "`forever`: neither its valid nor its preferred lifetime ends",
      way: "update",
      traffic: "none",
    },
    secondary: {
      about: "IPv4: another address of its subnet was there first, which the kernel prefers as source",
      way: "replace",
      traffic: "rebuild",
    },
  },

  expand: (lab) =>
    everyPlace(lab).flatMap(({ name: place, interfaces }) =>
      interfaces.flatMap(({ name, addresses }) => {
        const subnets = new Set<string>();
        return addresses.map(({ family, address, prefix, origin }) => {
          const subnet = family === 4 ? subnetOf(`${address}/${prefix}`) : undefined;
          const secondary = subnet !== undefined && subnets.has(subnet);
          if (subnet !== undefined) subnets.add(subnet);
          return asked(resource(place, name, { family, address, prefix, secondary }), origin);
        });
      }),
    ),

  read: (rows, reading) =>
    rows.places.flatMap((place) =>
      (rows.link[place] ?? []).flatMap((link) => {
        const isDeclared = link.addresses.map((one) => idOf(place, link.name, one) in reading.desired);
        const statics = link.addresses.filter((one, i) => !one.dynamic || isDeclared[i]);
        return link.addresses.map((one, i) =>
          owned(
            resource(place, link.name, { ...one, secondary: isSecondary(one, statics) }),
            ownerOf(one, place, link, isDeclared[i]!, rows, reading),
          ),
        );
      }),
    ),

  provides: (r) => [
    slot.inet(r.place, deviceOf(r), r.at.family as number),
    slot.local(r.place, r.at.address as string),
    slot.addressed(r.place),
    ...(isPrimary(r) ? [primaryOf(r)] : []),
  ],
  needs: (r) => [slot.link(r.place, deviceOf(r)), ...(r.at.secondary ? [primaryOf(r)] : [])],
  // Deleting a primary IPv4 address takes its secondaries along (promote_secondaries is off by default).
  livesOn: (r) => [slot.link(r.place, deviceOf(r)), ...(r.at.secondary ? [primaryOf(r)] : [])],
  // The one that is there first is the primary: another goes before it comes.
  claims: (r) => (isPrimary(r) ? [primaryOf(r)] : []),
  lostBy: (r) => (isV6(r) ? [slot.up(r.place, deviceOf(r)), slot.ipv6(r.place)] : []),
  after: (r) => [slot.up(r.place, deviceOf(r)), slot.defaults(r.place)],

  // A lease: its client does not notice that the device is another one. (What IPv6 has by itself comes by itself.)
  restored: (r) => !isV6(r) && r.owner === "ambient" && r.at.lifetime !== undefined,

  create: (r) => [make(isGuest(r) ? "add" : "replace", r)],
  update: (_, to) => [make("replace", to)],
  advise: overlaps,
  remove: (r) => [{ tool: "ip", place: r.place, args: ["address", "delete", cidrOf(r), "dev", deviceOf(r)] }],
};

/** Without a lifetime, an address that is there has none any more. */
const make = (verb: "add" | "replace", r: Resource): Command => ({
  tool: "ip",
  place: r.place,
  args: [
    ...["address", verb, ...(isGuest(r) ? givenWords(r) : [cidrOf(r)])],
    ...(!isV6(r) && (r.at.prefix as number) < 31 ? ["broadcast", "+"] : []),
    ...["dev", deviceOf(r)],
    ...(isV6(r) ? ["nodad"] : []),
    ...lifetimeOf(r),
  ],
});

/** Whoever made it may have had reasons: without `noprefixroute`, say, there is a route more. */
function givenWords(r: Resource): string[] {
  const { peer, metric, noprefixroute, label, scope } = (r.at.given ?? {}) as NonNullable<AddressRow["given"]>;
  return [
    ...(peer === undefined ? [cidrOf(r)] : [r.at.address as string, "peer", `${peer}/${r.at.prefix}`]),
    ...(label === undefined ? [] : ["label", label]),
    ...(scope === undefined ? [] : ["scope", String(scope)]),
    ...(metric === undefined ? [] : ["metric", String(metric)]),
    ...(noprefixroute ? ["noprefixroute"] : []),
  ];
}

/** Only on the way back to a lab in which somebody gave it one. */
const lifetimeOf = ({ at }: Resource): string[] =>
  Object.entries(at.lifetime ?? {}).flatMap(([which, seconds]) => [`${which}_lft`, String(seconds ?? "forever")]);

/** It came with an interface of the host, and goes back with it. */
const isInherited = ({ address, prefix }: AddressRow, { journal }: Rows): boolean =>
  Object.values(journal.uplinks).some(({ addresses }) =>
    addresses.some(({ local, prefixlen }) => local === address && prefixlen === prefix),
  );

/** What has a lifetime is a lease, or the kernel's, unless the file declares it: then somebody has changed it by hand. */
function ownerOf(
  one: AddressRow,
  place: Place,
  link: LinkRow,
  isDeclared: boolean,
  rows: Rows,
  { ownership }: Reading,
): Owner {
  if (link.loopback && (one.address === "::1" || (one.address.startsWith("127.") && one.prefix === 8)))
    return "ambient";
  if (!isDeclared && (one.dynamic || (place === HOST && isInherited(one, rows)))) return "ambient";
  return link.loopback && place !== HOST ? ownership.place(place) : ownership.link(place, link.name);
}

/** After one that is no lease: which of those there are is not the file's to say. */
function isSecondary(one: AddressRow, statics: AddressRow[]): boolean {
  if (!one.secondary) return false;
  const subnet = subnetOf(`${one.address}/${one.prefix}`);
  return statics.some((other) => !other.secondary && subnetOf(`${other.address}/${other.prefix}`) === subnet);
}

/** A subnet of the lab that the host has already, on a device of its own: one of the two will not be reached from there. */
function overlaps(desired: State, live: State): Warning[] {
  const subnets = (state: State, isWanted: (r: Resource) => boolean) =>
    new Map(ofKind(state, "address").flatMap((r) => (isWanted(r) ? [[subnetOf(cidrOf(r)), r]] : [])));
  const hosts = subnets(
    live,
    (r) => r.place === HOST && r.owner === "none" && !(`takeover:${HOST}/${deviceOf(r)}` in desired),
  );
  if (hosts.size === 0) return [];
  return [...subnets(desired, () => true)].flatMap(([subnet, r]) =>
    [...hosts].flatMap(([other, holder]) =>
      overlap(subnet, other)
        ? [
            {
              code: "overlaps-host",
              message: `The subnet ${subnet} overlaps ${other} of the host's ${deviceOf(holder)}.`,
              ...(r.origin !== undefined && { origin: r.origin }),
            },
          ]
        : [],
    ),
  );
}

const overlap = (a: string, b: string) => contains(a, b.split("/")[0]!) || contains(b, a.split("/")[0]!);
