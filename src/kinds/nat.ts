// Masquerade and port forwarding: one nftables table a lab and namespace, replaced in one transaction. nft(8).
import { asked, type Json, type Owner, ofKind, owned, type Resource } from "../core/resource.js";
import { contains, subnetOf } from "../topology/inet.js";
import { everyPlace, type Forward, HOST, type Masquerade, type Namespace, type Place } from "../topology/lab.js";
import type { Kind } from "./kind.js";
import { endpoint, ruleText } from "./nft-text.js";
import { aliasOf, labOfAlias } from "./ownership.js";
import * as slot from "./slots.js";

type Chain = "prerouting" | "output" | "postrouting";

/** What `nft -j` says of each base chain; priorities are dstnat, dstnat and srcnat. */
const HOOKS: Record<Chain, string> = {
  prerouting: "type nat hook prerouting priority -100; policy accept;",
  output: "type nat hook output priority -100; policy accept;",
  postrouting: "type nat hook postrouting priority 100; policy accept;",
};
const CHAINS = Object.keys(HOOKS) as Chain[];

/** The lab's own table, in each place where it has rules. */
export const natTable = (lab: string): string => `netlab_${lab}`;

type Chains = Record<Chain | "foreign", string[]>;

const resource = (place: Place, table: string, chains: Chains, mark: string | null): Resource => ({
  id: `nat:${place}`,
  kind: "nat",
  place,
  fields: {
    prerouting: chains.prerouting,
    output: chains.output,
    postrouting: chains.postrouting,
    foreign: chains.foreign,
    mark,
  },
  at: { table },
});

export const nat: Kind = {
  name: "nat",
  about: "Masquerade and port forwarding, in an nftables table `netlab_LAB` of the namespace.",
  fields: {
    prerouting: { about: "rules for what comes in", way: "update", traffic: "none" },
    output: { about: "rules for what the namespace itself sends", way: "update", traffic: "none" },
    postrouting: { about: "masquerade rules", way: "update", traffic: "none" },
    foreign: { about: "what somebody else put into the table", way: "update", traffic: "none" },
    mark: { about: "comment `netlab:LAB` on its rules", way: "update", traffic: "none" },
  },

  expand: (lab) =>
    everyPlace(lab).flatMap((place) =>
      place.nat ? [asked(resource(place.name, natTable(lab.name), chainsOf(place), lab.name), place.nat.origin)] : [],
    ),

  sources: (desired, lab) => {
    const places = new Set([...ofKind(desired, "namespace"), ...ofKind(desired, "nat")].map(({ place }) => place));
    return [...places, HOST].map((place) => ({ rows: "nft" as const, place, table: natTable(lab) }));
  },

  read: (rows, { lab, ownership }) =>
    Object.entries(rows.nft).map(([place, objects]) => {
      const marks = marksOf(objects);
      const mark = marks.length === 0 || marks.includes(lab) ? lab : null;
      const r = resource(place, natTable(lab), liveChains(objects), mark);
      return owned(r, place === HOST ? ownerBy(marks, lab, r) : ownership.place(place));
    }),

  needs: (r) => [slot.ns(r.place)],
  livesOn: (r) => [slot.ns(r.place)],

  create: (r) => [script(r, ["create"])],
  // Adding before deleting makes the deletion good whether the table is there or not.
  update: (_, to) => [script(to, ["add", "delete"])],
  remove: (r) => [{ tool: "nft", place: r.place, args: ["-f", "-"], stdin: `delete table inet ${r.at.table}\n` }],
};

/** Of each rule the lab that its comment names. (nft 1.0.6 leaves comments of tables and chains out of its JSON.) */
const marksOf = (objects: Json[]): (string | undefined)[] =>
  (objects as { rule?: { comment?: string } }[]).flatMap(({ rule }) => (rule ? [labOfAlias(rule.comment)] : []));

/**
 * The table's name alone is no mark. Without one, it is the lab's where nothing but chains of netlab's is in it, as
 * netlab makes them: some of them without any rule, or all of them, by a netlab (0.1) that did not write comments.
 */
function ownerBy(marks: (string | undefined)[], lab: string, { fields }: Resource): Owner {
  if (marks.includes(lab)) return "lab";
  const other = marks.find((one) => one !== undefined);
  if (other !== undefined) return { lab: other };
  const isOfOurs = CHAINS.every((chain) => {
    const [head] = fields[chain] as string[];
    return head === HOOKS[chain] || (head === undefined && marks.length === 0);
  });
  return isOfOurs && (fields.foreign as Json[]).length === 0 ? "lab" : "none";
}

/**
 * One transaction. A new table is made without deleting what may be there (`create` fails where something is): after a
 * deletion nft waits for the kernel to be done with it, some 15 ms a namespace.
 */
function script(r: Resource, first: ("add" | "create" | "delete")[]) {
  const table = `inet ${r.at.table}`;
  const chains = CHAINS.filter((chain) => (r.fields[chain] as string[]).length > 0).map((chain) => {
    const [head, ...rules] = r.fields[chain] as string[];
    const comment = typeof r.fields.mark === "string" ? ` comment "${aliasOf(r.fields.mark)}"` : "";
    const lines = [head, ...rules.map((rule) => `${rule}${comment}`)];
    return [`  chain ${chain} {`, ...lines.map((line) => `    ${line}`), "  }"].join("\n");
  });
  const heads = first.map((verb) => `${verb} table ${table}`);
  const stdin = [...heads, `table ${table} {`, ...chains, "}", ""].join("\n");
  return { tool: "nft", place: r.place, args: ["-f", "-"], stdin };
}

function chainsOf(place: Namespace): Chains {
  const { masquerade = [], forward = [] } = place.nat ?? {};
  const dnat = forward.map(forwardRule);
  return {
    prerouting: [HOOKS.prerouting, ...dnat],
    output: [HOOKS.output, ...dnat],
    postrouting: [
      HOOKS.postrouting,
      ...masquerade.map(masqueradeRule),
      ...new Set(forward.flatMap((one) => hairpinRules(one, place))),
    ],
    foreign: [],
  };
}

/** An address as nft prints it: without the length of a single one. */
const plain = (cidr: string) => cidr.replace(/^([\d.]+)\/32$|^(.*:.*)\/128$/, "$1$2");
const ip = (family: number | string) => (family === 6 || String(family).includes(":") ? "ip6" : "ip");

function masqueradeRule({ family, source, out }: Masquerade): string {
  const words: string[] = [];
  if (source !== undefined) words.push(`${ip(source)} saddr ${plain(source)}`);
  else if (family !== undefined) words.push(`meta nfproto ipv${family}`);
  if (out !== undefined) words.push(`oifname "${out}"`);
  else if (source !== undefined) words.push(`${ip(source)} daddr != ${plain(source)}`);
  return [...words, "masquerade"].join(" ");
}

/**
 * Without an address: what is sent to any address local to the namespace, but not to its loopback. (From 127.0.0.1 the
 * kernel would not route the packet out: route_localnet in ip-sysctl.rst.)
 */
function forwardRule({ family, address, protocol, port, to, toPort }: Forward): string {
  const where = address
    ? [`${ip(family)} daddr ${address}`]
    : ["fib daddr type local", family === 6 ? "ip6 daddr != ::1" : "ip daddr != 127.0.0.0/8"];
  const what = protocol ? [`${protocol} dport ${port}`] : [];
  const target = endpoint(to, toPort !== port ? toPort : undefined);
  return [...where, ...what, `dnat ${ip(family)} to ${target}`].join(" ");
}

/** A neighbour of the target would get the answer from the target itself, and drop it: so its flows are masqueraded. */
function hairpinRules({ to, family }: Forward, place: Namespace): string[] {
  const addresses = place.interfaces.flatMap((device) => device.addresses);
  const subnet = addresses
    .map(({ address, prefix }) => subnetOf(`${address}/${prefix}`))
    .find((one) => contains(one, to));
  return subnet ? [`ct status dnat ${ip(family)} saddr ${plain(subnet)} ${ip(family)} daddr ${to} masquerade`] : [];
}

function liveChains(objects: Json[]): Chains {
  const lines: Record<Chain, string[]> = { prerouting: [], output: [], postrouting: [] };
  const foreign: string[] = [];
  for (const object of objects as { [key: string]: Json }[]) {
    const chain = object.chain as
      | { name: Chain; type?: string; hook?: string; prio?: number; policy?: string }
      | undefined;
    const rule = object.rule as { chain: Chain; expr: Json[] } | undefined;
    if (chain && chain.name in lines)
      lines[chain.name].unshift(
        `type ${chain.type} hook ${chain.hook} priority ${chain.prio}; policy ${chain.policy};`,
      );
    else if (rule && rule.chain in lines) lines[rule.chain].push(ruleText(rule.expr));
    else if (!("table" in object)) foreign.push(JSON.stringify(object));
  }
  return { ...lines, foreign };
}
