// Packet filters of the machine that a lab on the host has to pass.
import type { DoctorFacts } from "../../host/doctor/facts.js";
import { type FilterChain, isForward, isInput } from "../../kinds/filters.js";
import { firewallWarnings } from "../../kinds/firewall.js";
import { UNLOCK, whose } from "../../kinds/firewall-advice.js";
import { fateOf, type Packet } from "../../kinds/packet-fate.js";
import { type Finding, topic } from "./finding.js";
import type { Needs } from "./needs.js";

const { ok, note } = topic("firewalls");

const CURE = 'in the topology, under "host": "firewall: accept"';
const CURES: Record<string, string> = {
  "firewall-drops": CURE,
  "firewall-locked": UNLOCK,
  "firewall-unreadable": "sudo apt install iptables",
};

/** A device that no rule knows. */
const LAB = "netlab-lab0";

export function firewallFindings(facts: DoctorFacts, needs?: Needs): Finding[] {
  const { filters, rights } = facts;
  if (!filters) return [note("rules", rights.root ? "nft cannot list them" : "only root may read them")];
  const { chains } = filters;
  const found = needs
    ? forLab(needs, filters)
    : chains.filter((one) => isForward(one) || isInput(one)).flatMap((base) => inGeneral(base, chains));
  const calm = ok(
    "forwarding",
    needs ? `nothing drops what lab ${needs.lab} sends through the host, or to it` : "nothing drops it",
  );
  return [...(found.length > 0 ? found : [calm]), ...bridgeFilter(facts)];
}

function forLab({ desired }: Needs, { chains, settings }: NonNullable<DoctorFacts["filters"]>): Finding[] {
  return firewallWarnings(desired, chains, settings).map(({ code, message }) =>
    note("forwarding", message, CURES[code]),
  );
}

function inGeneral(base: FilterChain, chains: FilterChain[]): Finding[] {
  const name = `${base.family} ${base.table} ${base.name}`;
  if (base.hidden) return [note(name, "it cannot be read", "sudo apt install iptables")];
  const packets = ([4, 6] as const).flatMap((family): Packet[] =>
    isInput(base)
      ? [{ family, in: LAB, goal: "local" }]
      : [
          { family, in: LAB },
          { family, out: LAB },
        ],
  );
  const fates = packets
    .filter(({ family }) => !base.family.endsWith(family === 4 ? "ip6" : "ip"))
    .map((packet) => fateOf(base, chains, packet));
  const fate = (["drop", "some"] as const).find((one) => fates.includes(one));
  if (!fate) return [];
  const who = whose(base, chains);
  return [
    note(
      name,
      `${who ? `${who}: it` : "it"} drops ${fate === "some" ? "some of " : ""}${isInput(base) ? "what others send to the machine itself" : "what is forwarded for others"}`,
      base.owned ? UNLOCK : CURE,
    ),
  ];
}

/** It is for the whole machine, and Docker and Kubernetes count on it: so it is not switched off for a lab. */
function bridgeFilter({ settings: { brNetfilter, sysctls } }: DoctorFacts): Finding[] {
  if (!brNetfilter) return [ok("br_netfilter", "not loaded: what bridges carry passes no filter of IP")];
  const on = sysctls["net.bridge.bridge-nf-call-iptables"] === "1";
  return [
    ok(
      "br_netfilter",
      on ? "loaded: what bridges of the host carry passes the filters of IP, too" : "loaded, and off on the host",
    ),
  ];
}
