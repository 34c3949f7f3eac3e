// IPv6 where it cannot be: switched off, or on a link that is too narrow for it.
import type { Interface, Namespace } from "../lab.js";
import type { CrossCheck } from "./subject.js";

/** RFC 8200, section 5; addrconf_notify() in net/ipv6/addrconf.c drops every address below it. */
const MINIMUM_MTU = 1280;

export const ipv6Off: CrossCheck = ({ lab }, report) => {
  for (const { name, ipv6, interfaces, routes, nat } of lab.namespaces) {
    if (ipv6) continue;
    const wrong = (pointer: string, what: string) =>
      report({
        pointer,
        code: "ipv6-off",
        message: `IPv6 is switched off in "${name}" (\`ipv6: false\`), but this ${what} is IPv6.`,
      });
    for (const { addresses } of interfaces)
      for (const one of addresses) if (one.family === 6) wrong(one.origin, "address");
    for (const one of routes) if (one.family === 6) wrong(one.origin, "route");
    for (const one of [...(nat?.masquerade ?? []), ...(nat?.forward ?? [])])
      if (one.family === 6) wrong(one.origin, "rule");
  }
};

export const ipv6Mtu: CrossCheck = ({ lab }, report) => {
  for (const place of [...lab.namespaces, lab.host]) {
    const narrow = narrowBridges(place);
    for (const device of place.interfaces) {
      const mtu = device.mtu ?? narrow.get(device.name)?.mtu;
      if (mtu === undefined || mtu >= MINIMUM_MTU) continue;
      const why = device.mtu === undefined ? `its port "${narrow.get(device.name)!.name}"` : `"${device.name}"`;
      for (const { family, address, origin } of device.addresses) {
        if (family === 4) continue;
        const message = `${address} needs an MTU of ${MINIMUM_MTU} at least, and ${why} has ${mtu}.`;
        report({ pointer: origin, code: "mtu-below-ipv6", message });
      }
    }
  }
};

/** Bridges by the port with the smallest MTU: br_mtu_auto_adjust() in net/bridge/br_if.c. */
function narrowBridges({ interfaces }: Namespace): Map<string, Interface> {
  const narrow = new Map<string, Interface>();
  for (const device of interfaces) {
    if (device.port?.kind !== "linux" || device.mtu === undefined) continue;
    const other = narrow.get(device.port.bridge);
    if (!other || device.mtu < other.mtu!) narrow.set(device.port.bridge, device);
  }
  return narrow;
}
