// Network namespaces with a name: ip-netns(8). The mark is the alias of their lo, which is a resource of its own.
import { asked, type Owner, owned, type Resource } from "../core/resource.js";
import { HOST } from "../topology/lab.js";
import type { Kind } from "./kind.js";
import * as slot from "./slots.js";
import { OWN_KEYS, sysctlResource } from "./sysctl.js";

const resource = (place: string, born: Record<string, string> = {}): Resource => ({
  id: `namespace:${place}`,
  kind: "namespace",
  place,
  fields: {},
  at: { born },
});

/** A file that an `ip netns add` which was killed has left, before it mounted a namespace over it. */
const leftover = (place: string, owner: Owner): Resource => ({
  ...resource(place),
  id: `namespace:${place} (a file without a namespace)`,
  at: { leftover: true },
  owner,
});

const only = (values: Record<string, string>, keys: Set<string>): Record<string, string> =>
  Object.fromEntries(Object.entries(values).filter(([key]) => keys.has(key)));

export const namespace: Kind = {
  name: "namespace",
  about: "A network namespace under /run/netns.",
  fields: {},

  expand: (lab, { born }) =>
    lab.namespaces.map(({ name, sysctls, origin }) => {
      const keys = new Set([...OWN_KEYS, ...sysctls.map(({ key }) => key)]);
      return asked(resource(name, only(born, keys)), origin);
    }),
  read: (rows, { ownership }) => [
    ...rows.places.filter((place) => place !== HOST).map((place) => owned(resource(place), ownership.place(place))),
    ...rows.stale.map((place) => leftover(place, rows.journal.namespaces.includes(place) ? "lab" : "none")),
  ],

  provides: ({ place, at }) => (at.leftover ? [] : [slot.ns(place), slot.link(place, "lo")]),
  claims: ({ place }) => [slot.ns(place)],
  spawns: ({ place, at }) => [
    {
      id: `interface:${place}/lo`,
      kind: "interface",
      place,
      fields: { up: false, alias: null },
      at: { name: "lo" },
      owner: "ambient",
    },
    ...Object.entries(at.born as Record<string, string>).map(([key, value]) =>
      owned(sysctlResource(place, key, value), "ambient"),
    ),
  ],

  anyOrder: true,
  create: ({ place }) => [{ tool: "ip", place: HOST, args: ["netns", "add", place] }],
  update: () => [],
  remove: ({ place }) => [{ tool: "ip", place: HOST, args: ["netns", "delete", place] }],
  note: (action, { place }) => (action === "create" ? { namespaces: [place] } : undefined),
};
