// Broadcast domains: which interfaces hear each other, through links, bridges and VLANs.
import type { Interface, Lab, LinkEnd, Pointer, Port } from "../lab.js";

export interface Segments {
  /** A name of the segment that an interface (`place/name`) is in. */
  of(key: string): string;
  /** Links that close a circle of bridges. */
  loops: Pointer[];
}

class Union {
  private readonly parents = new Map<string, string>();

  find(node: string): string {
    let root = node;
    for (let parent = this.parents.get(root); parent !== undefined; parent = this.parents.get(root)) root = parent;
    for (let at = node; at !== root; ) {
      const next = this.parents.get(at)!;
      this.parents.set(at, root);
      at = next;
    }
    return root;
  }

  /** Joins two; false where they were joined already. */
  join(a: string, b: string): boolean {
    const [x, y] = [this.find(a), this.find(b)];
    if (x !== y) this.parents.set(x, y);
    return x !== y;
  }
}

const UNTAGGED = 0;

/** The VLAN inside the bridge that a frame with the tag `vlan` on the wire belongs to; undefined where it is dropped. */
function inside(port: Port, vlan: number): number | undefined {
  if (port.kind === "linux") return vlan;
  if (port.tag !== undefined) return vlan === UNTAGGED ? port.tag : undefined;
  return port.trunks === undefined || port.trunks.includes(vlan) ? vlan : undefined;
}

/** The segments of a lab. VLANs that no access port has end nowhere, and are left out. */
export function segmentsOf(lab: Lab): Segments {
  const devices = new Map<string, Interface>();
  const bridgePlace = (place: string, port: Port) => `${port.kind === "ovs" ? lab.host.name : place}/${port.bridge}`;
  for (const { name, interfaces } of [...lab.namespaces, lab.host])
    for (const one of interfaces) devices.set(`${name}/${one.name}`, one);
  const vlans = new Set([UNTAGGED]);
  for (const { port } of devices.values()) if (port?.tag !== undefined) vlans.add(port.tag);
  const union = new Union();
  const node = (key: string, vlan: number): string | undefined => {
    const device = devices.get(key);
    if (!device?.port) return vlan === UNTAGGED ? key : undefined;
    const within = inside(device.port, vlan);
    return within === undefined ? undefined : `${bridgePlace(key.slice(0, key.indexOf("/")), device.port)}#${within}`;
  };
  for (const [key, { made }] of devices) {
    if (made === "bridge" || made === "ovs-bridge") union.join(key, `${key}#${UNTAGGED}`);
    const port = made === "internal" || made === "tap" ? node(key, UNTAGGED) : undefined;
    if (port !== undefined) union.join(key, port);
  }
  const loops: Pointer[] = [];
  const keyOf = ({ place, name }: LinkEnd) => `${place}/${name}`;
  for (const { a, b, origin } of lab.links) {
    let looped = false;
    for (const vlan of vlans) {
      const [x, y] = [node(keyOf(a), vlan), node(keyOf(b), vlan)];
      if (x !== undefined && y !== undefined && !union.join(x, y)) looped = true;
    }
    if (looped && devices.get(keyOf(a))?.port && devices.get(keyOf(b))?.port) loops.push(origin);
  }
  return { of: (key) => union.find(key), loops };
}
