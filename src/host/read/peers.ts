// Finds the other end of each veth pair over all namespaces read. Pure.
import { groupBy } from "../../core/group-by.js";
import type { LinkRow } from "../../kinds/rows.js";
import { HOST, type Place } from "../../topology/lab.js";
import type { ReadLink } from "./ip-links.js";

/** One namespace's numbers for others: netnsid → place. A number without a name may be the host or a nameless one. */
export type Netnsids = Record<Place, Map<number, Place | undefined>>;

interface End {
  place: Place;
  link: ReadLink;
}

/**
 * Sets `peer` of every veth: `null` where the other end is in no namespace that was read.
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
      link.peer = peerBeside(end, links[place] ?? []);
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
  return [...unsure].filter((place) => !netnsids[place]).sort();
}

/** Whether the number that `end` has for the other namespace can be that of `other`. */
function seen(end: End, other: End, netnsids: Netnsids): boolean {
  const numbers = netnsids[end.place];
  if (!numbers) return true;
  const name = numbers.get(end.link.netnsid!);
  return name === undefined ? other.place === HOST : name === other.place;
}

function peerBeside({ place, link }: End, rows: ReadLink[]): LinkRow["peer"] {
  const other = rows.find((row) =>
    link.linkName === undefined ? row.index === link.linkIndex : row.name === link.linkName,
  );
  return other && other !== link ? { place, name: other.name } : null;
}

/** The rows without what only this module needs. */
export function plainLink({ linkIndex: _i, netnsid: _n, linkName: _l, ...row }: ReadLink): LinkRow {
  return row;
}
