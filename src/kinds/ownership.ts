// Whose a link or a namespace is, from the marks in the kernel and from the journal.
import type { Owner } from "../core/resource.js";
import { groupOf } from "../topology/derive.js";
import { HOST, type Place } from "../topology/lab.js";
import type { LinkRow, OvsRows, Rows } from "./rows.js";

/** The readable mark: `ip link set dev X alias netlab:LAB`. */
export const aliasOf = (lab: string): string => `netlab:${lab}`;

const labOfAlias = (alias: string | undefined): string | undefined =>
  /^netlab:([a-z0-9-]{1,31})$/.exec(alias ?? "")?.[1];

export interface Ownership {
  link(place: Place, name: string): Owner;
  place(place: Place): Owner;
}

/**
 * A link is ours by our alias, or by our group where it has no alias (killed between the two commands). A device that
 * Open vSwitch has made is born without either, and is whose the row of its bridge or port is.
 * A namespace is ours by the alias of its lo; unmarked, it is ours when the journal names it and nothing but lo is in it.
 */
export function ownershipOf(rows: Rows, lab: string): Ownership {
  const group = groupOf(lab);
  const links = new Map<string, Owner>();
  const places = new Map<Place, Owner>();
  const journalled = new Set(rows.journal.namespaces);
  for (const place of rows.places) {
    const here = rows.link[place] ?? [];
    for (const link of here) links.set(`${place}/${link.name}`, ownerOfLink(link, lab, group, rows.ovs));
    places.set(place, place === HOST ? "ambient" : ownerOfPlace(here, lab, journalled.has(place)));
  }
  return {
    link: (place, name) => links.get(`${place}/${name}`) ?? "none",
    place: (place) => places.get(place) ?? "none",
  };
}

function ownerOfLink(link: LinkRow, lab: string, group: number, ovs: OvsRows | undefined): Owner {
  const marked = labOfAlias(link.alias) ?? (link.alias ? undefined : labOfOvsDevice(link, ovs));
  if (marked !== undefined) return marked === lab ? "lab" : { lab: marked };
  return !link.alias && link.group === group ? "lab" : "none";
}

/** Such devices are of kind `openvswitch` on the kernel datapath, `tun` on the userspace one. */
function labOfOvsDevice({ name, kind }: LinkRow, ovs: OvsRows | undefined): string | undefined {
  if (kind !== "openvswitch" && kind !== "tun") return undefined;
  const row = ovs?.bridges.find((one) => one.name === name) ?? ovs?.interfaces.find((one) => one.name === name);
  return row?.external_ids.netlab;
}

function ownerOfPlace(links: LinkRow[], lab: string, journalled: boolean): Owner {
  const marked = labOfAlias(links.find((link) => link.loopback)?.alias);
  if (marked !== undefined) return marked === lab ? "lab" : { lab: marked };
  return journalled && links.every((link) => link.loopback || FALLBACK.has(link.name)) ? "lab" : "none";
}

/** Devices that a namespace is born with where their modules are loaded (net.core.fb_tunnels_only_for_init_net in sysctl/net.rst). */
const FALLBACK = new Set("tunl0 sit0 gre0 gretap0 erspan0 ip_vti0 ip6_vti0 ip6tnl0 ip6gre0".split(" "));
