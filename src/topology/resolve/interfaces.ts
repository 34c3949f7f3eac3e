// Every device of the lab in every place, its attributes gathered from where the file gives them.
import { macOf } from "../derive.js";
import { HOST, type Interface, type Place, type Pointer, type Port } from "../lab.js";
import { join } from "../pointer.js";
import { didYouMean } from "../suggest.js";
import type * as T from "../types.gen.js";
import { wordReason } from "../words.js";
import { addressesOf } from "./addresses.js";
import { type BridgeDraft, keyOf } from "./bridges.js";
import type { CableDraft, EndDraft } from "./ends.js";
import { type Context, inPlace, placeText, type Site } from "./site.js";

/** One place of the file that gives attributes of an interface. */
interface Giver {
  pointer: Pointer;
  spec: Pick<NonNullable<T.Interface>, "addresses" | "mtu" | "mac" | "up" | "shared">;
}

export interface Devices {
  /** By place, then by name. */
  byPlace: Map<Place, Map<string, Interface>>;
  /** Interfaces (`keyOf`) whose addresses others may have too. */
  shared: Set<string>;
}

type Bridges = Map<string, BridgeDraft>;

class Builder {
  readonly devices: Devices = { byPlace: new Map(), shared: new Set() };
  private readonly context: Context;

  constructor(context: Context) {
    this.context = context;
    for (const place of context.sites.keys()) this.devices.byPlace.set(place, new Map());
  }

  /** Adds a device; false where its name is taken. */
  add(
    place: Place,
    name: string,
    made: Interface["made"],
    givers: Giver[],
    at: Pointer,
    port?: Port,
    linkMtu?: number,
  ): boolean {
    const devices = this.devices.byPlace.get(place)!;
    if (devices.has(name)) {
      this.context.report({ pointer: at, at: "key", ...this.taken(place, name, devices.get(name)!, made) });
      return false;
    }
    const attribute = <K extends keyof Giver["spec"]>(key: K) => this.attribute(givers, key);
    const addresses = attribute("addresses");
    const mtu = attribute("mtu")?.value ?? linkMtu;
    const mac = attribute("mac");
    const reason = mac?.value === undefined ? undefined : wordReason("mac", mac.value);
    if (mac && reason) this.context.report({ pointer: mac.pointer, ...reason });
    if (attribute("shared")?.value) this.devices.shared.add(keyOf(place, name));
    devices.set(name, {
      name,
      origin: givers[0]?.pointer ?? at,
      made,
      ...(made === "lo"
        ? {}
        : { mac: mac?.value?.toLowerCase() ?? macOf(this.context.topology.name ?? "", place, name) }),
      ...(mtu === undefined ? {} : { mtu }),
      up: attribute("up")?.value ?? true,
      addresses: addresses ? addressesOf(addresses.value, addresses.pointer, name, this.context.report) : [],
      ...(port ? { port } : {}),
    });
    if (givers.some(({ pointer }) => this.context.broken(join(pointer, "addresses")))) this.context.loose.add(place);
    return true;
  }

  private attribute<K extends keyof Giver["spec"]>(givers: Giver[], key: K) {
    const given = givers.filter(({ spec }) => spec[key] !== undefined);
    const [first, second] = given;
    if (first && second && JSON.stringify(first.spec[key]) !== JSON.stringify(second.spec[key])) {
      const message = `"${key}" of this interface is given in two places with two values.`;
      this.context.report({ pointer: join(second.pointer, key), at: "key", code: "two-values", message });
    }
    return first && { value: first.spec[key], pointer: join(first.pointer, key) };
  }

  private taken(place: Place, name: string, other: Interface, made: Interface["made"]) {
    const where = inPlace(place);
    if (made === "veth" && other.made === "veth") {
      return {
        code: "end-used-twice",
        message: `Two links end at "${name}" ${where}; an interface is the end of one link.`,
      };
    }
    return {
      code: "duplicate-name",
      message: `The name "${name}" is used twice ${where}; a bridge is an interface too.`,
    };
  }
}

/** Builds the devices of all places. */
export function devicesOf(context: Context, bridges: Bridges, cables: CableDraft[]): Devices {
  const builder = new Builder(context);
  for (const site of context.sites.values()) {
    const entry = site.spec.interfaces?.lo;
    const pointer = join(site.pointer, "interfaces", "lo");
    if (!site.host) builder.add(site.place, "lo", "lo", entry ? [{ pointer, spec: entry }] : [], site.pointer);
  }
  for (const { place, name, pointer, spec, kind } of bridges.values()) {
    builder.add(place, name, kind === "ovs" ? "ovs-bridge" : "bridge", [{ pointer, spec }], pointer);
  }
  for (const cable of cables) for (const end of cable.ends) addEnd(context, builder, end);
  for (const site of context.sites.values()) addInternals(context, builder, site, bridges);
  for (const site of context.sites.values()) checkEntries(context, builder.devices, site);
  checkPortOptions(context, bridges);
  return builder.devices;
}

function addEnd(context: Context, builder: Builder, end: EndDraft & { name: string }): void {
  const site = context.sites.get(end.place)!;
  const givers: Giver[] = [];
  const entry = Object.hasOwn(site.spec.interfaces ?? {}, end.name)
    ? (site.spec.interfaces?.[end.name] ?? {})
    : undefined;
  if (entry) givers.push({ pointer: join(site.pointer, "interfaces", end.name), spec: entry });
  if (Object.keys(end.spec).length > 0 || !entry) givers.push({ pointer: end.pointer, spec: end.spec });
  if (end.bridge) {
    const giver = givers.find(({ spec }) => (spec.addresses?.length ?? 0) > 0);
    if (giver) {
      const message = `"${end.name}" is a port of the bridge "${end.bridge.name}": addresses belong to the bridge.`;
      context.report({ pointer: join(giver.pointer, "addresses"), at: "key", code: "port-with-address", message });
    }
    end.bridge.ports.add(end.name);
  }
  builder.add(
    end.place,
    end.name,
    "veth",
    givers,
    end.pointer,
    end.bridge && portOf(end.bridge, end.name, end.pointer),
    end.mtu,
  );
}

function portOf(bridge: BridgeDraft, name: string, origin: Pointer): Port {
  const options = bridge.spec.ports?.[name];
  return {
    bridge: bridge.name,
    kind: bridge.kind,
    origin: options ? join(bridge.pointer, "ports", name) : origin,
    hairpin: options?.hairpin ?? false,
    ...(options?.tag === undefined ? {} : { tag: options.tag }),
    ...(options?.trunks === undefined
      ? {}
      : { trunks: [...new Set(options.trunks)].filter((vlan) => typeof vlan === "number").sort((a, b) => a - b) }),
  };
}

function addInternals(context: Context, builder: Builder, site: Site, bridges: Bridges): void {
  for (const [name, entry] of Object.entries(site.spec.interfaces ?? {})) {
    const pointer = join(site.pointer, "interfaces", name);
    if (entry?.kind !== "internal") {
      if (entry?.bridge !== undefined && !context.broken(join(pointer, "kind"))) {
        const message = `"bridge" is for interfaces of kind "internal"; "${name}" joins a bridge by a link.`;
        context.report({
          pointer: join(pointer, "bridge"),
          at: "key",
          code: "bridge-without-kind",
          message,
          suggestion: "add kind: internal",
        });
      }
      continue;
    }
    const bridge = entry.bridge === undefined ? undefined : bridges.get(keyOf(HOST, entry.bridge));
    const wrong = (code: string, message: string, suggestion?: string) =>
      context.report({ pointer: join(pointer, bridge || entry.bridge ? "bridge" : "kind"), code, message, suggestion });
    if (entry.bridge === undefined)
      wrong("missing-key", `The internal interface "${name}" needs a bridge.`, "add bridge: NAME");
    else if (!bridge)
      wrong(
        "unknown-bridge",
        `There is no bridge "${entry.bridge}" on the host.`,
        didYouMean(entry.bridge, ovsNames(bridges)),
      );
    else if (bridge.kind !== "ovs")
      wrong(
        "linux-bridge",
        `"${bridge.name}" is a Linux bridge; internal interfaces are ports of Open vSwitch bridges.`,
      );
    bridge?.ports.add(name);
    builder.add(
      site.place,
      name,
      "internal",
      [{ pointer, spec: entry }],
      pointer,
      bridge && { ...portOf(bridge, name, join(pointer, "bridge")), kind: "ovs" },
    );
  }
}

const ovsNames = (bridges: Bridges): string[] =>
  [...bridges.values()].filter(({ kind }) => kind === "ovs").map(({ name }) => name);

/** Entries of `interfaces` that nothing makes, and what cannot be said of lo. */
function checkEntries(context: Context, { byPlace }: Devices, site: Site): void {
  const devices = byPlace.get(site.place)!;
  for (const [name, entry] of Object.entries(site.spec.interfaces ?? {})) {
    const pointer = join(site.pointer, "interfaces", name);
    const wrong = (code: string, message: string, key?: string, suggestion?: string) =>
      context.report({ pointer: key ? join(pointer, key) : pointer, at: "key", code, message, suggestion });
    if (name === "lo") {
      if (site.host) wrong("lo-of-host", "lo of the host is not the lab's: nothing can be said of it.");
      else if (entry?.up === false) wrong("lo-down", "lo is always up.", "up");
      else if (entry?.mac !== undefined) wrong("lo-mac", "lo has no MAC address.", "mac");
      continue;
    }
    const device = devices.get(name);
    if (
      device === undefined &&
      entry?.kind === undefined &&
      !context.loose.has(site.place) &&
      !context.broken(pointer)
    ) {
      const free = [...devices.values()].filter(
        (one) => one.made === "veth" && !(one.name in (site.spec.interfaces ?? {})),
      );
      const message = `Nothing makes the interface "${name}" of ${placeText(site.place)}: no link ends there.`;
      wrong(
        "unmade-interface",
        message,
        undefined,
        didYouMean(
          name,
          free.map((one) => one.name),
        ),
      );
    }
    if (device?.made === "bridge" || device?.made === "ovs-bridge") {
      wrong("duplicate-name", `"${name}" ${inPlace(site.place)} is a bridge: what is said of it belongs there.`);
    }
  }
}

function checkPortOptions(context: Context, bridges: Bridges): void {
  for (const { place, name, pointer, spec, ports } of bridges.values()) {
    for (const port of Object.keys(spec.ports ?? {})) {
      if (ports.has(port) || context.loose.has(place)) continue;
      const message = `No link makes the port "${port}" of the bridge "${name}" ${inPlace(place)}; an existing interface in a bridge is not supported yet.`;
      context.report({
        pointer: join(pointer, "ports", port),
        at: "key",
        code: "unmade-port",
        message,
        suggestion: didYouMean(port, ports),
      });
    }
  }
}
