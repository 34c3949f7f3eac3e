// Names that would stand for two things.
import type { CrossCheck } from "./subject.js";

/** Devices that Open vSwitch itself makes: ovs-vswitchd.conf.db(5). */
const OVS_DEVICES = new Set(["ovs-system", "ovs-netdev"]);

/** A namespace and a bridge of the host with one name: `NAME:x` could be an end in either. */
export const namespaceOrBridge: CrossCheck = ({ lab }, report) => {
  const bridges = new Map(lab.host.bridges.map(({ name, origin }) => [name, origin]));
  for (const { name } of lab.namespaces) {
    const origin = bridges.get(name);
    if (origin === undefined) continue;
    const message = `"${name}" is a namespace and a bridge: the end of a link at "${name}:…" could be in either.`;
    report({ pointer: origin, at: "key", code: "duplicate-name", message });
  }
};

/** A port of Open vSwitch has one name on the whole machine, and is made on the host before it moves to a namespace. */
export const internalNames: CrossCheck = ({ lab }, report) => {
  const taken = new Map<string, string>(lab.host.interfaces.map(({ name }) => [name, "on the host"]));
  for (const name of OVS_DEVICES) {
    const device = lab.host.interfaces.find((one) => one.name === name);
    if (device)
      report({
        pointer: device.origin,
        at: "key",
        code: "bad-name",
        message: `"${name}" is a device of Open vSwitch itself.`,
      });
  }
  for (const { name: place, interfaces } of lab.namespaces) {
    for (const { name, made, origin } of interfaces) {
      if (made !== "internal") continue;
      const other = taken.get(name);
      if (other !== undefined) {
        const message = `The Open vSwitch port "${name}" is in ${JSON.stringify(place)} and ${other}; its name must be the only one on the machine.`;
        report({ pointer: origin, at: "key", code: "duplicate-port", message });
      }
      taken.set(name, `in "${place}"`);
    }
  }
};
