// The rules of a live NAT table in the words of the topology file: nat.ts the other way round.
import type { Json, Resource } from "../core/resource.js";

type Words = { [key: string]: Json };

const MASQUERADE =
  /^(?:meta nfproto ipv[46] ?)?(?:ip6? saddr (?<source>\S+) ?)?(?:oifname "(?<out>[^"]+)" ?)?(?:ip6? daddr != \S+ ?)?masquerade$/;
const FORWARD =
  /^(?:fib daddr type local ip6? daddr != \S+|ip6? daddr (?<address>\S+))(?: (?<protocol>\w+) dport (?<port>\d+))? dnat ip6? to (?<to>\S+)$/;

/** A rule that netlab does not write is not said. */
export function natOf({ fields }: Resource): Words {
  const masquerade = rules(fields.postrouting).flatMap((rule) => {
    const { source, out } = MASQUERADE.exec(rule)?.groups ?? {};
    return source || out ? [{ ...(source && { source: subnet(source) }), ...(out && { out }) }] : [];
  });
  const forward = rules(fields.prerouting).flatMap((rule) => {
    const { address, protocol, port, to } = FORWARD.exec(rule)?.groups ?? {};
    if (!to) return [];
    return [{ ...(protocol && { protocol, port: Number(port) }), ...(address && { address }), to: target(to, port) }];
  });
  return {
    ...(masquerade.length > 0 && { masquerade: unique(masquerade) }),
    ...(forward.length > 0 && { forward: unique(forward) }),
  };
}

const rules = (chain: Json | undefined): string[] => (Array.isArray(chain) ? (chain as string[]) : []);

/** nft leaves the prefix length of a single address out. */
const subnet = (text: string) => (text.includes("/") ? text : `${text}/${text.includes(":") ? 128 : 32}`);

/** The file says the port of the target too, also where it is the same. */
function target(to: string, port: string | undefined): string {
  if (port === undefined) return to;
  if (to.startsWith("[")) return to.includes("]:") ? to : `${to}:${port}`;
  if (to.includes(".")) return to.includes(":") ? to : `${to}:${port}`;
  return `[${to}]:${port}`;
}

/** A masquerade without a family stands in the table once for each. */
const unique = (items: Words[]): Words[] => [...new Map(items.map((item) => [JSON.stringify(item), item])).values()];
