// Sysctls and forwarding of one place. Keys in the form that sysctl(8) prints.
import type { Interface, Namespace, Sysctl } from "../lab.js";
import { join } from "../pointer.js";
import { didYouMean } from "../suggest.js";
import { type Context, placeText, type Site } from "./site.js";

/** Keys that other words of the topology write. */
const TAKEN: Record<string, string> = {
  "net.ipv4.ip_forward": "forwarding",
  "net.ipv4.conf.all.forwarding": "forwarding",
  "net.ipv6.conf.all.forwarding": "forwarding",
  "net.ipv6.conf.all.disable_ipv6": "ipv6",
  "net.ipv6.conf.default.disable_ipv6": "ipv6",
};

/** Dots as separators; with slashes as separators, dots are part of a name, and are written as slashes. */
function dotted(key: string): string {
  if (!/^[^.]*\//.test(key)) return key;
  return key.replace(/[./]/g, (character) => (character === "." ? "/" : "."));
}

export function sysctlsOf(context: Context, site: Site, devices: Map<string, Interface>): Sysctl[] {
  const sysctls = new Map<string, Sysctl>();
  for (const [text, value] of Object.entries(site.spec.sysctl ?? {})) {
    const origin = join(site.pointer, "sysctl", text);
    const key = dotted(text);
    const wrong = (code: string, message: string, suggestion?: string) =>
      context.report({ pointer: origin, at: "key", code, message, suggestion });
    const owner = TAKEN[key];
    if (context.broken(origin)) continue;
    if (sysctls.has(key)) wrong("duplicate-sysctl", `"${text}" is the same setting as one above.`);
    if (owner && !(site.host && owner === "ipv6"))
      wrong("taken-sysctl", `"${key}" is what "${owner}" writes.`, `use ${owner}`);
    const name = /^net\.(?:ipv4|ipv6)\.(?:conf|neigh)\.([^.]+)\./.exec(key)?.[1]?.replaceAll("/", ".");
    if (
      name !== undefined &&
      !site.host &&
      !["all", "default"].includes(name) &&
      !devices.has(name) &&
      !context.loose.has(site.place)
    ) {
      const message = `"${text}" is for an interface "${name}", which ${placeText(site.place)} does not have.`;
      wrong("unknown-interface", message, didYouMean(name, devices.keys()));
    }
    const written = String(value);
    if (/[\n\r\0]/.test(written)) wrong("bad-sysctl", `The value of "${text}" has more than one line.`);
    else if (!/^[\w.,:/+ \t-]*$/.test(written))
      wrong("bad-sysctl", `The value of "${text}" has characters that no setting of the network has.`);
    sysctls.set(key, { key, value: written.trim(), origin });
  }
  return [...sysctls.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** On the host, what is not named is left alone. */
export function forwardingOf(context: Context, { spec, pointer, host }: Site): Namespace["forwarding"] {
  const { forwarding } = spec;
  const origin = forwarding === undefined ? pointer : join(pointer, "forwarding");
  // What it was to be is not known: better no word on what follows from it.
  if (context.broken(join(pointer, "forwarding"))) return { ipv4: true, ipv6: true, origin };
  if (forwarding === undefined) return host ? { origin } : { ipv4: false, ipv6: false, origin };
  if (typeof forwarding === "boolean") return { ipv4: forwarding, ipv6: forwarding, origin };
  if (host) return { [forwarding]: true, origin };
  return { ipv4: forwarding === "ipv4", ipv6: forwarding === "ipv6", origin };
}
