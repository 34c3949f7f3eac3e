// Tools and daemons that never answer: netlab waits for a bounded time, names them, and puts the lab back.
import { expect, test } from "vitest";
import { withBox } from "../helpers/box.js";
import { figure, good, inBoxes, LAB, netlabWith, pointsOfApply, prepare, sameAs, spread } from "../helpers/faults.js";

const LONG = { timeout: 3_600_000 };
/** Seconds for a command, with which netlab still ends: it hangs, is ended by TERM or KILL, and so is what comes back. */
const env = { NETLAB_TIMEOUT: "4" };
const BOUND = 90;
const APPLY = ["apply", "--yes", LAB];

test("a command that never ends is ended and named, and all is put back", LONG, async () => {
  const points = spread(await pointsOfApply(), 7);
  await inBoxes(points, async (box, at) => {
    const before = await box.fingerprint();
    const start = performance.now();
    const ran = await netlabWith(box, APPLY, { at, how: "hang", env });
    const about = `${ran.where}\n${ran.stderr.slice(-1500)}`;
    expect(performance.now() - start, about).toBeLessThan(BOUND * 1000);
    expect(ran.code, about).toBe(1);
    expect(ran.stderr, about).toMatch(/Step \d+ failed: .*/);
    expect(ran.stderr, about).toMatch(/(ip|nft|ovs-vsctl|sysctl|ethtool) (did not end|got no answer) within [34] s/);
    expect(ran.stderr, about).toMatch(/Rolled back: lab faults is as it was before/);
    await sameAs(box, before, about);
  });
  figure("commands hung", points.length);
});

test("ovs-vswitchd that is stopped: apply is rolled back, destroy says what is left", LONG, () =>
  withBox({ ovs: true }, async (box) => {
    await prepare(box);
    const before = await box.fingerprint();
    const signal = (name: string) => box.sh(`kill -${name} $(cat /run/openvswitch/ovs-vswitchd.pid)`);
    await signal("STOP");
    const ran = await box.netlab(APPLY, { env });
    expect(ran.code, ran.stderr).toBe(1);
    expect(ran.stderr).toMatch(/ovs-vsctl (did not end|got no answer) within [34] s/);
    expect(ran.stderr).toMatch(/ovs-vswitchd/);
    await signal("CONT");
    await sameAs(box, before, ran.stderr);

    await good(box, APPLY);
    await signal("STOP");
    const edit = await box.netlab(["apply", "--yes", LAB.replace(".yaml", "-edited.yaml")], { env });
    expect(edit.code, edit.stderr).toBe(1);
    expect(edit.stderr).toMatch(/ovs-vsctl (did not end|got no answer) within [34] s/);
    const end = await box.netlab(["destroy", "--yes", LAB], { env });
    expect(end.code, end.stderr).toBe(1);
    await signal("CONT");
    await good(box, APPLY);
    await good(box, ["plan", "--detailed-exitcode", LAB]);
    await good(box, ["destroy", "--yes", LAB]);
    await sameAs(box, before, "destroyed");
    figure("daemons stopped", 3);
  }),
);

test("ovs-vsctl that never answers: plan and apply end in time and change nothing", LONG, () =>
  withBox({ ovs: true }, async (box) => {
    await prepare(box);
    const before = await box.fingerprint();
    for (const words of [["plan", LAB], APPLY]) {
      const ran = await netlabWith(box, words, {
        at: 1,
        how: "hang",
        scope: "all",
        tool: "ovs-vsctl",
        sticky: true,
        env,
      });
      expect(ran.code, ran.stderr).toBe(1);
      expect(ran.stderr).toMatch(/ovsdb-server does not answer within \d s/);
      await sameAs(box, before, ran.stderr);
    }
  }),
);

test("a read that never ends is named, and nothing was changed", LONG, async () => {
  const points = spread(await pointsOfApply({ scope: "read" }), 3);
  await inBoxes(points, async (box, at) => {
    const before = await box.fingerprint();
    const ran = await netlabWith(box, APPLY, { at, how: "hang", scope: "read", env });
    const about = `${ran.where}\n${ran.stderr.slice(-1500)}`;
    expect(ran.code, about).toBe(1);
    expect(ran.stderr, about).toMatch(
      /did not end within \d+ s|does not answer within \d+ s|got no answer|cannot lock/,
    );
    await sameAs(box, before, about);
  });
  figure("reads hung", points.length);
});
