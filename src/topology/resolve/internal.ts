// OVS internal ports: devices that Open vSwitch makes, in the place of the interface's entry.
import { HOST } from "../lab.js";
import { join } from "../pointer.js";
import { didYouMean } from "../suggest.js";
import type * as T from "../types.gen.js";
import { type BridgeDraft, keyOf, portOf } from "./bridges.js";
import type { DeviceBuilder } from "./devices.js";
import type { Context, Site } from "./site.js";

type Bridges = Map<string, BridgeDraft>;
type Entry = NonNullable<T.Interface>;

/** Adds the internal ports of a place. */
export function addInternals(context: Context, builder: DeviceBuilder, site: Site, bridges: Bridges): void {
  for (const [name, entry] of Object.entries(site.spec.interfaces ?? {})) {
    const pointer = join(site.pointer, "interfaces", name);
    if (context.broken(join(pointer, "kind"))) context.loose.add(HOST);
    else if (entry?.kind === "internal") addInternal(context, builder, site, bridges, name, entry);
    else if (entry?.bridge !== undefined && entry.kind === undefined) {
      context.report({
        pointer: join(pointer, "bridge"),
        at: "key",
        code: "bridge-without-kind",
        message: `"bridge" is for interfaces of kind "internal" or "tap"; "${name}" joins a bridge by a link.`,
        suggestion: "add kind: internal, or kind: tap",
      });
    }
  }
}

function addInternal(
  context: Context,
  builder: DeviceBuilder,
  site: Site,
  bridges: Bridges,
  name: string,
  entry: Entry,
): void {
  const pointer = join(site.pointer, "interfaces", name);
  const wrong = (key: string, code: string, message: string, suggestion?: string) =>
    context.report({ pointer: join(pointer, key), code, message, suggestion });
  const wanted = entry.bridge;
  const bridge = wanted === undefined ? undefined : bridges.get(keyOf(HOST, wanted));
  if (wanted === undefined) {
    if (!context.broken(join(pointer, "bridge"))) {
      wrong("kind", "missing-key", `The internal interface "${name}" needs a bridge.`, "add bridge: NAME");
    }
  } else if (bridge === undefined) {
    const message = `There is no bridge "${wanted}" on the host.`;
    wrong("bridge", "unknown-bridge", message, didYouMean(wanted, ovsNames(bridges)));
  } else if (bridge.kind !== "ovs") {
    const message = `"${wanted}" is a Linux bridge; internal interfaces are ports of Open vSwitch bridges.`;
    wrong("bridge", "linux-bridge", message);
  }
  bridge?.ports.add(name);
  const port = bridge && { ...portOf(bridge, name, join(pointer, "bridge")), kind: "ovs" as const };
  builder.add(site.place, name, "internal", [{ pointer, spec: entry }], pointer, port);
}

const ovsNames = (bridges: Bridges): string[] =>
  [...bridges.values()].filter(({ kind }) => kind === "ovs").map(({ name }) => name);
