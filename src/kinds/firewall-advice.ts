// What is said of a firewall of the machine that drops a lab's packets.
import type { Warning } from "../core/plan.js";
import type { Resource, State } from "../core/resource.js";
import { type FilterChain, tableOf } from "./filters.js";

/** Names of chains and tables by which a person knows whose they are. */
const KNOWN: [RegExp, string][] = [
  [/^DOCKER/, "Docker"],
  [/^ufw6?-/, "ufw"],
  [/^LIBVIRT_|^libvirt_/, "libvirt"],
  [/^KUBE-|^cali-|^CILIUM_/, "Kubernetes"],
  [/^firewalld/, "firewalld"],
];

/** Docker, ufw, firewalld …, as far as their names are in the table; undefined where nobody is known. */
export function whose(base: FilterChain, all: FilterChain[]): string | undefined {
  const names = [base.table, ...tableOf(all, base).keys()];
  const found = KNOWN.filter(([pattern]) => names.some((name) => pattern.test(name)));
  return found.length > 0 ? found.map(([, who]) => who).join(" and ") : undefined;
}

/** `at` of a chain that drops; nothing where the lab has itself accepted there. */
export function warningOf(at: Resource["at"], desired: State): Warning[] {
  const { family, table, chain, fate, who, devices, hook, hidden, owned } = at;
  const isAccepted = Object.values(desired).some(
    (r) => r.kind === "firewall" && r.at.family === family && r.at.table === table && r.at.base === chain,
  );
  if (isAccepted) return [];
  const legacy = String(family).startsWith("legacy-");
  const where = `the chain ${chain} of the table ${table} (${legacy ? `${legacyTool(String(family))}` : family})`;
  if (hidden) {
    const message = `There is ${where}, which netlab cannot read and which may drop what the lab sends through the host: install iptables.`;
    return [{ code: "firewall-unreadable", message }];
  }
  const what = fate === "some" ? "some of what" : "what";
  const subject = who ? `${who}'s firewall (${where})` : `A firewall of the machine (${where})`;
  const message = `${subject} drops ${what} the lab sends ${hook === "input" ? "to the host itself" : "through the host"} (${(devices as string[]).join(", ")}): ${wayOut(owned === true)}.`;
  return [{ code: owned ? "firewall-locked" : "firewall-drops", message }];
}

const legacyTool = (family: string) => (family === "legacy-ip6" ? "ip6tables-legacy" : "iptables-legacy");

/** firewalld.conf(5) */
export const UNLOCK = "set NftablesTableOwner=no in /etc/firewalld/firewalld.conf, and firewall-cmd --reload";

const wayOut = (owned: boolean): string =>
  owned
    ? `only the process that made this table may change it ("flags owner"); for firewalld, ${UNLOCK}`
    : '"firewall: accept" under "host" lets it through';
