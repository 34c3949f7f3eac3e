// The kernel judges the model: random labs made, edited and removed, and after every stage the state that is read is the simulated one.
import path from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { arbitraryTopology } from "../helpers/arbitrary-topology.js";
import { withBox } from "../helpers/box.js";
import { figure } from "../helpers/figure.js";

const DRIVER = path.resolve(import.meta.dirname, "../helpers/differential-driver.mjs");
const soak = process.env.NETLAB_SOAK === "1";
const seed = Number(process.env.NETLAB_SEED ?? (soak ? Date.now() % 1_000_000 : 1));
const ROUNDS = soak ? 1000 : 8;

describe(`random labs from A to B (seed ${seed}; NETLAB_SEED)`, () => {
  test.each(Array.from({ length: ROUNDS }, (_, index) => seed + index))("seed %i", async (one) => {
    const [a, b] = fc.sample(arbitraryTopology({ name: "zoo", ovs: soak }), { numRuns: 2, seed: one });
    const [cut] = fc.sample(fc.nat(30), { numRuns: 1, seed: one });
    await withBox({ ovs: true }, async (box) => {
      const before = await box.fingerprint();
      const input = JSON.stringify({ lab: "zoo", topologies: [a, b, a], cut });
      const { code, stdout, stderr } = await box.run([process.execPath, DRIVER], { input, timeout: 60 });
      expect(code, stderr).toBe(0);
      const { stages, trouble } = JSON.parse(stdout) as { stages: number; trouble: string[] };
      expect(trouble).toEqual([]);
      expect(stages).toBeGreaterThan(2);
      await expect.poll(() => box.fingerprint(), { timeout: 10_000, interval: 200 }).toBe(before);
      figure("random transitions", 4);
      figure("stages compared with the model", stages);
    });
  });
});
