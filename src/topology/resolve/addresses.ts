// Addresses of one interface: read, made canonical, and refused where no host may have them.
import { covers, type Inet, isBroadcast, isNetwork, parseCidr, scopeOf } from "../inet.js";
import type { Address, Pointer } from "../lab.js";
import { join } from "../pointer.js";
import type { Reason, Report } from "../problem.js";
import { items } from "../prune.js";
import { wordReason } from "../words.js";

/** The addresses of a list in the file; `interfaceName` decides whether loopback addresses are in place. */
export function addressesOf(
  list: string[] | null | undefined,
  pointer: Pointer,
  interfaceName: string,
  report: Report,
): Address[] {
  const addresses: Address[] = [];
  for (const [index, text] of items(list)) {
    if (text === "dhcp") continue;
    const origin = join(pointer, index);
    const inet = parseCidr(text);
    const reason = inet ? hostReason(text, inet, interfaceName) : wordReason("cidr", text);
    if (reason) report({ pointer: origin, ...reason });
    if (!inet) continue;
    if (addresses.some((other) => other.address === inet.address)) {
      report({
        pointer: origin,
        code: "duplicate-address",
        message: `The interface "${interfaceName}" has the address ${inet.address} twice.`,
      });
      continue;
    }
    addresses.push({ family: inet.family, address: inet.address, prefix: inet.prefix, origin });
  }
  return addresses;
}

type HostReason = Reason & { severity?: "warning" };

function hostReason(text: string, inet: Inet, interfaceName: string): HostReason | undefined {
  const bad = (message: string, severity?: "warning"): HostReason => ({
    code: "not-a-host-address",
    message,
    severity,
  });
  const scope = scopeOf(inet);
  if (inet.prefix === 0) return { code: "bad-prefix", message: `"${text}" makes every address there is a neighbour.` };
  if (scope === "loopback")
    return interfaceName === "lo" ? undefined : bad(`"${text}" is a loopback address; only lo can have it.`);
  if (scope !== "global" && scope !== "link-local")
    return bad(`"${text}" is ${/^[aeiou]/i.test(scope) ? "an" : "a"} ${scope} address; no interface can have it.`);
  if (isBroadcast(inet)) return bad(`"${text}" is the broadcast address of its subnet.`);
  const bits = inet.family === 4 ? 32 : 128;
  if (inet.prefix < bits - 1 && isNetwork(inet)) {
    if (inet.family === 4) return bad(`"${text}" is the address of the subnet itself.`);
    return bad(`"${text}" is the anycast address of every router of its subnet (RFC 4291, 2.6.1).`, "warning");
  }
  return undefined;
}

/** The address of an interface again as a number. */
export function inetOf(address: Pick<Address, "address" | "prefix">): Inet {
  return parseCidr(`${address.address}/${address.prefix}`)!;
}

/** Whether one of the addresses has the other address in its subnet; the longest prefix that has. */
export function reaches(addresses: Address[], target: Inet): number | undefined {
  let longest: number | undefined;
  for (const address of addresses) {
    if (address.family === target.family && covers(inetOf(address), target))
      longest = Math.max(longest ?? 0, address.prefix);
  }
  return longest;
}
