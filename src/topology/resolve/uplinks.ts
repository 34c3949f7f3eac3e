// Ports that nothing in the file makes: on the host they are interfaces of the machine, elsewhere mistakes.
import { HOST, type Uplink } from "../lab.js";
import { join } from "../pointer.js";
import { didYouMean } from "../suggest.js";
import { type BridgeDraft, portOf } from "./bridges.js";
import type { Devices } from "./devices.js";
import { type Context, inPlace } from "./site.js";

/** The machine's interfaces in bridges, by name; each such bridge gets the MAC of the first, unless it has one declared. */
export function uplinksOf(context: Context, bridges: Map<string, BridgeDraft>, devices: Devices): Uplink[] {
  const uplinks = new Map<string, Uplink>();
  for (const bridge of bridges.values()) {
    for (const name of Object.keys(bridge.spec.ports ?? {}).sort()) {
      if (bridge.ports.has(name)) continue;
      const known = devices.byPlace.get(bridge.place)!.get(name);
      if (known?.made === "existing") {
        known.port = portOf(bridge, name, join(bridge.pointer, "ports", name));
        continue;
      }
      const pointer = join(bridge.pointer, "ports", name);
      const problem = problemOf(bridge, name, devices, uplinks.get(name));
      // Where a link could not be made out, it may have been meant to make the port.
      if (problem && context.loose.has(bridge.place)) continue;
      if (problem) context.report({ pointer, at: "key", ...problem });
      else uplinks.set(name, { name, origin: pointer, port: { ...portOf(bridge, name, pointer), origin: pointer } });
    }
  }
  for (const { name, port } of [...uplinks.values()].reverse())
    takeMac(name, bridges.get(`${HOST}/${port.bridge}`)!, devices);
  return [...uplinks.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function problemOf({ place, name: bridge, ports }: BridgeDraft, name: string, devices: Devices, other?: Uplink) {
  const known = devices.byPlace.get(place)!.get(name);
  const suggestion = didYouMean(name, ports);
  const unmade = (message: string) => ({ code: "unmade-port", message, suggestion });
  if (known)
    return unmade(`"${name}" ${inPlace(place)} is made by this file, and is no port of the bridge "${bridge}".`);
  if (suggestion || place !== HOST)
    return unmade(`No link makes the port "${name}" of the bridge "${bridge}" ${inPlace(place)}.`);
  const lent = [...devices.byPlace].find(([, here]) => here.get(name)?.made === "existing")?.[0];
  if (lent !== undefined) return { code: "end-used-twice", message: `"${name}" of the machine is also in "${lent}".` };
  if (other) return { code: "end-used-twice", message: `"${name}" is also in the bridge "${other.port.bridge}".` };
  return undefined;
}

function takeMac(uplink: string, { name, spec }: BridgeDraft, devices: Devices): void {
  const device = devices.byPlace.get(HOST)!.get(name);
  if (!device || spec.mac !== undefined) return;
  delete device.mac;
  device.macOf = uplink;
}
