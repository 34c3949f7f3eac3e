// DHCP and names in a lab: servers on bridges, clients at interfaces, and the files that tell namespaces where to ask.
import { dhcpClient, hostName } from "../dhcp-client.js";
import { dhcpServer, type Plugged, prefixOf } from "../dhcp-server.js";
import { HOST, type Interface, type NamespaceFile, type Place, type Service, type Uplink } from "../lab.js";
import { join } from "../pointer.js";
import { didYouMean } from "../suggest.js";
import type * as T from "../types.gen.js";
import { wordReason } from "../words.js";
import { type BridgeDraft, keyOf } from "./bridges.js";
import type { Devices } from "./devices.js";
import type { CableDraft } from "./ends.js";
import type { Context, Site } from "./site.js";

/** What is in a network besides a bridge's own device. */
interface Member {
  place: Place;
  device: Interface;
}

export class Dhcp {
  private readonly members = new Map<string, Member[]>();
  /** Bridges that a cable joins to a bridge. */
  private readonly joined = new Map<BridgeDraft, BridgeDraft[]>();

  constructor(
    private readonly context: Context,
    private readonly bridges: ReadonlyMap<string, BridgeDraft>,
    private readonly devices: Devices,
    cables: CableDraft[],
    private readonly uplinks: Uplink[],
  ) {
    const add = (bridge: BridgeDraft | undefined, place: Place, name: string) => {
      const device = devices.byPlace.get(place)?.get(name);
      if (bridge && device && !device.port) this.membersOf(bridge).push({ place, device });
    };
    for (const { ends } of cables)
      for (const [near, far] of [ends, [ends[1], ends[0]]] as const) {
        add(near.bridge, far.place, far.name);
        if (near.bridge && far.bridge)
          this.joined.set(near.bridge, [...(this.joined.get(near.bridge) ?? []), far.bridge]);
      }
    for (const [place, here] of devices.byPlace)
      for (const { name, made, port } of here.values())
        if (made === "internal" && port)
          this.membersOf(bridges.get(keyOf(HOST, port.bridge))!).push({ place, device: here.get(name)! });
  }

  servicesOf(site: Site): Service[] {
    const servers = [...this.bridges.values()].filter(({ place, spec }) => place === site.place && spec.dhcp);
    const clients = [...this.devices.byPlace.get(site.place)!.values()].filter(({ dhcp }) => dhcp);
    return [
      ...servers.flatMap((bridge) => this.server(bridge, bridge.spec.dhcp!) ?? []),
      ...clients.map(({ name, origin }) =>
        dhcpClient(
          {
            ...{ name: serviceName("dhcp", name), device: name, place: site.place },
            keep: site.place === HOST && this.uplinks.some(({ port }) => port.bridge === name),
          },
          origin,
        ),
      ),
    ];
  }

  /** A client writes what it learns into its namespace's own file; others are told the bridge. */
  filesOf(site: Site): NamespaceFile[] {
    const origin = site.pointer;
    if (site.host) return [];
    if ([...this.devices.byPlace.get(site.place)!.values()].some(({ dhcp }) => dhcp))
      return [{ name: "resolv.conf", text: "", origin }];
    const servers = [...this.bridges.values()].filter(
      (bridge) =>
        hasNames(bridge) &&
        (bridge.place === site.place || this.network(bridge).some(({ place }) => place === site.place)),
    );
    const addresses = servers.flatMap((bridge) => this.deviceOf(bridge)?.addresses ?? []).map(({ address }) => address);
    if (addresses.length === 0) return [];
    return [{ name: "resolv.conf", text: addresses.map((address) => `nameserver ${address}\n`).join(""), origin }];
  }

  /** What is plugged into the very bridge. */
  private membersOf({ place, name }: BridgeDraft): Member[] {
    const key = keyOf(place, name);
    if (!this.members.has(key)) this.members.set(key, []);
    return this.members.get(key)!;
  }

  /** What the bridge reaches, over other bridges too. */
  private network(bridge: BridgeDraft): Member[] {
    const bridges = new Set([bridge]);
    for (const one of bridges) for (const other of this.joined.get(one) ?? []) bridges.add(other);
    return [...bridges].flatMap((one) => this.membersOf(one));
  }

  private deviceOf = ({ place, name }: BridgeDraft) => this.devices.byPlace.get(place)?.get(name);

  private server(bridge: BridgeDraft, spec: NonNullable<T.Dhcp>): Service | undefined {
    const device = this.deviceOf(bridge);
    const pointer = join(bridge.pointer, "dhcp");
    if (!device || this.context.broken(pointer)) return undefined;
    const within = (address: string, at: string) => {
      if (prefixOf(device, address) !== undefined || this.context.broken(join(bridge.pointer, "addresses"))) return;
      const message = `${address} is in no subnet of the bridge "${bridge.name}", which serves it.`;
      this.context.report({ pointer: at, code: "outside-the-bridge", message });
    };
    const ranges = (["range", "range6"] as const).flatMap((key) => {
      const at = join(pointer, key);
      const [first, last] = spec[key]?.split("-") ?? [];
      if (first === undefined || last === undefined) return [];
      const reason = wordReason("range", spec[key]!);
      if (reason) this.context.report({ pointer: at, ...reason });
      for (const address of reason ? [] : [first, last]) within(address, at);
      return [[first, last] as [string, string]];
    });
    if (ranges.length === 0) {
      this.context.report({
        pointer,
        at: "key",
        code: "no-range",
        message: `"dhcp" needs a range of addresses: range, range6 or both.`,
      });
      return undefined;
    }
    for (const [name, address] of Object.entries(spec.leases ?? {})) within(address, join(pointer, "leases", name));
    return dhcpServer({
      ...{ name: serviceName("dnsmasq", bridge.name), origin: pointer, bridge: device, ranges },
      plugged: this.plugged(bridge, spec, pointer),
      ...{ gateway: spec.gateway ?? true, dns: hasNames(bridge), forward: spec.forward ?? [] },
      hosts: this.hosts(),
    });
  }

  /** Whoever asks by DHCP gets its namespace's name; fixed addresses are for namespaces, or for MACs of virtual machines. */
  private plugged(bridge: BridgeDraft, { leases }: NonNullable<T.Dhcp>, pointer: string): Plugged[] {
    const members = this.network(bridge);
    const fixed = new Map(Object.entries(leases ?? {}));
    const known = members
      .filter(({ place, device }) => place !== HOST && device.mac !== undefined && (device.dhcp || fixed.has(place)))
      .map(({ place, device }) => ({
        mac: device.mac!,
        name: hostName(place),
        ...(fixed.has(place) && { lease: fixed.get(place)! }),
      }));
    const others = [...fixed].filter(([name]) => !members.some(({ place }) => place === name));
    for (const [name] of others.filter(([name]) => !name.includes(":"))) {
      const message = `"${name}" has no interface in the bridge "${bridge.name}".`;
      const suggestion = didYouMean(
        name,
        members.map(({ place }) => place),
      );
      this.context.report({
        pointer: join(pointer, "leases", name),
        at: "key",
        code: "unknown-namespace",
        message,
        suggestion,
      });
    }
    return [...known, ...others.map(([mac, lease]) => ({ mac: mac.toLowerCase(), name: "", lease }))];
  }

  /** The first address of each family of every namespace. */
  private hosts() {
    return [...this.devices.byPlace].flatMap(([place, here]) => {
      const all = [...here.values()].flatMap(({ addresses }) => addresses);
      const first = ([4, 6] as const).flatMap((family) => all.find((one) => one.family === family)?.address ?? []);
      return place === HOST || first.length === 0 ? [] : [{ name: hostName(place), addresses: first }];
    });
  }
}

const hasNames = ({ spec }: BridgeDraft): boolean => Boolean(spec.dhcp) && (spec.dhcp!.dns ?? true);

/** Names of interfaces may have characters that names of services may not. */
const serviceName = (what: string, device: string): string => `${what}-${device.replaceAll(/[^A-Za-z0-9_.-]/g, "_")}`;
