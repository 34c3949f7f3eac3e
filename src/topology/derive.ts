// What netlab draws itself: MAC addresses, port names, the group number. Part of the mark: must never change.
// An import of it would load all that it can do, web crypto too.
const { hash } = process.getBuiltinModule("node:crypto");

import type { Place } from "./lab.js";

const sha256 = (...parts: string[]): Buffer => hash("sha256", parts.join("\0"), "buffer");

/** The lab's link group (ip-link(8) `group`): 31 bits, never 0, which is the kernel's default group. */
export function groupOf(lab: string): number {
  return sha256("netlab group", lab).readUInt32BE(0) & 0x7fffffff || 1;
}

/** A MAC of the locally administered range (02:…), the same for one lab, place and name on every machine. */
export function macOf(lab: string, place: Place, name: string): string {
  const octets = sha256("netlab mac", lab, place, name).toString("hex", 0, 5);
  return `02${octets.replace(/../g, ":$&")}`;
}

/** Bytes of an interface's name, without the terminating NUL: IFNAMSIZ - 1 of linux/if.h. */
export const NAME_BYTES = 15;

/** The readable name of the port that a cable to `place`, `name` is plugged into, where it fits. */
export function readablePort(place: Place, name: string): string | undefined {
  const text = `${place}-${name}`;
  return text.length <= NAME_BYTES ? text : undefined;
}

/** The name with a hash, for long ends and collisions; `salt` counts up until the name is free. */
export function hashedPort(place: Place, name: string, salt = 0): string {
  const hash = sha256("netlab port", place, name, String(salt)).readUIntBE(0, 6) % 36 ** 6;
  return `${place.slice(0, NAME_BYTES - 7)}-${hash.toString(36).padStart(6, "0")}`;
}
