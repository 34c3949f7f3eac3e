// Random things of others beside random labs, and within them: through apply, edit, apply and destroy they stay bit for bit.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { arbitraryTopology } from "../helpers/arbitrary-topology.js";
import { withBox } from "../helpers/box.js";
import { figure, good, prepare, restingFingerprint, sameAs } from "../helpers/faults.js";
import { beside, foreignPart, foreignWithin, inside } from "../helpers/foreign-objects.js";

const soak = process.env.NETLAB_SOAK === "1";
const seed = Number(process.env.NETLAB_SEED ?? (soak ? Date.now() % 1_000_000 : 1));
const ROUNDS = soak ? 300 : 10;

describe(`random labs among random things of others (seed ${seed}; NETLAB_SEED)`, () => {
  test.each(Array.from({ length: ROUNDS }, (_, index) => seed + index))("seed %i", { timeout: 180_000 }, (one) =>
    withBox({ ovs: true }, async (box) => {
      const [a, b] = fc.sample(arbitraryTopology({ name: "zoo" }), { numRuns: 2, seed: one });
      const [others] = fc.sample(beside, { numRuns: 1, seed: one });
      const [spaces, first] = [Object.keys({ ...a!.namespaces, ...b!.namespaces }), Object.keys(a!.namespaces!)];
      const stay = first.filter((name) => name in b!.namespaces!);
      await prepare(box);
      await box.sh(others!.script);
      const before = await restingFingerprint(box);
      const about = `${others!.script}\n${JSON.stringify(a)}\n${JSON.stringify(b)}`;

      await box.sh("cat >/run/a.yaml", { input: JSON.stringify(a) });
      await box.sh("cat >/run/b.yaml", { input: JSON.stringify(b) });
      await good(box, ["apply", "--yes", "/run/a.yaml"], about);
      expect(foreignPart(await restingFingerprint(box), spaces), about).toBe(foreignPart(before, []));

      const guests = fc.sample(inside, { numRuns: stay.length, seed: one });
      for (const [index, place] of stay.entries())
        await box.sh(`nsenter --net=/run/netns/${place} sh -euc "$(cat)"`, { input: guests[index]!.script });
      const within = foreignWithin(await restingFingerprint(box), stay);
      await good(box, ["plan", "--detailed-exitcode", "/run/a.yaml"], about);

      await good(box, ["apply", "--yes", "/run/b.yaml"], about);
      await good(box, ["plan", "--detailed-exitcode", "/run/b.yaml"], about);
      const edited = await restingFingerprint(box);
      expect(foreignPart(edited, spaces), about).toBe(foreignPart(before, []));
      expect(foreignWithin(edited, stay), about).toBe(within);

      await good(box, ["destroy", "--yes", "/run/b.yaml"], about);
      await sameAs(box, before, about);
      const sum = guests.slice(0, stay.length).reduce((total, { count }) => total + count, others!.count);
      figure("foreign objects checked", sum);
    }),
  );
});
