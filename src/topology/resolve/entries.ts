// Entries of the file that describe a device or port which nothing makes, and what cannot be said of lo.
import type { Interface } from "../lab.js";
import { join } from "../pointer.js";
import { didYouMean } from "../suggest.js";
import type * as T from "../types.gen.js";
import { type Context, inPlace, placeText, type Site } from "./site.js";

/** Checks every entry of `interfaces` of a place against the devices that there are. */
export function checkEntries(context: Context, devices: Map<string, Interface>, site: Site): void {
  for (const [name, entry] of Object.entries(site.spec.interfaces ?? {})) {
    const pointer = join(site.pointer, "interfaces", name);
    const wrong = (code: string, message: string, suggestion?: string) =>
      context.report({ pointer, at: "key", code, message, suggestion });
    if (name === "lo") {
      checkLo(context, site, entry ?? {});
      continue;
    }
    const made = devices.get(name)?.made;
    if (made === "bridge" || made === "ovs-bridge") {
      wrong("duplicate-name", `"${name}" ${inPlace(site.place)} is a bridge: what is said of it belongs there.`);
    }
    if (made || entry?.kind || context.loose.has(site.place) || context.broken(pointer)) continue;
    const free = [...devices.values()].filter((one) => one.made === "veth" && !site.spec.interfaces?.[one.name]);
    const names = free.map((one) => one.name);
    const message = `Nothing makes the interface "${name}" of ${placeText(site.place)}: no link ends there.`;
    wrong("unmade-interface", message, didYouMean(name, names));
  }
}

function checkLo(context: Context, site: Site, entry: NonNullable<T.Interface>): void {
  const pointer = join(site.pointer, "interfaces", "lo");
  const wrong = (code: string, message: string, key?: string) =>
    context.report({ pointer: key ? join(pointer, key) : pointer, at: "key", code, message });
  if (site.host) wrong("lo-of-host", "lo of the host is not the lab's: nothing can be said of it.");
  else if (entry.up === false) wrong("lo-down", "lo is always up.", "up");
  else if (entry.mac !== undefined) wrong("lo-mac", "lo has no MAC address.", "mac");
}
