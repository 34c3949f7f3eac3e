// Hostile strings in every place where the schema has a string: refused by validation, and by the guard where that is passed by.
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { makePlan } from "../../../src/core/planner.js";
import { stepsOf } from "../../../src/core/simulate.js";
import { model } from "../../../src/engine/model.js";
import { guard } from "../../../src/host/guard.js";
import { kinds } from "../../../src/kinds/index.js";
import type { Lab } from "../../../src/topology/lab.js";
import { fullParse } from "../../../src/topology/parse.js";
import { Source } from "../../../src/topology/source.js";
import { Values } from "../../../src/topology/values.js";
import { figure } from "../../helpers/figure.js";
import { labOf, loadText } from "./help.js";

/** On a busy machine. */
const SLOW = { timeout: 180_000 };

type Schema = { [key: string]: unknown };
type Path = (string | number)[];

const schema = JSON.parse(
  readFileSync(new URL("../../../schemas/topology.schema.json", import.meta.url), "utf8"),
) as Schema;
const folder = new URL("../../../examples/", import.meta.url);
/** What no example has. */
const MORE = `
name: more
sandbox: { uplink: false }
namespaces:
  a:
    interfaces: { e0: { mac: "02:00:00:00:00:01", addresses: [10.0.0.1/24] }, t0: { kind: tap, owner: root, bridge: b0 } }
    bridges: { b0: { mac: "02:00:00:00:00:02", addresses: [10.1.0.1/24], ports: { p0: {} } } }
    routes:
      - { to: 10.9.0.0/16, nexthops: [{ via: 10.0.0.2, dev: e0 }, { via: 10.0.0.3 }] }
      - { to: 10.8.0.0/16, via: 10.0.0.2, dev: e0, src: 10.0.0.1 }
    files: { motd: "hello" }
    sysctl: { net.ipv4.ip_local_port_range: "1024 65535" }
    nat:
      masquerade: [{ source: 10.1.0.0/24, out: e0 }]
      forward: [{ protocol: tcp, port: 80, address: 10.0.0.1, to: "10.1.0.2:80" }]
  b: { interfaces: { e0: { addresses: [10.0.0.2/24, 10.0.0.3/24] } } }
bridges: { lan0: { mac: "02:00:00:00:00:03", addresses: [10.2.0.1/24] } }
links:
  - endpoints: [{ end: "a:e0" }, "b:e0"]
  - endpoints: [{ end: "host:h0", mac: "02:00:00:00:00:04", addresses: [10.3.0.1/24] }, "a/b0:p0"]
host: { sysctl: { net.ipv4.tcp_rmem: "4096 1 2" } }
checks:
  - { from: a, ping: 10.0.0.2 }
  - { from: [a, b], tcp: "10.0.0.2:80", listen: "b:80", seen_as: 10.0.0.1 }
`;
const texts = [MORE].concat(
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".yaml"))
    .map((name) => readFileSync(new URL(name, folder), "utf8")),
);
const values = texts.map((text) => new Values(() => {}).read(fullParse(new Source("x", text)).tree!));

const HOSTILE = [
  "a b",
  "a\nlink delete eth0",
  "a\tb",
  "a\0b",
  'a"; flush ruleset; #',
  "a'b",
  "$(reboot)",
  "`reboot`",
  "-all",
  "--help",
  "../../etc/passwd",
  "a\\",
  "{a,b}",
  "*",
  "\u0435th0", // a Cyrillic letter
  "a\u00a0b",
  "\u202eeth0",
  "",
  "x".repeat(70),
];

/** A string somewhere: what the schema says of it, and where it stands (of a key: `key` is set). */
interface Spot {
  rule: string;
  path: Path;
  key?: boolean;
}

const isString = (one: Schema) =>
  [one.type].flat().includes("string") || [one.format, one.pattern].some((rule) => typeof rule === "string");

function follow(one: Schema): [Schema, string | undefined] {
  if (typeof one.$ref !== "string") return [one, undefined];
  const name = one.$ref.split("/").at(-1)!;
  return [(schema.definitions as { [name: string]: Schema })[name]!, name];
}

/** Every string of the schema: free ones, not those with a list of words. */
function* rules(raw: Schema, where: string, seen = new Set<string>()): Generator<string> {
  const [one, name] = follow(raw);
  const here = name ?? where;
  if (isString(one) && !one.enum) yield here;
  if (name !== undefined) {
    if (seen.has(name)) return;
    seen.add(name);
  }
  if (one.propertyNames) yield* rules(one.propertyNames as Schema, `${here} keys`, seen);
  for (const [part, sub] of parts(one)) yield* rules(sub, `${here}/${part}`, seen);
}

function parts(one: Schema): [string, Schema][] {
  const properties = Object.entries((one.properties ?? {}) as { [name: string]: Schema });
  const others = ["items", "additionalProperties"].filter((key) => typeof one[key] === "object");
  return [...properties, ...others.map((key) => [key, one[key]] as [string, Schema])];
}

function* spots(raw: Schema, where: string, value: unknown, path: Path): Generator<Spot> {
  const [one, name] = follow(raw);
  const here = name ?? where;
  if (typeof value === "string" && isString(one) && !one.enum) yield { rule: here, path };
  if (Array.isArray(value) && one.items)
    for (const [index, item] of value.entries())
      yield* spots(one.items as Schema, `${here}/items`, item, [...path, index]);
  if (value === null || typeof value !== "object" || Array.isArray(value)) return;
  const properties = (one.properties ?? {}) as { [name: string]: Schema };
  for (const [key, member] of Object.entries(value)) {
    if (properties[key]) yield* spots(properties[key], `${here}/${key}`, member, [...path, key]);
    else if (typeof one.additionalProperties === "object") {
      if (one.propertyNames) {
        const [, named] = follow(one.propertyNames as Schema);
        yield { rule: named ?? `${here} keys`, path: [...path, key], key: true };
      }
      yield* spots(one.additionalProperties as Schema, `${here}/additionalProperties`, member, [...path, key]);
    }
  }
}

/** A copy with another string in one spot. */
function withString(value: unknown, { path, key }: Spot, text: string): unknown {
  const copy = structuredClone(value) as never;
  const parent = path.slice(0, -1).reduce<{ [key: string]: unknown }>((here, step) => here[step] as never, copy);
  const last = String(path.at(-1));
  if (!key) parent[last] = text;
  else {
    parent[text] = parent[last];
    delete parent[last];
  }
  return copy;
}

const all = values.map((value) => [...spots(schema, "", value, [])]);
/** Values of settings are words and numbers; these mean nothing but themselves. */
const SETTING = /sysctl\/additionalProperties$/;
const isHarmless = (rule: string, text: string) => SETTING.test(rule) && /^[\w.,:/+ \t-]*$/.test(text);
/** The user's own programs, what they print, and texts: any is good, and no shell and no batch reads them. */
const FREE =
  /^(Service\/(command(\/items)?|env\/additionalProperties|directory)|Ready\/log|Namespace\/files\/additionalProperties)$/;

/** A few of each rule: there are thousands of addresses in the examples. */
const chosen = new Map<string, { index: number; spot: Spot }[]>();
for (const [index, some] of all.entries())
  for (const spot of some) {
    const already = chosen.get(spot.rule) ?? [];
    if (already.length < 3) chosen.set(spot.rule, [...already, { index, spot }]);
  }

test("every string of the schema is tried", () => {
  const tried = new Set(all.flat().map(({ rule }) => rule));
  expect([...new Set(rules(schema, ""))].filter((rule) => !tried.has(rule) && !FREE.test(rule))).toEqual([]);
});

test.each([...chosen].filter(([rule]) => !FREE.test(rule)))("%s: refused by validation", SLOW, (rule, places) => {
  const texts = HOSTILE.filter((text) => !isHarmless(rule, text));
  const accepted = places.flatMap(({ index, spot }) =>
    texts.filter((text) => loadText(JSON.stringify(withString(values[index], spot, text))).lab !== undefined),
  );
  expect(accepted).toEqual([]);
  figure("hostile strings refused by validation", places.length * texts.length);
});

/** What would mean something else to a tool, or could; a name with `..` is one that no path is made of. */
const GUARDED = HOSTILE.filter((text) => /[\n\0$`\\{}*"\u0080-\uffff]/.test(text));
const FACTS = { born: {}, ovsKernelDatapath: false, brNetfilter: true };

function* strings(value: unknown, path: Path = []): Generator<Path> {
  if (typeof value === "string") yield path;
  else if (value !== null && typeof value === "object")
    for (const [key, member] of Object.entries(value))
      if (key !== "origin") yield* strings(member, [...path, Array.isArray(value) ? Number(key) : key]);
}

test("refused by the guard, where validation is passed by", SLOW, () => {
  let refused = 0;
  for (const text of texts.filter((one) => /^name: (more|campus)\b/m.test(one))) {
    const lab = labOf(text);
    for (const path of strings(lab)) {
      for (const hostile of GUARDED) {
        const commands = commandsOf(withString(lab, { rule: "", path }, hostile) as Lab);
        for (const command of commands) {
          if (command.tool === "sh") continue; // words of a script that is netlab's own: no shell reads them
          const words = [command.place, ...command.args, command.stdin ?? ""];
          if (!words.some((word) => word.includes(hostile))) continue;
          expect(() => guard(command), `${path.join("/")}: ${JSON.stringify(command)}`).toThrow(/^refused to run/);
          refused++;
        }
      }
    }
  }
  expect(refused).toBeGreaterThan(1000);
  figure("hostile commands refused by the guard", refused);
});

/** None where the kinds themselves cannot make anything of it. */
function commandsOf(lab: Lab) {
  try {
    const desired = Object.fromEntries(kinds.flatMap((kind) => kind.expand(lab, FACTS)).map((r) => [r.id, r]));
    return stepsOf(makePlan(model, { lab: lab.name, desired, live: {} })).flatMap(({ commands }) => commands);
  } catch {
    return [];
  }
}
