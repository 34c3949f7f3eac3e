// Killed at every point of a take-over, or of the return: destroy brings the machine back to the last flag.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { withBox } from "../helpers/box.js";
import { good, netlabWith, pointsOf, prepare, spread } from "../helpers/faults.js";
import { machineState, plugIn, RICH } from "../helpers/physical.js";

const scratch = mkdtempSync(path.join(tmpdir(), "netlab-physical-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
const ALONE = path.join(scratch, "alone.yaml");
writeFileSync(ALONE, "name: phys\nbridges: { br0: { ports: { ens3: } } }\n");

test.each([
  ["apply", []],
  ["destroy", [["apply", "--yes", ALONE]]],
])("%s killed at every point: the machine comes back", { timeout: 900_000 }, async (verb, first) => {
  await withBox({}, async (box) => {
    await prepare(box);
    await plugIn(box, "ens3", RICH);
    const before = await machineState(box);
    for (const args of first) await good(box, args);
    const last = await pointsOf(box, [verb, "--yes", ALONE]);
    await good(box, ["destroy", "--yes", ALONE]);
    const points = spread(last, 14);
    let killed = 0;
    for (const at of points) {
      for (const args of first) await good(box, args);
      const ran = await netlabWith(box, [verb, "--yes", ALONE], { at, how: "tree" });
      if (ran.where !== "") killed++;
      await good(box, ["destroy", "--yes", ALONE], ran.where);
      expect(await machineState(box), ran.where).toBe(before);
    }
    expect(killed).toBe(points.length);
  });
});
