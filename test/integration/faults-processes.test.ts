// Processes in the namespaces of a lab: destroy names and ends them, and no others.
import { expect, test } from "vitest";
import { type Box, withBox } from "../helpers/box.js";
import { EDITED, figure, GO, good, LAB, prepare, sameAs, startWith, whereIn } from "../helpers/faults.js";

/** Starts a process that is known by its name in the list of processes; waits until it is there. */
async function start(box: Box, name: string, command: string[]): Promise<void> {
  box.start(command).ended.catch(() => {}); // it is killed, or ends with the box
  await expect.poll(() => runs(box, name), { timeout: 60_000 }).toBe(true);
}

const runs = async (box: Box, name: string): Promise<boolean> => (await box.run(["pgrep", "-f", name])).code === 0;

test("a server in the lab, one that ignores TERM, and strangers", { timeout: 300_000 }, () =>
  withBox({ ovs: true }, async (box) => {
    await prepare(box);
    const before = await box.fingerprint();
    await good(box, ["apply", "--yes", LAB]);
    await box.sh("ip netns add stranger; ip -n stranger link set lo up");
    await start(box, "1000[.]1", ["ip", "netns", "exec", "red", "sleep", "1000.1"]);
    await start(box, "1000[.]2", [
      "ip",
      "netns",
      "exec",
      "vm",
      "sh",
      "-c",
      "trap '' TERM; while :; do sleep 1000.2; done",
    ]);
    await start(box, "1000[.]3", ["ip", "netns", "exec", "stranger", "sleep", "1000.3"]);
    await start(box, "1000[.]4", ["sleep", "1000.4"]);

    // The edit removes vm: its process is named and ended, that in red lives on.
    const plan = await good(box, ["plan", EDITED]);
    expect(plan.stdout).toMatch(/- +process +.*1000\.2/);
    expect(plan.stdout).not.toMatch(/1000\.[134]/);
    await good(box, ["apply", "--yes", EDITED]);
    expect(await runs(box, "1000[.]2")).toBe(false);
    expect(await runs(box, "1000[.]1")).toBe(true);

    const end = await good(box, ["destroy", "--yes", LAB]);
    expect(end.stderr).toMatch(/- +process +.*1000\.1/);
    expect(end.stderr).not.toMatch(/1000\.[34]/);
    expect(await runs(box, "1000[.]1")).toBe(false);
    for (const name of ["1000[.]3", "1000[.]4"]) expect(await runs(box, name)).toBe(true);

    await box.sh("pkill -f '1000[.][34]'; ip netns delete stranger");
    await sameAs(box, before, "destroyed");
    figure("processes ended in a lab, others untouched", 4);
  }),
);

test("one that comes, and one that comes again, between the plan and the deletion", { timeout: 300_000 }, () =>
  withBox({ ovs: true }, async (box) => {
    await prepare(box);
    const before = await box.fingerprint();
    await good(box, ["apply", "--yes", LAB]);
    await start(box, "1000[.]5", [
      "sh",
      "-c",
      "while ip netns exec red sleep 1000.5 || test -e /run/netns/red; do :; done",
    ]);
    const destroy = await startWith(box, ["destroy", "--yes", "-v", LAB], { at: 1, how: "hang", tool: "ip" });
    await expect.poll(() => whereIn(box), { timeout: 30_000 }).not.toBe("");
    await start(box, "1000[.]6", ["nsenter", "--net=/run/netns/vm", "sleep", "1000.6"]);
    await expect.poll(() => runs(box, "^sleep 1000[.]5"), { timeout: 60_000 }).toBe(true);
    await box.sh(`touch ${GO}`);

    const ended = await destroy.ended;
    expect(ended.code, ended.stderr).toBe(0);
    for (const name of ["1000[.]5", "1000[.]6"]) expect(await runs(box, `^sleep ${name}`), name).toBe(false);
    await sameAs(box, before, ended.stderr);
  }),
);
