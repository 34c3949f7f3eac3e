// One address or MAC address on two interfaces of one segment, and circles of bridges.
import type { Interface } from "../lab.js";
import { join } from "../pointer.js";
import { type CrossCheck, everyInterface } from "./subject.js";

/** RFC 5227: two hosts with one address on a link talk to nobody. */
export const addressTwice: CrossCheck = ({ lab, segments, shared }, report) => {
  const seen = new Map<string, string>();
  for (const { device, key } of everyInterface(lab)) {
    if (device.made === "lo") continue;
    for (const { address, origin } of device.addresses) {
      const slot = `${segments.of(key)} ${address}`;
      const other = seen.get(slot);
      if (other === undefined) seen.set(slot, key);
      else if (!shared.has(key) || !shared.has(other)) {
        const message = `${address} is also an address of ${text(other)}, on the same segment.`;
        report({
          pointer: origin,
          code: "duplicate-address",
          message,
          suggestion: "`shared: true` on both interfaces allows it",
        });
      }
    }
  }
};

export const macTwice: CrossCheck = ({ lab, segments }, report) => {
  const seen = new Map<string, string>();
  for (const { device, key } of everyInterface(lab)) {
    if (device.mac === undefined) continue;
    const slot = `${segments.of(segmentKey(device, key))} ${device.mac}`;
    const other = seen.get(slot);
    if (other === undefined) seen.set(slot, key);
    else {
      const message = `${device.mac} is also the MAC address of ${text(other)}, on the same segment.`;
      report({ pointer: join(device.origin, "mac"), code: "duplicate-mac", message });
    }
  }
};

/** A circle of bridges without spanning tree carries its first broadcast for ever. */
export const bridgeLoop: CrossCheck = ({ lab, segments }, report) => {
  const bridges = new Set(
    [...lab.namespaces, lab.host].flatMap(({ bridges }) =>
      bridges.filter(({ stp }) => stp).map(({ origin }) => origin),
    ),
  );
  if (bridges.size > 0) return;
  for (const pointer of segments.loops) {
    const message = "This link closes a circle of bridges, none of which has stp.";
    report({
      pointer: join(pointer, "endpoints"),
      severity: "warning",
      code: "bridge-loop",
      message,
      suggestion: "set stp: true on the bridges",
    });
  }
};

const segmentKey = ({ port }: Interface, key: string): string =>
  port?.kind === "linux" ? `${key.slice(0, key.indexOf("/"))}/${port.bridge}` : key;

const text = (key: string): string => {
  const [place, name] = key.split("/");
  return place === "host" ? `"${name}" on the host` : `"${name}" in "${place}"`;
};
