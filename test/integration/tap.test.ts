// Tap devices on the real kernel: a program attaches to one, sends a frame, and gets the lab's answer.
import path from "node:path";
import { expect, test } from "vitest";
import { type Box, withBox } from "../helpers/box.js";
import { noOthers } from "../helpers/user.js";

const PROGRAM = path.resolve(import.meta.dirname, "../helpers/arp-through-tap.pl");
const MAC = "02:00:00:00:11:01";

/** Who answers to a program at the tap. */
async function ask(box: Box, at: { place?: string; tap: string; as?: string }, wanted: string) {
  const inside = at.place ? ["nsenter", `--net=/run/netns/${at.place}`] : [];
  const as = at.as ? ["setpriv", "--reuid", at.as, "--clear-groups"] : [];
  const device = at.as ? "/run/tun" : "/dev/net/tun";
  return box.run([...inside, ...as, "perl", PROGRAM, at.tap, device, "10.9.0.9", wanted]);
}

async function apply(box: Box, topology: string) {
  const ran = await box.netlab(["apply", "--yes", "-"], { input: topology });
  expect(ran, ran.stderr).toMatchObject({ code: 0 });
  const again = await box.netlab(["plan", "--detailed-exitcode", "-"], { input: topology });
  expect(again, again.stdout).toMatchObject({ code: 0 });
}

test.each(["linux", "ovs"])("as a port of a bridge (%s) it reaches the lab behind the bridge", async (kind) => {
  await withBox({ ovs: kind === "ovs" }, async (box) => {
    const before = await box.fingerprint();
    await apply(
      box,
      `
name: taps
namespaces: { red: { interfaces: { eth0: { addresses: [10.9.0.1/24], mac: "${MAC}" } } } }
bridges: { sw0: { kind: ${kind} } }
host: { interfaces: { tap0: { kind: tap, bridge: sw0 } } }
links: [{ endpoints: [red:eth0, sw0] }]`,
    );
    expect(await ask(box, { tap: "tap0" }, "10.9.0.1")).toMatchObject({ code: 0, stdout: `10.9.0.1 is at ${MAC}\n` });
    expect(await box.netlab(["destroy", "--yes", "--lab", "taps"])).toMatchObject({ code: 0 });
    await expect.poll(() => box.fingerprint(), { timeout: 60_000, interval: 200 }).toBe(before);
  });
});

test("alone in a namespace it has addresses, and its owner may attach without being root", async ({ skip }) => {
  if (noOthers) skip(noOthers);
  await withBox({}, async (box) => {
    await apply(
      box,
      `
name: taps
namespaces: { vm: { interfaces: { tap0: { kind: tap, owner: nobody, addresses: [10.9.0.1/24], mac: "${MAC}" } } } }`,
    );
    await box.sh("mknod -m 666 /run/tun c 10 200");
    const at = { place: "vm", tap: "tap0" };
    expect(await ask(box, { ...at, as: "daemon" }, "10.9.0.1")).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/not permitted/),
    });
    const ours = await ask(box, { ...at, as: "nobody" }, "10.9.0.1");
    expect(ours).toMatchObject({ code: 0, stdout: `10.9.0.1 is at ${MAC}\n` });
    // The program has ended; the tap stays.
    expect(await box.netlab(["show", "--lab", "taps"])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/tap0/),
    });
  });
});

test("what is unlike the file is made again, and a tap of somebody else's is a conflict", async ({ skip }) => {
  if (noOthers) skip(noOthers);
  await withBox({}, async (box) => {
    const file = (owner: string) =>
      `{ name: taps, bridges: { br0: }, host: { interfaces: { tap0: { kind: tap, bridge: br0, owner: ${owner} } } } }`;
    await box.sh("ip tuntap add dev tap0 mode tap user root");
    const refused = await box.netlab(["apply", "--yes", "-"], { input: file("root") });
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringMatching(/tap:host\/tap0 is there already/) });
    await box.sh("ip link delete tap0");
    await apply(box, file("root"));
    await apply(box, file("nobody"));
    expect(await box.sh("ip -d -j link show tap0")).toMatch(/"user":"nobody"/);
  });
});

test("one that is not yet marked, because netlab was killed, is known by the journal", async () => {
  await withBox({}, async (box) => {
    const topology = "{ name: taps, host: { interfaces: { tap0: { kind: tap, addresses: [10.9.0.1/24] } } } }";
    await box.sh(`mkdir -p /run/netlab/taps; ip tuntap add dev tap0 mode tap user root
      echo '{"format":1,"namespaces":[],"devices":["host/tap0"],"sysctls":{},"routes":[]}' >/run/netlab/taps/journal.json`);
    await apply(box, topology);
    expect(await box.sh("ls /run")).not.toMatch(/netlab/);
    await box.sh(`ip link set dev tap0 alias "" group 0; mkdir -p /run/netlab/taps
      echo '{"format":1,"namespaces":[],"devices":["host/tap0"],"sysctls":{},"routes":[]}' >/run/netlab/taps/journal.json`);
    expect(await box.netlab(["destroy", "--yes", "--lab", "taps"])).toMatchObject({ code: 0 });
    expect(await box.sh("ls /run; ip -br link")).not.toMatch(/netlab\n|tap0/);
  });
});
