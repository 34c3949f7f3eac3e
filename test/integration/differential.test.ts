// The kernel judges the model: random labs made, edited and removed, and after every batch the state that is read is the simulated one.
import path from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { arbitraryTopology, type TopologyOptions } from "../helpers/arbitrary-topology.js";
import { withBox } from "../helpers/box.js";
import { figure } from "../helpers/figure.js";

const DRIVER = path.resolve(import.meta.dirname, "../helpers/differential-driver.mjs");
const soak = process.env.NETLAB_SOAK === "1";
const seed = Number(process.env.NETLAB_SEED ?? (soak ? Date.now() % 1_000_000 : 1));
const ROUNDS = soak ? 1000 : 8;
/** Those of `npm test`: few namespaces, once the twelve of a soak, and some with an Open vSwitch bridge. */
const FEW: TopologyOptions[] = [
  ...[{ size: 3 }, { size: 2, ovs: "some" as const }, { size: 12 }, { size: 4 }],
  ...[{ size: 2 }, { size: 4, ovs: "some" as const }, { size: 6 }, { size: 3 }],
].map((one) => ({ ovs: false, ...one }));

describe(`random labs from A to B (seed ${seed}; NETLAB_SEED)`, () => {
  test.each(Array.from({ length: ROUNDS }, (_, index) => seed + index))(
    "seed %i",
    { timeout: 600_000 },
    async (one) => {
      const sort = soak ? {} : FEW[one - seed];
      const [a, b] = fc.sample(arbitraryTopology({ name: "zoo", ...sort }), { numRuns: 2, seed: one });
      const [cut] = fc.sample(fc.nat(30), { numRuns: 1, seed: one });
      await withBox({ ovs: true }, async (box) => {
        const before = await box.fingerprint();
        const input = JSON.stringify({ lab: "zoo", topologies: [a, b, a], cut });
        const { code, stdout, stderr } = await box.run([process.execPath, DRIVER], { input, timeout: 300 });
        expect(code, stderr).toBe(0);
        const { batches, trouble } = JSON.parse(stdout) as { batches: number; trouble: string[] };
        expect(trouble).toEqual([]);
        expect(batches).toBeGreaterThan(4);
        await expect.poll(() => box.fingerprint(), { timeout: 60_000, interval: 200 }).toBe(before);
        figure("random transitions", 4);
        figure("batches compared with the model", batches);
      });
    },
  );
});
