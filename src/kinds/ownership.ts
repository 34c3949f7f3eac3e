// Whose a link or a namespace is, from the marks in the kernel and from the journal.
import type { Owner, Resource } from "../core/resource.js";
import { groupOf } from "../topology/derive.js";
import { HOST, type Place } from "../topology/lab.js";
import type { LinkRow, OvsRows, Rows } from "./rows.js";

/** The readable mark: `ip link set dev X alias netlab:LAB`, and the comment of a rule in somebody's firewall. */
export const aliasOf = (lab: string): string => `netlab:${lab}`;

export const labOfAlias = (alias: string | undefined): string | undefined =>
  /^netlab:([a-z0-9-]{1,31})$/.exec(alias ?? "")?.[1];

export interface Ownership {
  link(place: Place, name: string): Owner;
  place(place: Place): Owner;
}

/**
 * A link is ours by our alias, or by our group where it has no alias (killed between the two commands); before it has
 * the group, where it is not born with it, by the journal. A device that
 * Open vSwitch has made is born without either: it belongs to its bridge or port, with which it comes and goes.
 * A namespace is ours by the alias of its lo; unmarked, it is ours when the journal names it and nothing but lo and
 * what is ours is in it.
 */
export function ownershipOf(rows: Rows, lab: string): Ownership {
  const group = groupOf(lab);
  const links = new Map<string, Owner>();
  const places = new Map<Place, Owner>();
  const { namespaces, others } = rows.journal;
  const journalled = new Map<Place, Owner>([
    ...Object.entries(others.namespaces).map(([place, other]) => [place, { lab: other }] as const),
    ...namespaces.map((place) => [place, "lab"] as const),
  ]);
  for (const place of rows.places) {
    const here = rows.link[place] ?? [];
    for (const link of here) {
      const key = `${place}/${link.name}`;
      const isBornOurs = link.group === group || (link.group === 0 && rows.journal.devices.includes(key));
      // What was lent to a namespace that is gone has come back with our mark, and is the machine's all the same.
      const isLent = place === HOST && rows.journal.uplinks[link.name] !== undefined;
      links.set(key, isLent ? "none" : ownerOfLink(link, lab, isBornOurs, rows.ovs));
    }
    const isOurs = ({ name }: LinkRow) => OURS.includes(links.get(`${place}/${name}`)!);
    places.set(place, place === HOST ? "ambient" : ownerOfPlace(here, lab, journalled.get(place), isOurs));
  }
  return {
    link: (place, name) => links.get(`${place}/${name}`) ?? "none",
    place: (place) => places.get(place) ?? "none",
  };
}

/** An interface of the machine in a namespace that has borrowed it: it moves, and does not end, when that gives it back. */
export const isLent = (place: Place, name: string, { journal }: Rows): boolean =>
  place !== HOST && journal.uplinks[name]?.namespace === place;

const OURS: Owner[] = ["lab", "ambient"];

function ownerOfLink(link: LinkRow, lab: string, isBornOurs: boolean, ovs: OvsRows | undefined): Owner {
  const marked = labOfAlias(link.alias);
  if (marked !== undefined) return marked === lab ? "lab" : { lab: marked };
  if (link.alias) return "none";
  const made = labOfOvsDevice(link, ovs);
  if (made !== undefined) return made === lab ? "ambient" : { lab: made };
  return isBornOurs ? "lab" : "none";
}

/** Such devices are of kind `openvswitch` on the kernel datapath, `tun` on the userspace one. */
function labOfOvsDevice({ name, kind }: LinkRow, ovs: OvsRows | undefined): string | undefined {
  if (kind !== "openvswitch" && kind !== "tun") return undefined;
  const row =
    ovs?.bridges.find((one) => one.name === name) ??
    ovs?.interfaces.find((one) => one.name === name && one.type === "internal");
  return row?.external_ids.netlab;
}

function ownerOfPlace(
  links: LinkRow[],
  lab: string,
  journalled: Owner | undefined,
  isOurs: (link: LinkRow) => boolean,
): Owner {
  const marked = labOfAlias(links.find((link) => link.loopback)?.alias);
  if (marked !== undefined) return marked === lab ? "lab" : { lab: marked };
  const isKnown = (link: LinkRow) => link.loopback || FALLBACK.has(link.name) || isOurs(link);
  return journalled && links.every(isKnown) ? journalled : "none";
}

/** Devices that a namespace is born with where their modules are loaded (net.core.fb_tunnels_only_for_init_net in sysctl/net.rst). */
const FALLBACK = new Set("tunl0 sit0 gre0 gretap0 erspan0 ip_vti0 ip6_vti0 ip6tnl0 ip6gre0".split(" "));

/** A live thing that is not the lab's: made again for its owner. */
export const isGuest = ({ owner }: Resource): boolean => owner !== undefined && owner !== "lab";
