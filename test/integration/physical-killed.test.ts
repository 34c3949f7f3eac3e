// Killed or failing at every point of a take-over, or of the return: the machine comes back to the last flag.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { withBox } from "../helpers/box.js";
import { figure, good, netlabWith, pointsOf, prepare, spread, turnsOf } from "../helpers/faults.js";
import { machineState, plugIn, RICH } from "../helpers/physical.js";

const scratch = mkdtempSync(path.join(tmpdir(), "netlab-physical-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
const ALONE = path.join(scratch, "alone.yaml");
writeFileSync(ALONE, "name: phys\nbridges: { br0: { ports: { ens3: } } }\n");
const OVS = path.join(scratch, "ovs.yaml");
writeFileSync(OVS, "name: phys\nbridges: { br0: { kind: ovs, ports: { ens3: } } }\n");
const STATIC = path.join(scratch, "static.yaml");
writeFileSync(STATIC, "name: phys\nbridges: { br0: { addresses: [198.51.100.77/24], ports: { ens3: } } }\n");
const DHCP = path.join(scratch, "dhcp.yaml");
writeFileSync(DHCP, "name: phys\nbridges: { br0: { addresses: [dhcp], ports: { ens3: } } }\n");
const LENT = path.join(scratch, "lent.yaml");
writeFileSync(LENT, "name: phys\nnamespaces: { red: { interfaces: { ens3: { existing: true, mtu: 1400 } } } }\n");

const ALL = 100;
test.each([
  ["apply", "of a bridge", ALONE, ALL],
  ["destroy", "of a bridge", ALONE, ALL],
  ["apply", "of a bridge of Open vSwitch", OVS, ALL],
  ["destroy", "of a bridge of Open vSwitch", OVS, ALL],
  ["apply", "of a bridge with addresses of its own", STATIC, 4],
  ["destroy", "of a bridge with addresses of its own", STATIC, 4],
  ["apply", "of a bridge that asks for an address", DHCP, 5],
  ["destroy", "of a bridge that asks for an address", DHCP, 5],
  ["apply", "of a loan", LENT, ALL],
  ["destroy", "of a loan", LENT, ALL],
] as const)(
  "%s %s killed at all sorts of commands (in a soak at every one): the machine comes back",
  { timeout: 900_000 },
  async (verb, _, file, most) => {
    const first = verb === "destroy" ? [["apply", "--yes", file]] : [];
    await withBox({ ovs: file === OVS }, async (box) => {
      await prepare(box, file === DHCP ? ["sh"] : []);
      await plugIn(box, "ens3", RICH);
      const before = await machineState(box);
      for (const args of first) await good(box, args);
      const points = await turnsOf(box, [verb, "--yes", file], most);
      await good(box, ["destroy", "--yes", file]);
      let killed = 0;
      for (const at of points) {
        for (const args of first) await good(box, args);
        const ran = await netlabWith(box, [verb, "--yes", file], { at, how: "tree" });
        if (ran.where !== "") killed++;
        await good(box, ["destroy", "--yes", file], ran.where);
        // A link that comes up is looked at for a second: whether somebody else has its link-local address.
        await expect.poll(() => machineState(box), { message: ran.where, timeout: 60_000, interval: 100 }).toBe(before);
      }
      expect(killed).toBe(points.length);
      figure("take-overs and returns killed", killed);
    });
  },
);

test.each([
  ["a bridge", ALONE, 4],
  ["a bridge of Open vSwitch", OVS, 4],
  ["a bridge that asks for an address", DHCP, 4],
  ["a loan", LENT, 3],
] as const)("apply of %s failing at every point is rolled back", { timeout: 900_000 }, async (_, file, most) => {
  await withBox({ ovs: file === OVS }, async (box) => {
    await prepare(box);
    await plugIn(box, "ens3", RICH);
    const before = await machineState(box);
    const last = await pointsOf(box, ["apply", "--yes", file]);
    await good(box, ["destroy", "--yes", file]);
    for (const at of spread(last, most)) {
      const ran = await netlabWith(box, ["apply", "--yes", file], { at, how: "fail" });
      expect([ran.code, ran.stderr], ran.where).toEqual([1, expect.stringContaining("Rolled back")]);
      await expect.poll(() => machineState(box), { message: ran.where, timeout: 60_000, interval: 100 }).toBe(before);
    }
    expect(await box.sh("ls /run/netlab 2>/dev/null || :")).toBe("");
  });
});
