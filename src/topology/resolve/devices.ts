// Gathers the devices of every place: one for each name, with attributes from wherever the file gives them.
import { macOf } from "../derive.js";
import type { Interface, Place, Pointer, Port } from "../lab.js";
import { join } from "../pointer.js";
import type * as T from "../types.gen.js";
import { wordReason } from "../words.js";
import { addressesOf } from "./addresses.js";
import { keyOf } from "./bridges.js";
import { type Context, inPlace } from "./site.js";

/** One place of the file that gives attributes of an interface. */
export interface Giver {
  pointer: Pointer;
  spec: Pick<NonNullable<T.Interface>, "addresses" | "mtu" | "mac" | "up" | "shared">;
}

export interface Devices {
  /** By place, then by name. */
  byPlace: Map<Place, Map<string, Interface>>;
  /** Interfaces (`keyOf`) whose addresses others may have too. */
  shared: Set<string>;
}

export class DeviceBuilder {
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
      ...macWords(mac?.value?.toLowerCase() ?? this.derivedMac(place, name, made)),
      ...(mtu === undefined ? {} : { mtu }),
      up: attribute("up")?.value ?? true,
      addresses: addresses ? addressesOf(addresses.value, addresses.pointer, name, this.context.report) : [],
      ...(addresses?.value?.includes("dhcp") ? { dhcp: true as const } : {}),
      ...(port ? { port } : {}),
    });
    if (devices.get(name)!.dhcp) this.context.loose.add(place);
    if (givers.some(({ pointer }) => this.context.broken(join(pointer, "addresses")))) this.context.loose.add(place);
    return true;
  }

  /** An interface of the machine keeps its own. */
  private derivedMac(place: Place, name: string, made: Interface["made"]): string | undefined {
    if (made === "lo" || made === "existing") return undefined;
    return macOf(this.context.topology.name ?? "", place, name);
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

const macWords = (mac: string | undefined) => (mac === undefined ? {} : { mac });
