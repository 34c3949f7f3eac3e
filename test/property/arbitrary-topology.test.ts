// The arbitrary topologies are what they say: valid, and of all sorts.
import fc from "fast-check";
import { expect, test } from "vitest";
import { kinds } from "../../src/kinds/index.js";
import { arbitraryTopology, labOf } from "../helpers/arbitrary-topology.js";
import { DOCKER } from "../helpers/docker-filters.js";

const FACTS = { born: {}, ovsKernelDatapath: false, brNetfilter: false, filters: DOCKER };

test("every arbitrary topology is valid", async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryTopology(), async (topology) => {
      expect((await labOf(topology)).name).toBe("zoo");
    }),
    { numRuns: 200 },
  );
});

test("all that a file can ask for occurs in one of twenty", async () => {
  const labs = await Promise.all(fc.sample(arbitraryTopology(), { seed: 1, numRuns: 200 }).map(labOf));
  // Processes are found, not asked for; take-overs and loans ask for interfaces of the machine.
  for (const kind of kinds.filter(({ name }) => !["process", "takeover", "loan"].includes(name))) {
    const having = labs.filter((lab) => kind.expand(lab, FACTS).length > 0);
    expect(having.length, kind.name).toBeGreaterThan(10);
  }
});
