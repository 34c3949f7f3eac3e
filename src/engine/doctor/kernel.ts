// What the kernel can do: each was tried in a namespace that has ended since.
import type { DoctorFacts } from "../../host/doctor/facts.js";
import { type Finding, topic } from "./finding.js";
import type { Needs } from "./needs.js";

const { ok, note, lack } = topic("kernel");

const MASQUERADE = { modules: "nft_masq nft_chain_nat", option: "CONFIG_NFT_MASQ" };
const DNAT = { modules: "nft_nat nft_fib_inet", option: "CONFIG_NFT_NAT and CONFIG_NFT_FIB_INET" };

/** Modules, and the option that builds them, by feature: Kconfig of the kernel. */
const BUILT_BY: Record<string, { modules: string; option: string }> = {
  veth: { modules: "veth", option: "CONFIG_VETH" },
  bridge: { modules: "bridge", option: "CONFIG_BRIDGE" },
  "bridge vlan_filtering": { modules: "bridge", option: "CONFIG_BRIDGE_VLAN_FILTERING" },
  vlan: { modules: "8021q", option: "CONFIG_VLAN_8021Q" },
  vxlan: { modules: "vxlan", option: "CONFIG_VXLAN" },
  dummy: { modules: "dummy", option: "CONFIG_DUMMY" },
  tun: { modules: "tun", option: "CONFIG_TUN" },
  "nft masquerade ipv4": MASQUERADE,
  "nft masquerade ipv6": MASQUERADE,
  "nft dnat ipv4": DNAT,
  "nft dnat ipv6": DNAT,
};

/** There are few labs without. */
const USUAL = new Set(["veth"]);

export function kernelFindings({ features, settings, tools }: DoctorFacts, needs?: Needs): Finding[] {
  const version = ok("version", settings.kernel);
  if (Object.keys(features).length === 0)
    return [version, note("features", "not tried: no namespace can be made to try them in")];
  const tried = Object.entries(BUILT_BY).flatMap(([feature, { modules, option }]) => {
    const result = features[feature];
    if (!result) return [];
    if (result.works) return [ok(feature, "works")];
    // It could not be tried, which is said of the program.
    if (feature.startsWith("nft") && !tools.nft?.path) return [];
    const isNeeded = needs?.features.has(feature) ?? USUAL.has(feature);
    return lack(isNeeded, needs, feature, result.words, `sudo modprobe -a ${modules}; else a kernel with ${option}`);
  });
  return [version, ...tried];
}
