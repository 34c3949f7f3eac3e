// A netlab in trouble at a chosen point: killed, interrupted, or with a command that fails or hangs.
import path from "node:path";
import fc from "fast-check";
import { expect } from "vitest";
import { type Box, type Ran, withBox } from "./box.js";
import type { Running } from "./running.js";

export { figure } from "./figure.js";

const HERE = import.meta.dirname;
const WRAPPER = path.join(HERE, "faults-tool.pl");
const FOLDER = "/run/faults";
const TOOLS = ["ip", "nft", "ovs-vsctl", "sysctl", "ethtool", "grep", "flock", "unshare"];
const fixture = (name: string) => path.resolve(HERE, "../fixtures", name);

export const DRIVER = path.join(HERE, "faults-driver.mjs");
export const LAB = fixture("faults.yaml");
export const EDITED = fixture("faults-edited.yaml");
export const ALIKE = fixture("faults-alike.yaml");
const SOAK = process.env.NETLAB_SOAK === "1";

export type How = "alone" | "tree" | "fail" | "late" | "hang" | "undo" | "SIGINT" | "SIGTERM";

export interface Fault {
  /** Number of the point, from 1; for `undo` how often. */
  at: number;
  how: How;
  /** Which commands are counted; those that change something where absent. */
  scope?: "change" | "read" | "all";
  /** Calls of this tool only. */
  tool?: string;
  /** It happens at every later point, too. */
  sticky?: boolean;
  /** Every command in a batch of its own. */
  single?: boolean;
  env?: Record<string, string>;
}

export interface Faulted extends Ran {
  /** Points that netlab came by; for `undo` how often it has happened. */
  points: number;
  /** The command at which it happened; empty where the point was not reached. */
  where: string;
}

/**
 * Puts the wrappers into a box.
 * @param more tools besides the usual ones
 */
export async function prepare(box: Box, more: string[] = []): Promise<void> {
  await box.sh(
    `mkdir -p ${FOLDER}; for tool in ${[...TOOLS, ...more].join(" ")}; do ln -s ${WRAPPER} ${FOLDER}/$tool; done`,
  );
  // The kernel creates what the first use of a feature brings (settings, tunnels) now, not in the middle of a test.
  await box.sh("nft list ruleset; ip netns add first; ip netns delete first");
}

const COUNT = "/run/faults.count";
/** Its being there ends every `hang`. */
export const GO = `${COUNT}.go`;

/** Starts netlab with a fault and does not wait for it. */
export async function startWith(box: Box, args: string[], fault: Fault): Promise<Running> {
  await box.sh(`rm -f ${COUNT} ${COUNT}.log ${GO}`);
  const env = {
    PATH: `${FOLDER}:${process.env.PATH}:/usr/local/sbin:/usr/sbin:/sbin`,
    FAULT_COUNT: COUNT,
    FAULT_AT: String(fault.at),
    FAULT_HOW: fault.how,
    FAULT_SCOPE: fault.scope ?? "change",
    ...(fault.tool ? { FAULT_TOOL: fault.tool } : {}),
    ...(fault.sticky ? { FAULT_STICKY: "1" } : {}),
    ...(fault.single ? { NETLAB_BATCH: "single" } : {}),
    ...fault.env,
  };
  return box.startNetlab(args, { env });
}

/** The command at which it has happened; empty where the point was not reached. */
export const whereIn = async (box: Box): Promise<string> =>
  (await box.sh(`cat ${COUNT}.log 2>/dev/null || true`)).trim();

/** Runs netlab with a fault. */
export async function netlabWith(box: Box, args: string[], fault: Fault): Promise<Faulted> {
  const running = await startWith(box, args, fault);
  const ran = await running.ended;
  const points = Number(await box.sh(`cat ${COUNT} 2>/dev/null || echo 0`));
  return { ...ran, points, where: await whereIn(box) };
}

/** How many points a run comes by when nothing happens to it. */
export async function pointsOf(box: Box, args: string[], fault: Partial<Fault> = {}): Promise<number> {
  const ran = await netlabWith(box, args, { how: "fail", ...fault, at: 1_000_000 });
  expect(ran.code, ran.stderr).toBe(0);
  return ran.points;
}

/**
 * One point of every sort of command that a run comes by, in the middle of those of its sort, and the last point; in a soak
 * all there are. Additions and deletions are two sorts.
 * @param most no more than so many of them
 */
export async function turnsOf(box: Box, args: string[], most: number): Promise<number[]> {
  await box.sh(`rm -f ${COUNT}.all`);
  const last = await pointsOf(box, args, { env: { FAULT_ALL: "1" } });
  const lines = (await box.sh(`cat ${COUNT}.all`)).trimEnd().split("\n");
  expect(lines).toHaveLength(last);
  if (SOAK) return spread(last, last);
  const sorts = new Map<string, number[]>();
  for (const [index, line] of lines.entries()) {
    const sort = line.replace(/^(\S+ \S+)(?: (delete)| \S*)?.*$/, "$1 $2");
    sorts.set(sort, [...(sorts.get(sort) ?? []), index + 1]);
  }
  const middles = [...sorts.values()].map((all) => all[all.length >> 1]!);
  const turns = [...new Set([...middles, last])].sort((a, b) => a - b);
  return spread(turns.length, most).map((one) => turns[one - 1]!);
}

/** How many an apply of the lab comes by on a machine on which a script has made something before. */
export const pointsOfApply = (fault: Partial<Fault> = {}, before = "", ...more: string[]): Promise<number> =>
  withBox({ ovs: true }, async (box) => {
    await prepare(box);
    await box.sh(before);
    return pointsOf(box, ["apply", "--yes", ...more, LAB], fault);
  });

/** Runs netlab and expects it to succeed. */
export async function good(box: Box, args: string[], about = ""): Promise<Ran> {
  const ran = await box.netlab(args);
  expect(ran.code, `${about}: netlab ${args.join(" ")}\n${ran.stderr.slice(-1500)}`).toBe(0);
  return ran;
}

/** The fingerprint of a box with a lab in it, when the kernel has made all link-local addresses. */
export async function restingFingerprint(box: Box): Promise<string> {
  const tentative =
    "ip -6 address show tentative; for n in $(ls /run/netns); do ip -n $n -6 address show tentative; done";
  await expect.poll(() => box.sh(tentative), { timeout: 60_000, interval: 100 }).toBe("");
  return box.fingerprint();
}

/** Waits until the box is as it was; devices of deleted namespaces go after them. */
export async function sameAs(box: Box, before: string, about: string): Promise<void> {
  await expect.poll(() => box.fingerprint(), { timeout: 60_000, interval: 100, message: about }).toBe(before);
}

/** `most` numbers of 1 to `last`, spread evenly; all of them in a soak. */
export function spread(last: number, most: number): number[] {
  const all = Array.from({ length: last }, (_, i) => i + 1);
  if (SOAK || last <= most) return all;
  const chosen = Array.from({ length: most }, (_, i) => Math.round(1 + (i * (last - 1)) / (most - 1)));
  return [...new Set(chosen)];
}

/** Of this run's choices: NETLAB_SEED. */
export const SEED = Number(process.env.NETLAB_SEED ?? 1);

/** `most` numbers of 1 to `last`, drawn by the seed; all of them in a soak. */
export function sample(last: number, most: number): number[] {
  const all = Array.from({ length: last }, (_, i) => i + 1);
  if (SOAK || last <= most) return all;
  return fc.sample(fc.shuffledSubarray(all, { minLength: most, maxLength: most }), { numRuns: 1, seed: SEED })[0]!;
}

/** Does work for every item, in a few boxes side by side, each with an Open vSwitch of its own. */
export async function inBoxes<T>(items: T[], work: (box: Box, item: T) => Promise<void>, most = 3): Promise<void> {
  const queue = [...items];
  const lane = () =>
    withBox({ ovs: true }, async (box) => {
      await prepare(box);
      for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(box, item);
    });
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, lane));
}
