// The places of a topology: its namespaces and the host, with what the file says of each.
import { HOST, type Place, type Pointer } from "../lab.js";
import { join } from "../pointer.js";
import type { Report } from "../problem.js";
import type * as T from "../types.gen.js";

export type SiteSpec = NonNullable<T.Namespace> & NonNullable<T.Host>;

export interface Site {
  place: Place;
  pointer: Pointer;
  spec: SiteSpec;
  host: boolean;
  ipv6: boolean;
}

/** What every part of resolving needs. */
export interface Context {
  topology: T.Topology;
  sites: Map<Place, Site>;
  report: Report;
  /** Whether something under the pointer is wrong already, so that what is missing there proves nothing. */
  broken: (pointer: Pointer) => boolean;
  /** Places where a link or an address could not be made out, so that an interface or address missing there proves nothing. */
  loose: Set<Place>;
}

/** The namespaces in the order of their names, then the host. */
export function sitesOf(topology: T.Topology): Map<Place, Site> {
  const sites = new Map<Place, Site>();
  const namespaces = topology.namespaces ?? {};
  for (const place of Object.keys(namespaces).sort()) {
    const spec = namespaces[place] ?? {};
    const ipv6 = spec.ipv6 ?? topology.ipv6 ?? true;
    sites.set(place, { place, pointer: join("/namespaces", place), spec, host: false, ipv6 });
  }
  sites.set(HOST, { place: HOST, pointer: "/host", spec: topology.host ?? {}, host: true, ipv6: true });
  return sites;
}

/** `in "red"`, or `on the host`, for messages. */
export const inPlace = (place: Place): string => (place === HOST ? "on the host" : `in "${place}"`);

/** `"red"`, or `the host`, for messages. */
export const placeText = (place: Place): string => (place === HOST ? "the host" : `"${place}"`);
