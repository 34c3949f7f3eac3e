// Killed at every point: the next apply completes what the killed one began, and destroy works from there.
import { expect, test } from "vitest";
import type { Box } from "../helpers/box.js";
import { withBox } from "../helpers/box.js";
import {
  DRIVER,
  EDITED,
  type Fault,
  figure,
  good,
  inBoxes,
  LAB,
  netlabWith,
  pointsOf,
  prepare,
  sameAs,
  spread,
} from "../helpers/faults.js";

interface Verb {
  name: string;
  /** What is done before, and goes well. */
  before: string[][];
  killed: string[];
  /** What is there when all has ended well; undefined: nothing. */
  wanted: string | undefined;
}

const apply = (file: string) => ["apply", "--yes", file];
const VERBS: Verb[] = [
  { name: "apply", before: [], killed: apply(LAB), wanted: LAB },
  { name: "update", before: [apply(LAB)], killed: apply(EDITED), wanted: EDITED },
  { name: "destroy", before: [apply(LAB)], killed: ["destroy", "--yes", LAB], wanted: undefined },
];

/** Real batches: every point; commands one by one: as many as the time allows. */
const MODES: { title: string; how: Fault["how"]; single: boolean; most: number }[] = [
  { title: "with all its children", how: "tree", single: false, most: 1000 },
  { title: "alone", how: "alone", single: false, most: 5 },
  { title: "with all its children, commands one by one", how: "tree", single: true, most: 5 },
  { title: "alone, commands one by one", how: "alone", single: true, most: 5 },
];

for (const verb of VERBS)
  test.each(MODES.map((mode) => [`${verb.name} killed ${mode.title}`, mode] as const))(
    "%s",
    { timeout: 3_600_000 },
    async (_, mode) => {
      const last = await withBox({ ovs: true }, async (box) => {
        await prepare(box);
        for (const words of verb.before) await good(box, words);
        return pointsOf(box, verb.killed, { single: mode.single });
      });
      expect(last).toBeGreaterThan(5);
      const points = spread(last, mode.most);
      let killed = 0;
      await inBoxes(points, async (box, at) => {
        if (await survives(box, verb, { ...mode, at })) killed++;
      });
      // Where batches run side by side their points may come in another order, but they are as many.
      expect(killed).toBe(points.length);
      figure(`points killed: ${verb.name}`, killed);
    },
  );

async function survives(box: Box, verb: Verb, fault: Fault): Promise<boolean> {
  const clean = await box.fingerprint();
  for (const words of verb.before) await good(box, words);
  const ran = await netlabWith(box, verb.killed, fault);
  const about = `${verb.name} killed (${fault.how}) at point ${fault.at}: ${ran.where}`;
  if (ran.where !== "") expect(ran.code, about).toBe(137);
  const next = await box.run([process.execPath, DRIVER, verb.wanted ?? "-"]);
  expect(next, about).toMatchObject({ code: 0, stderr: "" });
  const { destroyed, left, ...said } = JSON.parse(next.stdout);
  if (verb.wanted) {
    const applied = expect.stringMatching(/^(applied|unchanged)$/);
    expect(said, about).toEqual({ conflicts: [], applied, again: [] });
  }
  expect({ destroyed, left }, about).toEqual({
    destroyed: expect.stringMatching(verb.wanted ? /^applied$/ : /^(applied|unchanged)$/),
    left: [],
  });
  await sameAs(box, clean, about);
  return ran.where !== "";
}

test("a namespace that was not marked yet when netlab was killed, and that somebody has made again since", () =>
  withBox({}, async (box) => {
    await prepare(box);
    await box.sh("cat >/run/two.yaml", { input: "{ name: two, namespaces: { blue: , red: } }" });
    const killed = await netlabWith(box, ["apply", "--yes", "/run/two.yaml"], { at: 3, how: "tree", tool: "ip" });
    expect(killed.where).toMatch(/link set (dev )?lo/);
    const alias = (place: string) => box.sh(`ip -n ${place} -d link show lo`);
    for (const place of ["blue", "red"]) expect(await alias(place)).not.toMatch(/alias/);

    await box.sh("ip netns delete red; ip netns add red");
    const refused = await box.netlab(["apply", "--yes", "/run/two.yaml"]);
    expect(refused.stderr).toMatch(/conflict .*namespace:red is there already, and carries no mark of a lab/);
    expect(refused.stderr).not.toMatch(/namespace:blue is there/);
    await good(box, ["destroy", "--yes", "/run/two.yaml"]);
    expect(await box.sh("ls /run/netns")).toBe("red\n");
  }));
