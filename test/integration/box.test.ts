// The box that the other integration tests stand on: it is private, it can be compared, and it leaves nothing.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readlinkSync } from "node:fs";
import { expect, test } from "vitest";
import { Box, withBox } from "../helpers/box.js";

test("two boxes and this machine do not see each other", async () => {
  await withBox({}, (one) =>
    withBox({}, async (two) => {
      await one.sh("ip netns add red; ip link add br0 type bridge; mkdir -p /run/netlab/x");
      expect(await two.sh("ip -o link show; ls /run")).not.toMatch(/br0|netns|netlab/);
      expect(await one.sh("ip netns list")).toBe("red\n");
      expect(readlinkSync(`/proc/${one.pid}/ns/net`)).not.toBe(readlinkSync("/proc/self/ns/net"));
    }),
  );
});

test("the fingerprint is the same after things are made and removed, and shows each while it is there", async () => {
  await withBox({ ovs: true }, async (box) => {
    const before = await box.fingerprint();
    const changes: [make: string, remove: string][] = [
      ["ip netns add red", "ip netns del red"],
      ["ip link add br0 type bridge", "ip link del br0"],
      ["ip addr add 192.0.2.1/32 dev lo", "ip addr del 192.0.2.1/32 dev lo"],
      ["ip route add blackhole 192.0.2.0/24 table 7", "ip route del blackhole 192.0.2.0/24 table 7"],
      ["ip -6 rule add from 2001:db8::/32 table 7", "ip -6 rule del from 2001:db8::/32 table 7"],
      ["nft add table inet t", "nft delete table inet t"],
      ["sysctl -w net.ipv4.ip_forward=1", "sysctl -w net.ipv4.ip_forward=0"],
      ["ovs-vsctl --no-wait add-br b0 -- set bridge b0 datapath_type=netdev", "ovs-vsctl --timeout=10 del-br b0"],
      ["mkdir -p /run/netlab/x", "rm -r /run/netlab"],
    ];
    for (const [make, remove] of changes) {
      await box.sh(make);
      expect(await box.fingerprint(), make).not.toBe(before);
      await box.sh(remove);
      await expect.poll(() => box.fingerprint(), { timeout: 60_000, message: remove }).toBe(before);
    }
  });
});

test("a command gets its input and environment, and gives output and exit code", async () => {
  await withBox({}, async (box) => {
    const ran = await box.run(["sh", "-c", 'cat; echo "$WORD" >&2; exit 3'], { input: "in", env: { WORD: "err" } });
    expect(ran).toEqual({ code: 3, stdout: "in", stderr: "err\n" });
    await expect(box.sh("echo no >&2; false")).rejects.toThrow(/exit 1: .*no/s);
  });
});

test("a signal reaches the command itself", async () => {
  await withBox({}, async (box) => {
    const running = box.start([
      "bash",
      "-c",
      "trap 'echo got it; exit 9' INT; echo ready; while :; do read -t 1 <> <(:); done",
    ]);
    await running.until(/ready/);
    expect(running.kill("SIGINT")).toBe(true);
    expect(await running.ended).toMatchObject({ code: 9, stdout: "ready\ngot it\n" });
    expect(running.kill("SIGINT")).toBe(false);
  });
});

test("closing a box ends what runs in it, daemons too", async () => {
  const box = await Box.open({ ovs: true });
  const running = box.start(["sh", "-c", "setsid sleep 1000 & echo ready; wait"]);
  await running.until(/ready/);
  await box.close();
  expect((await running.ended).code).toBe(137);
  expect(existsSync(`/proc/${box.pid}`)).toBe(false);
});

test("a box ends with the process that holds it", async () => {
  const script = `import { openBox } from "./scripts/box.mjs"; console.log((await openBox()).pid);`;
  const holder = spawn(process.execPath, ["--input-type=module", "-e", script]);
  const [line] = await once(holder.stdout, "data");
  const pid = Number(String(line));
  expect(existsSync(`/proc/${pid}/ns/net`)).toBe(true);
  holder.kill("SIGKILL");
  await expect.poll(() => existsSync(`/proc/${pid}`), { timeout: 60_000 }).toBe(false);
});
