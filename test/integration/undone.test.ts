// Somebody undoes what netlab has just done, as ovs-vswitchd now and then does: once it is done again, for ever it is a failure.
import { expect, test } from "vitest";
import { withBox } from "../helpers/box.js";
import { good, netlabWith, prepare, sameAs } from "../helpers/faults.js";

const LAB = `name: zoo
namespaces: { red: }
links: [{ endpoints: [{ end: "red:eth0", addresses: [10.0.0.1/24] }, host:p0] }]
`;
const APPLY = ["apply", "--yes", "/run/lab.yaml"];
/** Before a command that has p0 up returns, p0 is down again. */
const undo = (times: number) =>
  ({
    at: times,
    how: "undo",
    tool: "ip",
    env: { NETLAB_TIMEOUT: "2", FAULT_UNDO: "ip -o link show dev p0 up 2>&1 | grep -q p0 && ip link set p0 down" },
  }) as const;

test("once: it is done again, and said", () =>
  withBox({}, async (box) => {
    await prepare(box);
    await box.sh("cat >/run/lab.yaml", { input: LAB });
    const ran = await netlabWith(box, APPLY, undo(1));
    expect([ran.code, ran.points], ran.stderr).toEqual([0, 1]);
    expect(ran.stderr).toMatch(/interface:host\/p0 did not stay as it was made: doing what is missing once more/);
    await good(box, ["plan", "--detailed-exitcode", "/run/lab.yaml"]);
  }));

test("again and again: it fails, and all is put back", () =>
  withBox({}, async (box) => {
    await prepare(box);
    await box.sh("cat >/run/lab.yaml", { input: LAB });
    const before = await box.fingerprint();
    const ran = await netlabWith(box, APPLY, undo(1000));
    expect(ran.code, ran.stderr).toBe(1);
    expect(ran.points).toBeGreaterThan(1);
    expect(ran.stderr).toMatch(/yet interface:host\/p0 is not as declared/);
    expect(ran.stderr).toMatch(/Rolled back: lab zoo is as it was before/);
    await sameAs(box, before, ran.stderr);
  }));
