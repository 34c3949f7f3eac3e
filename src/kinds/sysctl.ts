// Kernel settings under /proc/sys/net: sysctl(8), Documentation/networking/ip-sysctl.rst.
import type { Note } from "../core/behaviour.js";
import type { Resource, State } from "../core/resource.js";
import { everyPlace, HOST, type Namespace, type Place } from "../topology/lab.js";
import type { Kind } from "./kind.js";
import type { Facts } from "./rows.js";
import * as slot from "./slots.js";

const FORWARD4 = "net.ipv4.ip_forward";
const FORWARD6 = "net.ipv6.conf.all.forwarding";
/** Writing it writes conf.default's and every device's too: addrconf_disable_ipv6() in net/ipv6/addrconf.c. */
const DISABLE6 = "net.ipv6.conf.all.disable_ipv6";
const BRIDGE_NF = ["ip", "ip6", "arp"].map((family) => `net.bridge.bridge-nf-call-${family}tables`);

/** Keys that netlab sets in a namespace by itself. What a new namespace has there depends on the machine. */
export const OWN_KEYS = [FORWARD4, FORWARD6, DISABLE6, ...BRIDGE_NF];

/** Writing the key rewrites these too, on every device: inet_forward_change() and addrconf_fixup_forwarding() in the kernel. */
const DRAGGED: Record<string, string[]> = {
  [FORWARD4]: ["net.ipv4.conf.*.forwarding", "net.ipv4.conf.*.accept_redirects"],
  [FORWARD6]: ["net.ipv6.conf.*.forwarding"],
};

/** sysctl(8) prints tabs between the numbers of a list. */
const canonical = (value: string) => value.trim().replace(/\s+/g, " ");

export const sysctlResource = (place: Place, key: string, value: string): Resource => ({
  id: `sysctl:${place}/${key}`,
  kind: "sysctl",
  place,
  fields: { value: canonical(value) },
  at: { key, device: deviceOf(key) },
});

/** `net.ipv4.conf.eth0.rp_filter` is about eth0; `all` and `default` are no devices. */
function deviceOf(key: string): string | null {
  const device = /^net\.(?:ipv4|ipv6)\.(?:conf|neigh)\.([^.]+)\./.exec(key)?.[1]?.replaceAll("/", ".");
  return device && device !== "all" && device !== "default" ? device : null;
}

const keyOf = (r: Resource) => r.at.key as string;
const noteKey = (r: Resource) => `${r.place} ${keyOf(r)}`;

export const sysctl: Kind = {
  name: "sysctl",
  about: "A kernel setting of a namespace. On the host the previous value comes back with the last lab that needs it.",
  fields: {
    value: { about: "its value", way: "update", traffic: "none" },
    registered: { about: "the journal knows that this lab needs the value (host)", way: "update", traffic: "none" },
  },

  expand: (lab, facts) => everyPlace(lab).flatMap((place) => wanted(place, facts)),

  sources: (desired) => {
    const keys = new Map<Place, Set<string>>();
    for (const r of Object.values(desired)) {
      if (r.kind !== "sysctl") continue;
      const here = keys.get(r.place) ?? new Set();
      keys.set(r.place, here);
      for (const key of [keyOf(r), ...(r.place === HOST ? (DRAGGED[keyOf(r)] ?? []) : [])]) here.add(key);
    }
    return [...keys].map(([place, list]) => ({ rows: "sysctl" as const, place, keys: [...list] }));
  },

  read: (rows, { lab }) =>
    rows.places.flatMap((place) =>
      Object.entries(rows.sysctl[place] ?? {}).map(([key, value]) => {
        const note = rows.journal.sysctls[`${place} ${key}`];
        const ours = note?.labs.includes(lab);
        const r = sysctlResource(place, key, value);
        const others = note?.labs.some((other) => other !== lab);
        return {
          ...r,
          fields: { ...r.fields, ...(place === HOST && { registered: !note || ours === true }) },
          at: { ...r.at, previous: (!others && note?.previous) || null },
          owner: ours ? ("lab" as const) : ("ambient" as const),
        };
      }),
    ),

  provides: (r) => (r.at.device ? [] : [slot.defaults(r.place)]),
  needs: (r) => [slot.ns(r.place), ...(r.at.device ? [slot.link(r.place, r.at.device as string)] : [])],
  livesOn: (r) => [slot.ns(r.place), ...(r.at.device ? [slot.link(r.place, r.at.device as string)] : [])],
  // net.ipv4.ip_forward resets what is written per device.
  after: (r) => (r.at.device ? [slot.defaults(r.place)] : []),

  create: (r, born) =>
    born && born.fields.value === r.fields.value ? [] : [write(r.place, keyOf(r), r.fields.value as string)],
  update: (_, to) => [write(to.place, keyOf(to), to.fields.value as string)],
  remove: (r) =>
    Object.entries((r.at.previous ?? {}) as Record<string, string>).map(([key, value]) =>
      write(r.place, key, value, "-e"),
    ),
  settled: true,
  note: (_, r, live) => (r.place === HOST ? noteOf(r, live) : undefined),
};

const write = (place: Place, key: string, value: string, ...options: string[]) => ({
  tool: "sysctl",
  place,
  args: [...options, `${key}=${value}`],
});

/** A setting of the host is written down before it is changed, with all that the change drags along. */
function noteOf(r: Resource, live: State): Note | undefined {
  const before = live[r.id];
  if (!before) return undefined;
  const previous: Record<string, string> = { [keyOf(r)]: before.fields.value as string };
  const dragged = (DRAGGED[keyOf(r)] ?? []).map(pattern);
  for (const other of Object.values(live))
    if (other.kind === "sysctl" && other.place === HOST && dragged.some((re) => re.test(keyOf(other))))
      previous[keyOf(other)] = other.fields.value as string;
  return { sysctls: { [noteKey(r)]: previous } };
}

const pattern = (glob: string) => new RegExp(`^${glob.replaceAll(".", "\\.").replace("*", "[^.]+")}$`);

function wanted(place: Namespace, facts: Facts): Resource[] {
  const { ipv4, ipv6, origin } = place.forwarding;
  const found = new Map<string, Resource>();
  const add = (key: string, value: string, from: string) => {
    const r = sysctlResource(place.name, key, value);
    found.set(key, { ...r, fields: { ...r.fields, ...(place.name === HOST && { registered: true }) }, origin: from });
  };
  if (ipv4 !== undefined) add(FORWARD4, ipv4 ? "1" : "0", origin);
  if (ipv6 !== undefined && place.ipv6) add(FORWARD6, ipv6 ? "1" : "0", origin);
  if (place.name !== HOST) add(DISABLE6, place.ipv6 ? "0" : "1", place.origin);
  if (place.name !== HOST && facts.brNetfilter) for (const key of BRIDGE_NF) add(key, "0", place.origin);
  for (const { key, value, origin: from } of place.sysctls) add(key, value, from);
  return [...found.values()];
}
