// Finds the other end of each veth pair, and what VLANs and their like stand on, over all namespaces read. Pure.
import { groupBy } from "../../core/group-by.js";
import type { LinkRow } from "../../kinds/rows.js";
import { HOST, type Place } from "../../topology/lab.js";
import type { ReadLink } from "./ip-links.js";

/** One namespace's numbers for others: netnsid → place. A number without a name may be the host or a nameless one. */
export type Netnsids = Record<Place, Map<number, Place | undefined>>;

type LinkEnd = NonNullable<LinkRow["lower"]>;

interface End {
  place: Place;
  link: ReadLink;
}

/** Devices that the kernel ends with the one below; where that one only moves to another namespace, it ends a VXLAN alone. */
const STANDING = new Set(["vlan", "macvlan", "macvtap", "ipvlan", "ipvtap", "macsec", "vxlan"]);

/**
 * Sets `peer` of every veth: `null` where the other end is in no namespace that was read; and `lower`.
 *
 * Indexes overlap between namespaces, so both ends must name each other; where several do, the namespace's own number
 * for the other one decides, and where that is not known yet the place is returned.
 * @returns places whose `ip netns list-id` is needed to be sure; call again with them
 */
export function resolvePeers(links: Record<Place, ReadLink[]>, netnsids: Netnsids = {}): Place[] {
  const veths = Object.entries(links).flatMap(([place, rows]) =>
    rows.filter((link) => link.kind === "veth").map((link): End => ({ place, link })),
  );
  const facing = groupBy(veths, ({ link }) => `${link.index} ${link.linkIndex}`);
  const unsure = new Set<Place>();
  const numbered = new Map<string, Place>();
  for (const end of veths) {
    const { link, place } = end;
    if (link.netnsid === undefined) {
      link.peer = beside(end, links[place] ?? []);
      continue;
    }
    const possible = (facing.get(`${link.linkIndex} ${link.index}`) ?? []).filter(
      (other) =>
        other.place !== place &&
        other.link.netnsid !== undefined &&
        seen(end, other, netnsids) &&
        seen(other, end, netnsids),
    );
    const [only] = possible;
    link.peer = only && possible.length === 1 ? { place: only.place, name: only.link.name } : null;
    const number = `${link.netnsid} ${place}`;
    if (only && !numbered.has(number)) numbered.set(number, only.place);
    if (possible.length > 1 || (only && numbered.get(number) !== only.place)) unsure.add(place);
  }
  for (const [place, rows] of Object.entries(links))
    for (const link of rows) {
      if (!STANDING.has(link.kind ?? "")) continue;
      const below = lowerOf({ place, link }, links, netnsids[place]);
      if (below) link.lower = below;
      else if (below === undefined) unsure.add(place);
    }
  return [...unsure].filter((place) => !netnsids[place]).sort();
}

/** Whether the number that `end` has for the other namespace can be that of `other`. */
function seen(end: End, other: End, netnsids: Netnsids): boolean {
  const numbers = netnsids[end.place];
  if (!numbers) return true;
  const name = numbers.get(end.link.netnsid!);
  return name === undefined ? other.place === HOST : name === other.place;
}

/** A device of the same namespace: by name, where one is told, else by index. */
function beside({ place, link }: End, rows: ReadLink[], name = link.linkName): LinkEnd | null {
  const other = rows.find((row) => (name === undefined ? row.index === link.linkIndex : row.name === name));
  return other && other !== link ? { place, name: other.name } : null;
}

/** What a device stands on; `null` where that is out of sight, undefined where the namespace's numbers would tell. */
function lowerOf(end: End, links: Record<Place, ReadLink[]>, numbers?: Netnsids[Place]): LinkEnd | null | undefined {
  const { place, link } = end;
  const rows = links[place] ?? [];
  if (link.kind === "vxlan") {
    // It tells an index of the namespace that it was made in, which the tools take for one of this.
    const below = link.netnsid === undefined ? link.data.link : undefined;
    return typeof below === "string" ? beside(end, rows, below) : null;
  }
  if (link.netnsid === undefined) return beside(end, rows);
  if (!numbers) return undefined;
  // A number without a name is taken for the host's: it could be that of a namespace without a name.
  const there = numbers.get(link.netnsid) ?? HOST;
  const below = there === place ? undefined : links[there]?.find(({ index }) => index === link.linkIndex);
  return below ? { place: there, name: below.name } : null;
}

/** The rows without what only this module needs. */
export function plainLink({ linkIndex: _i, netnsid: _n, linkName: _l, ...row }: ReadLink): LinkRow {
  return row;
}
