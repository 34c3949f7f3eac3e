// The lab's way through the firewalls of the machine: rules that accept its devices, in each chain that drops them. nft(8).
import type { Warning } from "../core/plan.js";
import { asked, type Command, ofKind, type Resource, type State } from "../core/resource.js";
import { HOST, type Lab } from "../topology/lab.js";
import { address } from "./address.js";
import { bridge } from "./bridge.js";
import { type FilterChain, isForward, isInput, tableOf } from "./filters.js";
import { warningOf, whose } from "./firewall-advice.js";
import { acceptRules, deleteRules, insertRules, ruleOf, ruleText } from "./firewall-rules.js";
import { BRIDGE_NF, type HostTraffic, hostTraffic, packetsFor, typical } from "./host-traffic.js";
import { interfaceKind } from "./interface.js";
import type { Kind } from "./kind.js";
import { nat, natTable } from "./nat.js";
import { ovsBridge } from "./ovs-bridge.js";
import { ovsPort } from "./ovs-port.js";
import { aliasOf, labOfAlias } from "./ownership.js";
import { type Fate, fateOf } from "./packet-fate.js";
import { port } from "./port.js";
import type { Facts } from "./rows.js";
import { service } from "./service.js";
import { sysctl } from "./sysctl.js";
import { takeover } from "./takeover.js";

/** The chain that Docker asks first and leaves to others: docs.docker.com, "Packet filtering and firewalls". */
const FOR_OTHERS = "DOCKER-USER";

const idOf = ({ family, table, name }: FilterChain): string => `firewall:${HOST}/${family}/${table}/${name}`;

const resource = (chain: FilterChain, lab: string, rules: string[], rest: Resource["at"]): Resource => ({
  id: idOf(chain),
  kind: "firewall",
  place: HOST,
  fields: { rules, passes: true },
  at: { family: chain.family, table: chain.table, chain: chain.name, lab, ...rest },
});

export const firewall: Kind = {
  name: "firewall",
  about:
    "Rules that accept the lab's devices, marked `netlab:LAB`, in a chain of the machine's that drops their packets.",
  fields: {
    rules: { about: "what is accepted", way: "update", traffic: "none" },
    passes: {
      about: "nothing before them drops what is the lab's",
      // On the way back it may have been otherwise, which nobody wishes.
      way: (_, to) => (to ? "update" : "elsewhere"),
      traffic: "none",
    },
  },

  expand: (lab, facts) => {
    if (lab.host.firewall !== "accept" || !facts.filters) return [];
    const traffic = hostTraffic(wishes(lab, facts), facts.filters.settings);
    const chains = withoutOurs(facts.filters.chains, lab.name);
    return dropping(chains, traffic).flatMap(({ base }) => {
      const rules = acceptRules(base, traffic);
      if (base.hidden || base.owned) return [];
      const chain = entrance(base, chains, traffic, rules);
      return [asked(resource(chain, lab.name, rules, { base: base.name }), "/host/firewall")];
    });
  },

  sources: () => [{ rows: "filters" }, { rows: "sysctl", place: HOST, keys: Object.values(BRIDGE_NF) }],

  read: (rows, { lab, desired }) => {
    const chains = rows.filters ?? [];
    if (chains.length === 0) return [];
    const traffic = hostTraffic(desired, rows.sysctl[HOST] ?? {});
    const accepted = chains.flatMap((chain) => marked(chain, lab, () => passes(chain, chains, traffic)));
    return [...accepted, ...dropping(withoutOurs(chains, lab), traffic).map((one) => obstacle(one, traffic))];
  },

  create: insertRules,
  update: (from, to) => together([...deleteRules(from), ...insertRules(to)]),
  remove: deleteRules,

  advise: (desired, live) => ofKind(live, "firewall").flatMap(({ at }) => (at.fate ? warningOf(at, desired) : [])),
};

/** What is to be said of the chains of a machine to a lab that wants this. */
export function firewallWarnings(desired: State, chains: FilterChain[], settings: Record<string, string>): Warning[] {
  const traffic = hostTraffic(desired, settings);
  return dropping(chains, traffic).flatMap((one) => warningOf(obstacle(one, traffic).at, desired));
}

/** What the lab wants, as far as it is about its traffic on the host. */
function wishes(lab: Lab, facts: Facts): State {
  const here = { ...lab, namespaces: [] };
  const resources = [interfaceKind, bridge, port, ovsBridge, ovsPort, sysctl, nat, service, takeover].flatMap((kind) =>
    kind.expand(here, facts),
  );
  return Object.fromEntries([...resources, ...address.expand(lab, facts)].map((r) => [r.id, r]));
}

interface Obstacle {
  base: FilterChain;
  fate: Fate;
  who: string | undefined;
}

/** The chains that packets must pass, and that drop some of the lab's. */
function dropping(chains: FilterChain[], traffic: HostTraffic): Obstacle[] {
  const few = typical(traffic, chains);
  return chains
    .filter((chain) => isForward(chain) || isInput(chain))
    .flatMap((base) => {
      const packets = packetsFor(base, few);
      const fates = packets.map((packet) => (base.hidden ? "some" : fateOf(base, chains, packet)));
      const fate = (["drop", "some"] as const).find((one) => fates.includes(one));
      return fate ? [{ base, fate, who: whose(base, chains) }] : [];
    });
}

/** Ambient: there by itself and nobody's wish, so that it can be told of. */
function obstacle({ base, fate, who }: Obstacle, { devices, bridges, reached }: HostTraffic): Resource {
  const names = isInput(base) ? reached : bridges;
  const { family, table, name: chain, hidden = false, owned = false } = base;
  const at = {
    family,
    table,
    chain,
    fate,
    who: who ?? null,
    hidden,
    owned,
    hook: base.hook ?? null,
    devices: [...new Set([...(isInput(base) ? [] : devices), ...names.map(({ name }) => name)])],
  };
  return { id: `${idOf(base)} (drops)`, kind: "firewall", place: HOST, fields: {}, at, owner: "ambient" };
}

/** Rules by netlab in a chain: this lab's, and those of each other. */
function marked(chain: FilterChain, lab: string, isPassed: () => boolean): Resource[] {
  const marks = chain.rules.flatMap(({ comment }) => labOfAlias(comment) ?? []);
  // In a lab's own table they are its NAT.
  const labs = new Set(marks.filter((one) => chain.table !== natTable(one)));
  return [...labs].map((one) => {
    const rules = chain.rules.filter(({ comment }) => comment === aliasOf(one));
    const r = resource(chain, one, rules.map(ruleText), { handles: rules.map(({ handle }) => handle) });
    if (one !== lab) return { ...r, id: `${r.id} (${one})`, owner: { lab: one } };
    return { ...r, fields: { ...r.fields, passes: isPassed() }, owner: "lab" as const };
  });
}

const withoutOurs = (chains: FilterChain[], lab: string): FilterChain[] =>
  chains.map((chain) => ({ ...chain, rules: chain.rules.filter(({ comment }) => comment !== aliasOf(lab)) }));

function passes(chain: FilterChain, all: FilterChain[], traffic: HostTraffic): boolean {
  const bases = chain.hook ? [chain] : [...tableOf(all, chain).values()].filter(isForward);
  const few = typical(traffic, all);
  return bases.every((base) => packetsFor(base, few).every((one) => fateOf(base, all, one) === "pass"));
}

/** An accept ends the base chain wherever it stands: where Docker leaves it alone, if that is asked in time. */
function entrance(base: FilterChain, all: FilterChain[], traffic: HostTraffic, rules: string[]): FilterChain {
  const open = tableOf(all, base).get(FOR_OTHERS);
  if (!open) return base;
  const accepted = { ...open, rules: [...rules.map(ruleOf), ...open.rules] };
  const then = all.map((chain) => (chain === open ? accepted : chain));
  return passes(base, then, traffic) ? open : base;
}

/** Scripts of nft become one transaction. */
function together(commands: Command[]): Command[] {
  const [first] = commands;
  if (first?.stdin === undefined) return commands;
  return [{ ...first, stdin: commands.map(({ stdin }) => stdin).join("") }];
}
