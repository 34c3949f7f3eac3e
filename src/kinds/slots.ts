// The slots by name: facts that resources provide, need and claim. One spelling for all kinds.
import type { Slot } from "../core/resource.js";
import type { Place } from "../topology/lab.js";

/** The namespace exists. */
export const ns = (place: Place): Slot => `ns:${place}`;
/** The device exists in its final place. */
export const link = (place: Place, name: string): Slot => `link:${place}/${name}`;
/** The name of a device is taken. */
export const name = (place: Place, device: string): Slot => `name:${place}/${device}`;
/** Of such a slot, and of no other. */
export const placeOfName = (one: Slot): Place | undefined => /^name:([^/]+)\//.exec(one)?.[1];
/** The device is up and marked. */
export const up = (place: Place, device: string): Slot => `up:${place}/${device}`;
/** The device is a Linux bridge. */
export const bridge = (place: Place, device: string): Slot => `br:${place}/${device}`;
/** The bridge, or the port, is in the OVS database. Bridges and ports share their names. */
export const ovs = (device: string): Slot => `ovs:${device}`;
/** What is set of the device under /proc/sys/net. */
export const settings = (place: Place, device: string): Slot => `settings:${place}/${device}`;
/** The OVS internal port has made its device, in the root namespace. */
export const ovsDevice = (device: string): Slot => `ovs-device:${device}`;
/** The device has an address of this family. */
export const inet = (place: Place, device: string, family: number): Slot => `inet${family}:${place}/${device}`;
/** The address is there, on whatever device. */
export const local = (place: Place, address: string): Slot => `local:${place}/${address}`;
/** The primary address of its subnet. */
export const primary = (place: Place, device: string, subnet: string): Slot => `primary:${place}/${device}/${subnet}`;
/** Some address of the namespace; gateway routes come after all of them. */
export const addressed = (place: Place): Slot => `addressed:${place}`;
/** Some route without a gateway. */
export const direct = (place: Place): Slot => `direct:${place}`;
/** A file that is laid over one of /etc in the namespace. */
export const file = (place: Place, name: string): Slot => `file:${place}/${name}`;
/** All such files of the namespace. */
export const files = (place: Place): Slot => `files:${place}`;
/** Some route. */
export const routed = (place: Place): Slot => `routed:${place}`;
/** Sysctls under conf.all and conf.default, and switches that devices are born with. */
export const defaults = (place: Place): Slot => `defaults:${place}`;
/** IPv6 is not switched off in the namespace. */
export const ipv6 = (place: Place): Slot => `ipv6:${place}`;
/** The interface of the host is written down, and its addresses and routes come back when this ends. */
export const taken = (device: string): Slot => `taken:${device}`;
/** Some device at the edge of a Linux bridge (`place/name`): a port of it, or the far end of a port's cable. */
export const edge = (bridge: string): Slot => `edge:${bridge}`;
