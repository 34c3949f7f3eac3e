// What the kernel can do, by trying, in a network namespace that ends with the last trial.
import { exec } from "../process/exec.js";
import { patience } from "../tuning.js";

/** `words`: the kernel's, or the tool's, where it cannot. */
export type Tried = { works: true } | { works: false; words: string };

export interface TriedAll {
  features: Record<string, Tried>;
  /** Why no namespace can be made to try in. */
  trouble?: string;
}

/** Shell commands; the devices of one are there for the next. Making a device loads its module where that is allowed. */
const TRIALS: Record<string, string> = {
  "ip -j": `ip -j -d address show | grep -q '"ifname"'`,
  veth: "ip link add name v0 type veth peer name v1",
  bridge: "ip link add name b0 type bridge && ip link set dev v0 master b0",
  "bridge vlan_filtering": `ip link set dev b0 type bridge vlan_filtering 1 && { ip -d link show dev b0 | grep 'vlan_filtering 1' || { echo 'it stays off'; false; }; }`,
  vlan: "ip link add link v1 name w0 type vlan id 5",
  vxlan: "ip link add name x0 type vxlan id 5 dstport 4789 dev v1",
  dummy: "ip link add name d0 type dummy",
  tun: "ip tuntap add dev t0 mode tap",
  "nft masquerade ipv4": rule("postrouting", 100, "ip saddr 10.0.0.0/8 masquerade"),
  "nft masquerade ipv6": rule("postrouting", 100, "ip6 saddr fd00::/8 masquerade"),
  "nft dnat ipv4": rule("prerouting", -100, "fib daddr type local tcp dport 80 dnat ip to 10.0.0.1"),
  "nft dnat ipv6": rule("prerouting", -100, "fib daddr type local tcp dport 80 dnat ip6 to fd00::1"),
};

function rule(hook: string, priority: number, text: string): string {
  const chain = `table inet t { chain c { type nat hook ${hook} priority ${priority}; ${text}; }; }`;
  return `echo 'add table inet t; delete table inet t; ${chain}' | nft -f -`;
}

/** Seconds for all of them. */
const TIMEOUT = patience(30);

/** @param root otherwise a user namespace gives the right to try */
export async function tryFeatures(root: boolean): Promise<TriedAll> {
  const names = Object.keys(TRIALS);
  const trials = names.map(
    (name, i) => `words=$({ ${TRIALS[name]}; } 2>&1) && echo "${i} yes" || echo "${i} no" $words`,
  );
  const script = ["echo begin", ...trials].join("\n");
  const end = await exec("unshare", [root ? "-n" : "-rn", "sh", "-c", script], { timeout: TIMEOUT });
  if (!end.stdout.startsWith("begin")) return { features: {}, trouble: end.message ?? "" };
  const features: TriedAll["features"] = {};
  for (const [, number, answer, words] of end.stdout.matchAll(/^(\d+) (yes|no)(.*)$/gm)) {
    const name = names[Number(number)]!;
    features[name] = answer === "yes" ? { works: true } : { works: false, words: words!.trim() || "no answer" };
  }
  return { features };
}
