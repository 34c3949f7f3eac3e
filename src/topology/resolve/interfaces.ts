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
  addExisting(context, builder);
  for (const site of context.sites.values()) checkEntries(context, builder.devices.byPlace.get(site.place)!, site);
  return builder.devices;
}

/** Interfaces of the machine that namespaces get, each but once. */
function addExisting(context: Context, builder: DeviceBuilder): void {
  const places = new Map<string, string>();
  for (const site of context.sites.values())
    for (const [name, entry] of Object.entries(site.spec.interfaces ?? {})) {
      if (!entry?.existing) continue;
      const pointer = join(site.pointer, "interfaces", name);
      const wrong = (code: string, message: string) =>
        context.report({ pointer: join(pointer, "existing"), at: "key", code, message });
      const other = places.get(name);
      if (site.host)
        wrong(
          "existing-on-host",
          `The host has "${name}" already; what a lab can do with it is to put it in a bridge.`,
        );
      else if (entry.kind !== undefined)
        wrong("existing-kind", `"${name}" is either made, or an interface that the machine has already.`);
      else if (other !== undefined) wrong("end-used-twice", `"${name}" of the machine is also in "${other}".`);
      else if (builder.add(site.place, name, "existing", [{ pointer, spec: entry }], pointer))
        places.set(name, site.place);
    }
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
