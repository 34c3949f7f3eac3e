// What every kind promises, on the resources that the examples make.
import { readdirSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import type { Resource, State } from "../../../src/core/resource.js";
import { kinds } from "../../../src/kinds/index.js";
import { load } from "../../../src/topology/load.js";
import { DOCKER } from "../../helpers/docker-filters.js";

const EXAMPLES = path.resolve(import.meta.dirname, "../../../examples");
const FACTS = { born: { "net.ipv4.ip_forward": "1" }, ovsKernelDatapath: false, brNetfilter: true, filters: DOCKER };
const files = readdirSync(EXAMPLES, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".yaml"));
const labs = new Map<string, Resource[]>();

beforeAll(async () => {
  for (const file of files) {
    const { lab } = await load(path.join(EXAMPLES, file));
    labs.set(
      file,
      kinds.flatMap((kind) => kind.expand(lab!, FACTS)),
    );
  }
});

const kindOf = (r: Resource) => kinds.find(({ name }) => name === r.kind)!;

describe.each(files)("%s", (file) => {
  test("each resource has an id of its own, of its kind, and a place in the file", () => {
    const all = labs.get(file)!;
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    for (const { id, kind, origin } of all) {
      expect(id.startsWith(`${kind}:`)).toBe(true);
      expect(origin, id).toMatch(/^\//);
    }
  });

  test("each field is described, and all is JSON", () => {
    for (const r of labs.get(file)!) {
      expect(Object.keys(kindOf(r).fields)).toEqual(expect.arrayContaining(Object.keys(r.fields)));
      expect(JSON.parse(JSON.stringify(r))).toEqual(r);
    }
  });

  test("what a resource needs and lives on is made by the same file", () => {
    const all = labs.get(file)!;
    const provided = new Set(["ns:host", ...all.flatMap((r) => kindOf(r).provides?.(r) ?? [])]);
    for (const r of all) for (const slot of kindOf(r).needs?.(r) ?? []) expect(provided, r.id).toContain(slot);
  });

  test("names are claimed once", () => {
    const claims = labs.get(file)!.flatMap((r) => kindOf(r).claims?.(r) ?? []);
    expect(new Set(claims).size).toBe(claims.length);
  });

  test("commands are words for one tool in one place, and of a resource that was just born the rest", () => {
    const state: State = Object.fromEntries(labs.get(file)!.map((r) => [r.id, r]));
    for (const r of Object.values(state)) {
      for (const commands of [kindOf(r).create(r, undefined), kindOf(r).remove(r)]) {
        expect(new Set(commands.map(({ tool, place }) => `${tool} ${place}`)).size).toBeLessThanOrEqual(1);
        // What sh runs for a service are netlab's scripts and the user's words.
        const plain = commands.filter(({ tool }) => tool !== "sh");
        for (const word of plain.flatMap(({ args }) => args)) expect(word).toMatch(/^\S.*$/);
      }
      for (const born of kindOf(r).spawns?.(r) ?? []) {
        const wanted = state[born.id];
        if (wanted) expect(kindOf(born).create(wanted, { ...wanted, ...born, fields: wanted.fields })).toEqual([]);
      }
    }
  });
});

describe("what others had, made again for them", () => {
  const make = (r: Resource) =>
    kindOf(r)
      .create(r, undefined)
      .map(({ args }) => args.join(" "));
  const at = { family: 4, device: "eth0", address: "10.9.0.7", prefix: 24, secondary: false };
  const lease: Resource = { id: "address:red/eth0/10.9.0.7/24", kind: "address", place: "red", fields: {}, at };
  const hop = { via: "10.0.0.9", dev: "eth0", weight: 1, onlink: false };
  const fields = { type: "unicast", nexthops: [hop], src: null, protocol: "12" };
  const where = { family: 4, table: 254, dst: "172.28.0.0/24", metric: 0 };
  const route: Resource = { id: "route:red/254/172.28.0.0/24", kind: "route", place: "red", fields, at: where };

  test("never in place of what they have made meanwhile", () => {
    for (const r of [lease, route]) {
      expect(make(r)[0]).toMatch(/^(address|route) replace /);
      expect(make({ ...r, owner: "lab" })[0]).toMatch(/^(address|route) replace /);
      expect(make({ ...r, owner: "none" })[0]).toMatch(/^(address|route) add /);
    }
  });

  test("a lease with all that it was given; a route only where all of it is known", () => {
    const given = { label: "eth0:x", metric: 7, noprefixroute: true };
    expect(make({ ...lease, owner: "ambient", at: { ...at, given } })).toEqual([
      "address add 10.9.0.7/24 label eth0:x metric 7 noprefixroute broadcast + dev eth0",
    ]);
    const restored = (r: Resource) => kindOf(r).restored?.(r);
    expect([restored(route), restored({ ...route, at: { ...where, more: true } })]).toEqual([true, false]);
  });
});
