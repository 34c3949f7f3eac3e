// Every device of the lab in every place.
import { join } from "../pointer.js";
import { type BridgeDraft, portOf } from "./bridges.js";
import { DeviceBuilder, type Devices, type Giver } from "./devices.js";
import type { CableDraft, EndDraft } from "./ends.js";
import { checkEntries } from "./entries.js";
import { addInternals } from "./internal.js";
import type { Context } from "./site.js";
import { addTaps } from "./taps.js";

type Bridges = Map<string, BridgeDraft>;

/** Builds the devices of all places. */
export function devicesOf(context: Context, bridges: Bridges, cables: CableDraft[]): Devices {
  const builder = new DeviceBuilder(context);
  for (const site of context.sites.values()) {
    const entry = site.spec.interfaces?.lo;
    const pointer = join(site.pointer, "interfaces", "lo");
    if (!site.host) builder.add(site.place, "lo", "lo", entry ? [{ pointer, spec: entry }] : [], site.pointer);
  }
  for (const { place, name, pointer, spec, kind } of bridges.values()) {
    builder.add(place, name, kind === "ovs" ? "ovs-bridge" : "bridge", [{ pointer, spec }], pointer);
  }
  for (const cable of cables) for (const end of cable.ends) addEnd(context, builder, end);
  for (const site of context.sites.values()) {
    addInternals(context, builder, site, bridges);
    addTaps(context, builder, site, bridges);
  }
  for (const site of context.sites.values()) checkEntries(context, builder.devices.byPlace.get(site.place)!, site);
  return builder.devices;
}

function addEnd(context: Context, builder: DeviceBuilder, end: EndDraft & { name: string }): void {
  const site = context.sites.get(end.place)!;
  const givers: Giver[] = [];
  const specs = site.spec.interfaces ?? {};
  const entry = Object.hasOwn(specs, end.name) ? (specs[end.name] ?? {}) : undefined;
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
  const port = end.bridge && portOf(end.bridge, end.name, end.pointer);
  builder.add(end.place, end.name, "veth", givers, end.pointer, port, end.mtu);
}
