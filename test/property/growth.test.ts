// The work of planning grows with the lab, not with its square. Processor time, the best of several: others on the machine
// make it longer, never shorter.
import { beforeAll, expect, test } from "vitest";
import type { State } from "../../src/core/resource.js";
import { load } from "../../src/topology/load.js";
import { carriedOut, planOf, stateOf, type World } from "./worlds.js";

const [SMALL, LARGE] = [400, 1600];
/** Three times what is linear; a square would be four times it. */
const BOUND = (3 * LARGE) / SMALL;
const RUNS = 5;

const FACTS = { born: { "net.ipv4.ip_forward": "0" }, ovsKernelDatapath: false, brNetfilter: true };
const states: { [size: number]: { desired: State; live: State } } = {};

/** A star: namespaces on one bridge, each with an address and a default route. */
async function starOf(size: number): Promise<State> {
  const numbers = Array.from({ length: size }, (_, number) => number);
  const namespace = (number: number) =>
    `  n${number}: { interfaces: { eth0: { addresses: [10.0.${number >> 7}.${1 + (number & 127)}/16] } }, ` +
    "routes: [{ to: default, via: 10.0.255.254 }] }";
  const links = numbers.map((number) => `  - endpoints: [n${number}:eth0, lan0]`);
  const text = ["name: zoo", "bridges: { lan0: }", "namespaces:", ...numbers.map(namespace), "links:", ...links, ""];
  const { lab } = await load({ text: text.join("\n"), file: "star.yaml" });
  return stateOf(lab!, FACTS);
}

beforeAll(async () => {
  for (const size of [SMALL, LARGE]) {
    const desired = await starOf(size);
    states[size] = { desired, live: carriedOut({}, desired) };
  }
}, 300_000);

/** Milliseconds of processor time, at least one. */
function cost(world: World): number {
  const before = process.cpuUsage();
  planOf(world);
  const { user, system } = process.cpuUsage(before);
  return Math.max(1, (user + system) / 1000);
}

const best = (world: World) => Math.min(...Array.from({ length: RUNS }, () => cost(world)));

test.each([
  ["to make everything", ({ desired }: (typeof states)[number]) => ({ live: {}, desired })],
  ["where nothing differs", ({ desired, live }: (typeof states)[number]) => ({ live, desired })],
  ["to destroy everything", ({ live }: (typeof states)[number]) => ({ live, desired: {} })],
])(
  "%s",
  (_, world) => {
    const [small, large] = [best(world(states[SMALL]!)), best(world(states[LARGE]!))];
    expect(large / small, `${small} ms for ${SMALL}, ${large} ms for ${LARGE}`).toBeLessThan(BOUND);
  },
  300_000,
);
