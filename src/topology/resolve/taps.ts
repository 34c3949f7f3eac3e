// Tap devices: each in the place of the interface's entry, alone or as a port of a bridge there.
import type { Port } from "../lab.js";
import { join } from "../pointer.js";
import { didYouMean } from "../suggest.js";
import type * as T from "../types.gen.js";
import { type BridgeDraft, keyOf, portOf } from "./bridges.js";
import type { DeviceBuilder } from "./devices.js";
import { type Context, inPlace, type Site } from "./site.js";

const OPTIONS = ["owner", "vnet_hdr", "multi_queue"] as const;

/** Adds the tap devices of a place; their options fit nothing else. */
export function addTaps(
  context: Context,
  builder: DeviceBuilder,
  site: Site,
  bridges: ReadonlyMap<string, BridgeDraft>,
): void {
  for (const [name, entry] of Object.entries(site.spec.interfaces ?? {})) {
    const pointer = join(site.pointer, "interfaces", name);
    if (context.broken(join(pointer, "kind"))) continue;
    if (entry?.kind === "tap") addTap(context, builder, site, bridges, name, entry);
    for (const option of entry?.kind === "tap" ? [] : OPTIONS) {
      if (entry?.[option] === undefined) continue;
      const message = `"${option}" is for interfaces of kind "tap".`;
      context.report({ pointer: join(pointer, option), at: "key", code: "option-without-kind", message });
    }
  }
}

function addTap(
  context: Context,
  builder: DeviceBuilder,
  site: Site,
  bridges: ReadonlyMap<string, BridgeDraft>,
  name: string,
  entry: NonNullable<T.Interface>,
): void {
  const pointer = join(site.pointer, "interfaces", name);
  const port = portIn(context, site, bridges, name, entry);
  if (port && (entry.addresses?.length ?? 0) > 0) {
    const message = `"${name}" is a port of the bridge "${port.bridge}": addresses belong to the bridge.`;
    context.report({ pointer: join(pointer, "addresses"), at: "key", code: "port-with-address", message });
  }
  if (!builder.add(site.place, name, "tap", [{ pointer, spec: entry }], pointer, port)) return;
  const { owner = "root", vnet_hdr: vnetHdr = false, multi_queue: multiQueue = false } = entry;
  builder.devices.byPlace.get(site.place)!.get(name)!.tap = { owner, vnetHdr, multiQueue };
}

function portIn(
  context: Context,
  site: Site,
  bridges: ReadonlyMap<string, BridgeDraft>,
  name: string,
  { bridge: wanted }: NonNullable<T.Interface>,
): Port | undefined {
  if (wanted === undefined) return undefined;
  const pointer = join(site.pointer, "interfaces", name, "bridge");
  const bridge = bridges.get(keyOf(site.place, wanted));
  if (!bridge) {
    const here = [...bridges.values()].filter(({ place }) => place === site.place).map((one) => one.name);
    const message = `There is no bridge "${wanted}" ${inPlace(site.place)}; a tap is a port of a bridge in its own place.`;
    context.report({ pointer, code: "unknown-bridge", message, suggestion: didYouMean(wanted, here) });
    return undefined;
  }
  bridge.ports.add(name);
  return portOf(bridge, name, pointer);
}
