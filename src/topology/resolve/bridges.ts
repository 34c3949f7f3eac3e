// The bridges of every place, and the options that fit only one kind.
import { HOST, type Place, type Pointer, type Port } from "../lab.js";
import { join } from "../pointer.js";
import type * as T from "../types.gen.js";
import type { Context } from "./site.js";

export interface BridgeDraft {
  place: Place;
  name: string;
  pointer: Pointer;
  spec: NonNullable<T.Bridge>;
  kind: "linux" | "ovs";
  /** Names of the ports that links and internal interfaces make. */
  ports: Set<string>;
}

/** Key of a thing that is one in its place. */
export const keyOf = (place: Place, name: string): string => `${place}/${name}`;

/** All bridges by place and name. */
export function bridgesOf(context: Context): Map<string, BridgeDraft> {
  const bridges = new Map<string, BridgeDraft>();
  const add = (place: Place, base: Pointer, specs: Record<string, T.Bridge> | null | undefined) => {
    for (const name of Object.keys(specs ?? {}).sort()) {
      const spec = specs?.[name] ?? {};
      const draft: BridgeDraft = {
        place,
        name,
        pointer: join(base, name),
        spec,
        kind: spec.kind ?? "linux",
        ports: new Set(),
      };
      if (bridges.has(keyOf(place, name))) {
        const message = `The host's bridge "${name}" is also in "bridges" at the top of the file.`;
        context.report({ pointer: draft.pointer, at: "key", code: "duplicate-name", message });
        continue;
      }
      bridges.set(keyOf(place, name), draft);
      if (!context.broken(join(draft.pointer, "kind"))) checkKind(context, draft);
    }
  };
  add(HOST, "/bridges", context.topology.bridges);
  for (const site of context.sites.values()) add(site.place, join(site.pointer, "bridges"), site.spec.bridges);
  return bridges;
}

function checkKind({ report }: Context, { place, pointer, spec, kind, name }: BridgeDraft): void {
  const wrong = (key: string, code: string, message: string, suggestion?: string) =>
    report({ pointer: join(pointer, key), at: "key", code, message, suggestion });
  if (kind === "ovs" && place !== HOST) {
    wrong(
      "kind",
      "ovs-in-namespace",
      `The Open vSwitch bridge "${name}" is in a namespace; it can only be on the host.`,
      'write it in "bridges" at the top',
    );
  }
  if (kind === "ovs" && spec.stp !== undefined) {
    wrong("stp", "linux-option", `"stp" is an option of Linux bridges, and "${name}" is an Open vSwitch bridge.`);
  }
  if (kind === "linux" && spec.datapath !== undefined) {
    wrong(
      "datapath",
      "ovs-option",
      `"datapath" is an option of Open vSwitch bridges, and "${name}" is a Linux bridge.`,
      "add kind: ovs",
    );
  }
  for (const [port, options] of Object.entries(spec.ports ?? {})) {
    for (const key of Object.keys(options ?? {})) {
      const ovsKey = key !== "hairpin";
      if (ovsKey === (kind === "ovs")) continue;
      const code = ovsKey ? "ovs-option" : "linux-option";
      const kinds = ovsKey ? ["Open vSwitch", "a Linux"] : ["Linux", "an Open vSwitch"];
      const message = `"${key}" is an option of ${kinds[0]} bridges, and "${name}" is ${kinds[1]} bridge.`;
      report({
        pointer: join(pointer, "ports", port, key),
        at: "key",
        code,
        message,
        suggestion: ovsKey ? "add kind: ovs" : undefined,
      });
    }
    if (options?.tag !== undefined && options.trunks !== undefined) {
      const message = `The port "${port}" has both "tag" and "trunks": it is an access port or a trunk.`;
      report({ pointer: join(pointer, "ports", port, "trunks"), at: "key", code: "tag-and-trunks", message });
    }
  }
}

/** The port of a bridge with its options; `origin` is where it comes from when it has none. */
export function portOf(bridge: BridgeDraft, name: string, origin: Pointer): Port {
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
