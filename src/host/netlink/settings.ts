// Kernel settings that rtnetlink(7) tells: each of a thousand namespaces has folders of its own in /proc/sys/net, and the
// kernel finds one of them by looking at all.
import { Attributes, ask, attribute, request } from "./message.js";
import type { System } from "./system.js";

/** include/uapi/linux/netconf.h; NETCONFA_IFINDEX_ALL is -1. */
const [RTM_GETNETCONF, NETCONFA_IFINDEX, NETCONFA_FORWARDING] = [82, 1, 2];
const ALL = Buffer.from([0xff, 0xff, 0xff, 0xff]);
const FORWARDING = Object.entries({ "net.ipv4.ip_forward": 2, "net.ipv6.conf.all.forwarding": 10 }).map(
  ([key, family]) => ({
    key,
    asking: request(RTM_GETNETCONF, Buffer.concat([Buffer.from([family, 0, 0, 0]), attribute(NETCONFA_IFINDEX, ALL)])),
  }),
);
const inAnswer = new Attributes();
const DISABLE_IPV6 = "net.ipv6.conf.all.disable_ipv6";

/**
 * What can be told of some keys.
 * @param fd a socket of the namespace
 * @param ipv6Off what its devices say of disable_ipv6, where they agree: to write `all` writes every device's. It says nothing
 * where somebody has reason to set them one by one: on the host, and where keys of devices are asked for, too.
 */
export function toldSysctls(
  system: System,
  fd: number,
  keys: ReadonlySet<string>,
  ipv6Off: number | undefined,
): Record<string, string> {
  const values: Record<string, string> = {};
  for (const { key, asking } of FORWARDING) {
    if (!keys.has(key)) continue;
    const { body } = ask(system, fd, asking);
    const value = body && inAnswer.read(body, 4, body.length).i32(NETCONFA_FORWARDING);
    if (value !== undefined) values[key] = String(value);
  }
  const single = [...keys].some((key) => key !== DISABLE_IPV6 && key.endsWith(".disable_ipv6"));
  if (ipv6Off !== undefined && !single && keys.has(DISABLE_IPV6)) values[DISABLE_IPV6] = String(ipv6Off);
  return values;
}
