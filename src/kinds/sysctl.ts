// Kernel settings under /proc/sys/net: sysctl(8), Documentation/networking/ip-sysctl.rst.
import type { Note } from "../core/behaviour.js";
import type { Conflict } from "../core/plan.js";
import { asked, ofKind, owned, type Resource, type State } from "../core/resource.js";
import { everyPlace, HOST, type Lab, type Namespace, type Place } from "../topology/lab.js";
import type { Kind } from "./kind.js";
import type { Facts, Rows } from "./rows.js";
import * as slot from "./slots.js";
import { borrowed } from "./takeover.js";
import { settingsFor } from "./uplink-settings.js";

const FORWARD4 = "net.ipv4.ip_forward";
const FORWARD6 = "net.ipv6.conf.all.forwarding";
/** Writing it writes conf.default's and every device's too: addrconf_disable_ipv6() in net/ipv6/addrconf.c. */
const DISABLE6 = "net.ipv6.conf.all.disable_ipv6";
const BRIDGE_NF = ["ip", "ip6", "arp"].map((family) => `net.bridge.bridge-nf-call-${family}tables`);

/** Keys that netlab sets in a namespace by itself. What a new namespace has there depends on the machine. */
export const OWN_KEYS = [FORWARD4, FORWARD6, DISABLE6, ...BRIDGE_NF];

const REDIRECTS = "net.ipv4.conf.all.accept_redirects";

/** Writing the key rewrites these too, on every device: inet_forward_change() and addrconf_fixup_forwarding() in the kernel. */
const DRAGGED: Record<string, string[]> = {
  [FORWARD4]: ["net.ipv4.conf.*.forwarding", REDIRECTS],
  [FORWARD6]: ["net.ipv6.conf.*.forwarding"],
};

/** Writing the value that is there leaves the rest alone, but addrconf_fixup_forwarding() writes every device all the same. */
const dragsAgain = (key: string): boolean => key === FORWARD6;

/** What they are then. */
const draggedTo = (key: string, value: string): string => (key === REDIRECTS ? (value === "0" ? "1" : "0") : value);

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

/** Where a device's value comes from when it is made. */
const defaultOf = (key: string): string => {
  const device = deviceOf(key);
  return device === null ? key : key.replace(`.${device.replaceAll(".", "/")}.`, ".default.");
};

/** What is to be known of a new namespace, to put back what the file does not set any more. */
export const bornKeys = ({ namespaces }: Lab): string[] =>
  namespaces.length === 0
    ? []
    : [...new Set([...OWN_KEYS, ...namespaces.flatMap(({ sysctls }) => sysctls.map(({ key }) => defaultOf(key)))])];

const keyOf = (r: Resource) => r.at.key as string;
const noteKey = (r: Resource) => `${r.place} ${keyOf(r)}`;

export const sysctl: Kind = {
  name: "sysctl",
  about: "A kernel setting. What was there before comes back when no lab needs it any more.",
  fields: {
    value: { about: "its value", way: "update", traffic: "none" },
    registered: { about: "the journal knows that this lab needs the value (host)", way: "update", traffic: "none" },
  },

  expand: (lab, facts) => [
    ...borrowed(lab).flatMap(({ name, origin }) =>
      ofLent(name, facts.uplinks?.[name]?.settings).map((r) => asked(r, origin)),
    ),
    ...everyPlace(lab).flatMap((place) => wanted(place, facts)),
  ],

  sources: (desired) => {
    const keys = new Map<Place, Set<string>>();
    for (const r of ofKind(desired, "sysctl")) {
      const here = keys.get(r.place) ?? new Set();
      keys.set(r.place, here);
      for (const key of [keyOf(r), ...(r.place === HOST ? (DRAGGED[keyOf(r)] ?? []) : [])]) here.add(key);
    }
    return [...keys].map(([place, list]) => ({ rows: "sysctl" as const, place, keys: [...list] }));
  },

  read: (rows, { lab, ownership }) => {
    const lent = lentOnes(rows, lab);
    const found = rows.places.flatMap((place) =>
      Object.entries(rows.sysctl[place] ?? {}).map(([key, value]) => {
        const note = rows.journal.sysctls[`${place} ${key}`];
        // A namespace that was deleted and made again by somebody else has nothing of the lab's.
        const ours = note?.labs.includes(lab) && (place === HOST || ownership.place(place) === "lab");
        const r = sysctlResource(place, key, value);
        const others = note?.labs.some((other) => other !== lab);
        const fields = place === HOST ? { ...r.fields, registered: !note || ours === true } : r.fields;
        const previous = !others && note ? putBack(key, note, rows.sysctl[place]!, lab) : null;
        return owned({ ...r, fields, at: { key, device: r.at.device!, previous } }, ours ? "lab" : "ambient");
      }),
    );
    return [...found.filter(({ id }) => !lent.some((r) => r.id === id)), ...lent];
  },

  refuse: (rows, { lab, desired }) =>
    ofKind(desired, "sysctl").flatMap((r) => (r.place === HOST ? otherwise(r, lab, rows) : [])),

  provides: (r) => [
    r.at.device ? slot.settings(r.place, r.at.device as string) : slot.defaults(r.place),
    ...(keyOf(r) === DISABLE6 && r.fields.value === "0" ? [slot.ipv6(r.place)] : []),
  ],
  needs: (r) => [
    slot.ns(r.place),
    ...(r.at.device ? [slot.link(r.place, r.at.device as string)] : []),
    ...(r.at.lent ? [slot.taken(r.at.device as string)] : []),
  ],
  livesOn: (r) => [slot.ns(r.place), ...(r.at.device ? [slot.link(r.place, r.at.device as string)] : [])],
  // net.ipv4.ip_forward resets what is written per device.
  after: (r) => (r.at.device ? [slot.defaults(r.place)] : []),

  // All devices lose their IPv6 addresses and routes, lo too: addrconf_ifdown() in net/ipv6/addrconf.c.
  flaps: (from, to) =>
    keyOf(to) === DISABLE6 && from.fields.value === "0" && to.fields.value !== "0" ? [slot.ipv6(to.place)] : [],

  create: (r, born) =>
    born && born.fields.value === r.fields.value ? [] : [write(r.place, keyOf(r), r.fields.value as string)],
  update: (_, to) => [write(to.place, keyOf(to), to.fields.value as string)],
  remove: (r) =>
    Object.entries((r.at.previous ?? {}) as Record<string, string>).map(([key, value]) =>
      write(r.place, key, value, "-e"),
    ),
  settled: true,
  // In a namespace of the lab, what every namespace has from netlab is always wanted, and needs no note.
  note: (_, r, live) => (r.place === HOST || !OWN_KEYS.includes(keyOf(r)) ? noteOf(r, live) : undefined),
};

/** An interface loses them with each move: they are written again when it is back on the host, before it has addresses. */
const ofLent = (name: string, settings: Record<string, string> | undefined): Resource[] =>
  settingsFor(name, settings).map(([key, value]) => {
    const r = sysctlResource(HOST, key, value);
    return { ...r, fields: { ...r.fields, registered: true }, at: { ...r.at, lent: true, previous: { [key]: value } } };
  });

/** Those of interfaces that namespaces have, as the journals say: meanwhile the host has no such keys. */
const lentOnes = ({ journal, link }: Rows, lab: string): Resource[] =>
  Object.entries(journal.uplinks).flatMap(([name, { namespace, settings, lab: owner }]) =>
    namespace && [HOST, namespace].some((place) => link[place]?.some((one) => one.name === name))
      ? ofLent(name, settings).map((r) => owned(r, owner === lab ? "lab" : { lab: owner }))
      : [],
  );

const write = (place: Place, key: string, value: string, ...options: string[]) => ({
  tool: "sysctl",
  place,
  args: [...options, `${key}=${value}`],
});

/**
 * What has to be written for a setting to be as before the first lab that needed it, and all that it drags along as it
 * would be without the lab: as before, but for what somebody has set by hand since.
 */
function putBack(
  key: string,
  { previous, wanted, changed }: Rows["journal"]["sysctls"][string],
  now: Record<string, string>,
  lab: string,
): Record<string, string> {
  const { [key]: before, ...others } = previous;
  const is = now[key];
  if (before === undefined || is === undefined) return previous;
  const values = { [key]: before };
  // It has been so all the time: the lab has dragged nothing along.
  if (wanted?.[lab] === before && !changed && !dragsAgain(key)) return values;
  const dragged = (DRAGGED[key] ?? []).map(pattern);
  for (const [other, was] of Object.entries(others)) {
    const present = now[other];
    if (present === undefined || !dragged.some((re) => re.test(other))) continue;
    const right = present === draggedTo(other, is) ? was : present;
    const then = is === before && !dragsAgain(key) ? present : draggedTo(other, before);
    if (right !== then) values[other] = right;
  }
  return values;
}

/** Another lab needs another value. */
function otherwise(r: Resource, lab: string, { journal }: Rows): Conflict[] {
  const wanted = Object.entries(journal.sysctls[noteKey(r)]?.wanted ?? {});
  return wanted
    .filter(([other, value]) => other !== lab && value !== r.fields.value)
    .map(([other, value]) => ({
      id: r.id,
      holder: r.id,
      lab: other,
      message: `${r.id} cannot be ${r.fields.value}: it belongs to the lab ${other}, which needs ${value}.`,
      hint: `Destroy that lab (netlab destroy --lab ${other}), or use its value.`,
      origin: r.origin,
    }));
}

/** A setting is written down before it is changed, with all that the change drags along. */
function noteOf(r: Resource, live: State): Note | undefined {
  const before = live[r.id]?.fields.value ?? r.at.born;
  if (typeof before !== "string") return undefined;
  const previous: Record<string, string> = { [keyOf(r)]: before };
  const dragged = DRAGGED[keyOf(r)]?.map(pattern);
  for (const other of dragged ? ofKind(live, "sysctl") : [])
    if (other.place === r.place && dragged?.some((re) => re.test(keyOf(other))))
      previous[keyOf(other)] = other.fields.value as string;
  return { sysctls: { [noteKey(r)]: previous } };
}

const pattern = (glob: string) => new RegExp(`^${glob.replaceAll(".", "\\.").replace("*", "[^.]+")}$`);

function wanted(place: Namespace, facts: Facts): Resource[] {
  const { ipv4, ipv6, origin } = place.forwarding;
  const found = new Map<string, Resource>();
  const add = (key: string, value: string, from: string, born?: string) => {
    const r = sysctlResource(place.name, key, value);
    const fields = place.name === HOST ? { ...r.fields, registered: true } : r.fields;
    const at = born === undefined || place.name === HOST ? r.at : { key, device: r.at.device!, born };
    found.set(key, asked({ ...r, fields, at }, from));
  };
  if (ipv4 !== undefined) add(FORWARD4, ipv4 ? "1" : "0", origin);
  if (ipv6 !== undefined && place.ipv6) add(FORWARD6, ipv6 ? "1" : "0", origin);
  if (place.name !== HOST) add(DISABLE6, place.ipv6 ? "0" : "1", place.origin);
  // It is about packets of the namespace's own bridges, and a process for each namespace: most have none.
  if (place.name !== HOST && facts.brNetfilter && place.bridges.length > 0)
    for (const key of BRIDGE_NF) add(key, "0", place.origin);
  // A bridge has what differs at the machine's interface in it, whose addresses it has.
  for (const { name, port, origin: from } of place.uplinks)
    for (const [key, value] of settingsFor(port.bridge, facts.uplinks?.[name]?.settings)) add(key, value, from);
  const values = new Map(place.sysctls.map(({ key, value }) => [key, canonical(value)]));
  for (const { key, value, origin: from } of place.sysctls) {
    const source = defaultOf(key);
    const born = (source !== key && values.get(source)) || facts.born[source];
    add(key, value, from, born);
  }
  return [...found.values()];
}
