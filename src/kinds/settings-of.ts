// Sysctls of a live lab in the words of the topology file.
import type { Json, Resource } from "../core/resource.js";
import { HOST, type Place } from "../topology/lab.js";
import { sysctlResource } from "./sysctl.js";

type Words = { [key: string]: Json };

const FORWARD = ["net.ipv4.ip_forward", "net.ipv6.conf.all.forwarding"] as const;
const DISABLE6 = "net.ipv6.conf.all.disable_ipv6";
/** Switched off by netlab itself in its own namespaces. */
const OWN = /^net\.(?:bridge\.bridge-nf-call-|ipv6\.conf\.(?:all|default)\.disable_ipv6$)/;

/** What a lab's namespaces must be asked for, so that their settings can be said. */
export function askedSettings(places: Place[]): Resource[] {
  return places.flatMap((place) => [...FORWARD, DISABLE6].map((key) => sysctlResource(place, key, "")));
}

/** `forwarding`, `ipv6` and `sysctl` of each place. */
export function settingsOf(sysctls: Resource[]): Map<Place, Words> {
  const places = new Map<Place, Record<string, string>>();
  for (const { place, at, fields, owner } of sysctls) {
    if (place === HOST && (owner !== "lab" || at.lent)) continue;
    const values = places.get(place) ?? {};
    places.set(place, values);
    values[at.key as string] = fields.value as string;
  }
  return new Map([...places].map(([place, values]) => [place, words(values)] as const));
}

function words(values: Record<string, string>): Words {
  const [ipv4, ipv6] = FORWARD.map((key) => values[key] === "1");
  const forwarding = ipv4 && ipv6 ? true : ipv4 ? "ipv4" : ipv6 ? "ipv6" : undefined;
  const others = Object.entries(values).filter(([key]) => !FORWARD.some((one) => one === key) && !OWN.test(key));
  return {
    ...(forwarding !== undefined && { forwarding }),
    ...(values[DISABLE6] === "1" && { ipv6: false }),
    ...(others.length > 0 && { sysctl: Object.fromEntries(others) }),
  };
}
