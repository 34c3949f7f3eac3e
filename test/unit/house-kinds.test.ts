// Every registered kind is told of everywhere: schema, golden plans, recorded outputs, examples, documents.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { kindsPage } from "../../scripts/generate-docs.mjs";
import { kinds } from "../../src/kinds/index.js";
import { load } from "../../src/topology/load.js";
import { DOCKER } from "../helpers/docker-filters.js";

const ROOT = path.resolve(import.meta.dirname, "../..");
const read = (file: string) => readFileSync(path.join(ROOT, file), "utf8");
const FACTS = { born: {}, ovsKernelDatapath: false, brNetfilter: true, filters: DOCKER };

interface Traces {
  /** Where the schema says it, below `definitions`; or why it says nothing. */
  schema: string[] | string;
  /** A recorded output that it is read from, below a folder of test/recorded; or why there is none. */
  recorded: { file: string; word: string } | string;
}

const links = (word: string) => ({ file: "iproute2-*/*.json", word });
const ovs = (word: string) => ({ file: "openvswitch-*/*.json", word });

const traces: { [kind: string]: Traces } = {
  namespace: { schema: ["Namespace"], recorded: links('"ifname":"lo"') },
  sysctl: { schema: ["Namespace", "properties", "sysctl"], recorded: "a line of `key = value` for each key" },
  bridge: { schema: ["Bridge"], recorded: links('"info_kind":"bridge"') },
  "ovs-bridge": { schema: ["Bridge", "properties", "datapath"], recorded: ovs("datapath_type") },
  veth: { schema: ["Link"], recorded: links('"info_kind":"veth"') },
  tap: { schema: ["Interface", "properties", "owner"], recorded: links('"type":"tap"') },
  "ovs-port": { schema: ["BridgePort", "properties", "tag"], recorded: ovs("trunks") },
  placement: { schema: ["Interface", "properties", "kind"], recorded: ovs("internal") },
  port: { schema: ["BridgePort", "properties", "hairpin"], recorded: links('"info_slave_kind":"bridge"') },
  interface: { schema: ["Interface"], recorded: links('"ifalias"') },
  loan: { schema: ["Interface", "properties", "existing"], recorded: links('"local"') },
  takeover: { schema: ["Bridge", "properties", "ports"], recorded: links('"local"') },
  offload: {
    schema: "it follows from the datapath",
    recorded: { file: "ethtool-*/features.txt", word: "tx-checksumming" },
  },
  address: { schema: ["Interface", "properties", "addresses"], recorded: links('"local"') },
  route: { schema: ["Route"], recorded: links('"protocol":"110"') },
  nat: { schema: ["Nat"], recorded: { file: "nftables-*/table.json", word: "masquerade" } },
  firewall: {
    schema: ["Host", "properties", "firewall"],
    recorded: { file: "nftables-*/filter.json", word: '"comment":"netlab:demo"' },
  },
  "etc-file": { schema: ["Namespace", "properties", "files"], recorded: "plain files, read as they are" },
  service: { schema: ["Service"], recorded: "read from proc(5), in netlab's own words" },
  process: { schema: "it is found, not asked for", recorded: "read from proc(5) by the kernel's own rules" },
};

const schema = JSON.parse(read("schemas/topology.schema.json"));
const golden = readdirSync(path.join(ROOT, "test/golden"));
const used = new Set<string>();

beforeAll(async () => {
  const files = readdirSync(path.join(ROOT, "examples"), { recursive: true, encoding: "utf8" });
  for (const file of files.filter((one) => one.endsWith(".yaml"))) {
    const { lab } = await load(path.join(ROOT, "examples", file));
    for (const kind of kinds) if (kind.expand(lab!, FACTS).length > 0) used.add(kind.name);
  }
});

test("the table below names the registered kinds", () => {
  expect(Object.keys(traces).sort()).toEqual(kinds.map(({ name }) => name).sort());
});

describe.each(kinds.map(({ name }) => name))("%s", (name) => {
  test("is in the schema", () => {
    const where = traces[name]!.schema;
    if (typeof where === "string") return expect(where).not.toBe("");
    const definition = where.reduce((part, key) => part?.[key], schema.definitions);
    expect(definition?.description ?? definition?.$comment).toMatch(/\w/);
  });

  test("has golden plans", () => {
    const plans = golden.filter((one) => one.startsWith(`${name}-`)).map((one) => read(`test/golden/${one}/plan.txt`));
    expect(plans.join("")).toMatch(new RegExp(`^  [+±~-]  ${name}\\b`, "m"));
  });

  test("has a recorded output", () => {
    const source = traces[name]!.recorded;
    if (typeof source === "string") return expect(source).not.toBe("");
    const texts = recorded(source.file).map((file) => read(file).replace(/\s/g, ""));
    expect(texts.some((text) => text.includes(source.word))).toBe(true);
  });

  test("is in an example", () => {
    expect(used.has(name)).toBe(name !== "process");
  });

  test("has a row in the documents", () => {
    expect(read("docs/kinds.md")).toContain(`\n| [\`${name}\`](#${name}) |`);
  });
});

test("docs/kinds.md is up to date: npm run build && node scripts/generate-docs.mjs", () => {
  expect(read("docs/kinds.md")).toBe(kindsPage(kinds));
});

/** Files of a pattern with `*` for any part of a name. */
function recorded(pattern: string): string[] {
  const [folder, file] = pattern
    .split("/")
    .map((part) => new RegExp(`^${part.replace(".", "\\.").replace("*", ".*")}$`));
  const base = "test/recorded";
  return readdirSync(path.join(ROOT, base))
    .filter((one) => folder!.test(one) && existsSync(path.join(ROOT, base, one)))
    .flatMap((one) =>
      readdirSync(path.join(ROOT, base, one))
        .filter((name) => file!.test(name))
        .map((name) => `${base}/${one}/${name}`),
    );
}
