// How many processes netlab starts for each namespace: the difference of two sizes of a lab, which no load of the machine
// changes. In a box, which has process numbers of its own, whatever is started has the next number.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadSystem } from "../../src/host/netlink/system.js";
import { type Box, withBox } from "../helpers/box.js";

const LARGE = [60, 80] as const;
/** Of so few, netlab leaves the settings to sysctl. */
const SMALL = [20, 40] as const;
const ROUTER = "forwarding: ipv4, nat: { masquerade: [{ source: 10.9.0.0/24, out: eth0 }] }";
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "netlab-processes-"));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** A star: each namespace has a cable to one bridge, an address, a route, and `more`. */
async function star(size: number, bridge: string, more: string): Promise<string> {
  const numbers = Array.from({ length: size }, (_, number) => number);
  const node = (number: number) =>
    `  n${number}: { interfaces: { eth0: { addresses: [10.0.0.${number + 1}/16] } }, ` +
    `routes: [{ to: default, via: 10.0.255.254 }]${more} }`;
  const links = numbers.map((number) => `  - endpoints: [n${number}:eth0, lan0]`);
  const lines = ["name: star", `bridges: { lan0: ${bridge} }`, "namespaces:", ...numbers.map(node), "links:", ...links];
  const file = path.join(folder, `star-${size}.yaml`);
  await writeFile(file, `${lines.join("\n")}\n`);
  return file;
}

/** Routers in a ring: their cables have the same indexes in each, and only the kernel knows which goes where. */
async function ring(size: number): Promise<string> {
  const numbers = Array.from({ length: size }, (_, number) => number);
  const ends = (i: number) =>
    `left: { addresses: [10.0.${i}.2/24] }, right: { addresses: [10.0.${(i + 1) % size}.1/24] }`;
  const nodes = numbers.map((i) => `  r${i}: { forwarding: ipv4, interfaces: { ${ends(i)} } }`);
  const links = numbers.map((i) => `  - endpoints: [r${i}:right, r${(i + 1) % size}:left]`);
  const file = path.join(folder, `ring-${size}.yaml`);
  await writeFile(file, `${["name: ring", "namespaces:", ...nodes, "links:", ...links].join("\n")}\n`);
  return file;
}

const number = async (box: Box): Promise<number> => Number(await box.sh("echo $$"));

/** Processes and threads that a verb starts, its own included. */
async function started(box: Box, words: string[]): Promise<number> {
  const before = await number(box);
  const ran = await box.netlab(words);
  expect(ran.code, ran.stderr).toBe(0);
  return (await number(box)) - before;
}

type Counts = Record<"create" | "noop" | "plan" | "destroy", number>;

async function counts(file: string, ovs: boolean): Promise<Counts> {
  return withBox({ ovs }, async (box) => ({
    create: await started(box, ["apply", "--yes", file]),
    noop: await started(box, ["apply", "--yes", file]),
    plan: await started(box, ["plan", "--detailed-exitcode", file]),
    destroy: await started(box, ["destroy", "--yes", file]),
  }));
}

/** What each namespace more costs. */
async function perNamespace(
  lab: (size: number) => Promise<string>,
  ovs: boolean,
  [fewer, more]: readonly [number, number],
): Promise<Counts> {
  const small = await counts(await lab(fewer), ovs);
  const large = await counts(await lab(more), ovs);
  const each = (verb: keyof Counts) => (large[verb] - small[verb]) / (more - fewer);
  return { create: each("create"), noop: each("noop"), plan: each("plan"), destroy: each("destroy") };
}

interface Expected {
  create: number;
  ovs?: boolean;
  sizes?: readonly [number, number];
}

/** Half a process: what a share, a thread or a second look of the whole may add, for no namespace in particular. */
const SLACK = 0.5;

/** `create`: one `ip`, and one for each other tool that the namespace needs; sysctl only where they are few. */
test.each([
  ["a Linux bridge: ip", (size: number) => star(size, "", ""), { create: 1 }],
  ["forwarding and nftables: ip, nft", (size: number) => star(size, "", `, ${ROUTER}`), { create: 2 }],
  ["routers in a ring: ip", ring, { create: 1 }],
  ["routers in a small ring: ip, sysctl", ring, { create: 2, sizes: SMALL }],
  [
    "Open vSwitch: ip, ethtool",
    (size: number) => star(size, "{ kind: ovs, datapath: userspace }", ""),
    { create: 2, ovs: true },
  ],
])("%s", async (_, lab, { ovs = false, create, sizes = LARGE }: Expected) => {
  expect(await loadSystem(), "koffi does not load: npm ci").toBeDefined();
  const each = await perNamespace(lab, ovs, sizes);
  expect(each.create).toBeLessThan(create + SLACK);
  // Else what is counted is not what is started.
  expect(each.create).toBeGreaterThan(1 - SLACK);
  expect(each.noop).toBeLessThan(SLACK);
  expect(each.plan).toBeLessThan(SLACK);
  expect(each.destroy).toBeLessThan(SLACK);
});
