// Somebody undoes what netlab has just done, as ovs-vswitchd now and then does: once it is done again, for ever it is a failure.
import { expect, test } from "vitest";
import { type Box, withBox } from "../helpers/box.js";
import { good, sameAs } from "../helpers/faults.js";

const LAB = `name: zoo
namespaces: { red: }
links: [{ endpoints: [{ end: "red:eth0", addresses: [10.0.0.1/24] }, host:p0] }]
`;
const env = { NETLAB_TIMEOUT: "2" };

/** Takes p0 down when it comes up: `times` times. */
async function undo(box: Box, times: number): Promise<void> {
  const script = `ip monitor link | { left=${times}
    while test $left -gt 0 && read -r line; do
      case $line in *" p0"*"<"*,UP*) ip link set p0 down; left=$((left - 1)) ;; esac
    done; }`;
  box.start(["sh", "-c", script]).ended.catch(() => {}); // it ends with the box
  await expect.poll(async () => (await box.run(["pgrep", "-x", "ip"])).code, { timeout: 5000 }).toBe(0);
}

test("once: it is done again, and said", () =>
  withBox({}, async (box) => {
    await box.sh("cat >/run/lab.yaml", { input: LAB });
    await undo(box, 1);
    const ran = await box.netlab(["apply", "--yes", "/run/lab.yaml"], { env });
    expect(ran.code, ran.stderr).toBe(0);
    expect(ran.stderr).toMatch(/interface:host\/p0 did not stay as it was made: doing what is missing once more/);
    await good(box, ["plan", "--detailed-exitcode", "/run/lab.yaml"]);
  }));

test("again and again: it fails, and all is put back", () =>
  withBox({}, async (box) => {
    await box.sh("cat >/run/lab.yaml", { input: LAB });
    const before = await box.fingerprint();
    await undo(box, 1000);
    const ran = await box.netlab(["apply", "--yes", "/run/lab.yaml"], { env });
    expect(ran.code, ran.stderr).toBe(1);
    expect(ran.stderr).toMatch(/yet interface:host\/p0 is not as declared/);
    expect(ran.stderr).toMatch(/Rolled back: lab zoo is as it was before/);
    await box.sh("pkill -x ip");
    await sameAs(box, before, ran.stderr);
  }));
