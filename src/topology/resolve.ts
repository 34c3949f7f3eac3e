// Topology to Lab: every name resolved, every default filled in, every derived thing derived.
import {
  HOST,
  type Interface,
  type Lab,
  type Link,
  type LinkEnd,
  type Namespace,
  type Place,
  type Uplink,
} from "./lab.js";
import type { Report } from "./problem.js";
import { type BridgeDraft, bridgesOf } from "./resolve/bridges.js";
import type { Devices } from "./resolve/devices.js";
import { Dhcp } from "./resolve/dhcp.js";
import { type CableDraft, cablesOf } from "./resolve/ends.js";
import { devicesOf } from "./resolve/interfaces.js";
import { natOf } from "./resolve/nat.js";
import { probesOf } from "./resolve/probes.js";
import { routesOf } from "./resolve/routes.js";
import { byNames, filesOf, servicesOf } from "./resolve/services.js";
import { type Context, type Site, sitesOf } from "./resolve/site.js";
import { forwardingOf, sysctlsOf } from "./resolve/sysctls.js";
import { uplinksOf } from "./resolve/uplinks.js";
import type * as T from "./types.gen.js";

export interface Resolved {
  lab: Lab;
  /** Interfaces (`place/name`) whose addresses others may have too. */
  shared: Set<string>;
  /** Places where a link or an address could not be made out. */
  loose: Set<Place>;
}

/**
 * The lab that a topology describes. What is wrong is reported, and left out of the lab as far as need be.
 * @param broken whether something under a pointer is known to be wrong already
 */
export function resolve(topology: T.Topology, report: Report, broken: Context["broken"]): Resolved {
  const sites = sitesOf(topology);
  const context: Context = { topology, sites, report, broken, loose: new Set() };
  const bridges = bridgesOf(context);
  const cables = cablesOf(context, bridges);
  const devices = devicesOf(context, bridges, cables);
  const uplinks = uplinksOf(context, bridges, devices);
  const dhcp = new Dhcp(context, bridges, devices, cables, uplinks);
  const places = [...sites.values()].map((site) => namespaceOf(context, site, bridges, devices, uplinks, dhcp));
  const lab: Lab = {
    name: topology.name,
    ...(topology.sandbox ? { sandbox: topology.sandbox === true ? {} : topology.sandbox } : {}),
    namespaces: places.filter(({ name }) => name !== HOST),
    host: places.find(({ name }) => name === HOST)!,
    links: cables.map(linkOf).sort((x, y) => compareEnds(x.a, y.a) || compareEnds(x.b, y.b)),
    checks: probesOf(context),
  };
  return { lab, shared: devices.shared, loose: context.loose };
}

function namespaceOf(
  context: Context,
  site: Site,
  bridges: Map<string, BridgeDraft>,
  devices: Devices,
  uplinks: Uplink[],
  dhcp: Dhcp,
): Namespace {
  const here: Map<string, Interface> = devices.byPlace.get(site.place)!;
  const nat = natOf(context, site, here);
  return {
    name: site.place,
    origin: site.pointer,
    forwarding: forwardingOf(context, site),
    ipv6: site.ipv6,
    sysctls: sysctlsOf(context, site, here),
    interfaces: [...here.values()].sort(byName),
    bridges: [...bridges.values()]
      .filter(({ place }) => place === site.place)
      .map(({ name, pointer, kind, spec }) => ({
        name,
        origin: pointer,
        kind,
        stp: spec.stp ?? false,
        datapath: spec.datapath ?? "auto",
      })),
    uplinks: site.host ? uplinks : [],
    routes: routesOf(context, site, here),
    services: byNames(context, site, [...servicesOf(context, site), ...dhcp.servicesOf(site)]),
    files: filesOf(site, dhcp.filesOf(site)),
    ...(nat ? { nat } : {}),
    ...(site.spec.firewall === "accept" ? { firewall: "accept" as const } : {}),
  };
}

function linkOf({ pointer, ends }: CableDraft): Link {
  const [a, b] = ends.map(({ place, name, pointer: origin }): LinkEnd => ({ place, name, origin })).sort(compareEnds);
  return { origin: pointer, a: a!, b: b! };
}

const byName = (a: { name: string }, b: { name: string }): number => (a.name < b.name ? -1 : 1);

function compareEnds(a: LinkEnd, b: LinkEnd): number {
  if (a.place !== b.place) return a.place < b.place ? -1 : 1;
  return a.name === b.name ? 0 : a.name < b.name ? -1 : 1;
}
