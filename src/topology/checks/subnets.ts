// Subnets that overlap within one place, on different segments: the longer prefix silently wins.
import { cidrText, covers, type Inet, networkOf, scopeOf } from "../inet.js";
import type { Namespace, Pointer } from "../lab.js";
import { inetOf } from "../resolve/addresses.js";
import type { CrossCheck } from "./subject.js";

interface Net {
  net: Inet;
  name: string;
  segment: string;
  origin: Pointer;
}

export const overlappingSubnets: CrossCheck = ({ lab, segments }, report) => {
  for (const place of [...lab.namespaces, lab.host]) {
    const around: Net[] = [];
    for (const one of netsOf(place, segments.of)) {
      while (around.length > 0 && !covers(around.at(-1)!.net, one.net)) around.pop();
      const outer = around.at(-1);
      around.push(one);
      if (!outer || outer.segment === one.segment) continue;
      const message = `The subnet ${cidrText(one.net)} of "${one.name}" overlaps ${cidrText(outer.net)} of "${outer.name}", which is another segment.`;
      report({ pointer: one.origin, severity: "warning", code: "overlapping-subnets", message });
    }
  }
};

/** Subnets so that each comes after those that enclose it. */
function netsOf({ name: place, interfaces }: Namespace, segment: (key: string) => string): Net[] {
  const nets: Net[] = [];
  for (const { name, made, addresses } of interfaces) {
    if (made === "lo") continue;
    for (const address of addresses) {
      const inet = inetOf(address);
      if (address.prefix === (address.family === 4 ? 32 : 128) || scopeOf(inet) === "link-local") continue;
      nets.push({ net: networkOf(inet), name, segment: segment(`${place}/${name}`), origin: address.origin });
    }
  }
  const order = (a: Inet, b: Inet) => (a.value === b.value ? a.prefix - b.prefix : a.value < b.value ? -1 : 1);
  return nets.sort((a, b) => a.net.family - b.net.family || order(a.net, b.net));
}
