// The life of a sandbox: made, found again, ended in every way, and nothing left. An ordinary user, on the real kernel.
import path from "node:path";
import { expect, test } from "vitest";
import type { Box } from "../helpers/box.js";
import { noOthers, type User, withUser } from "../helpers/user.js";

const EXAMPLES = path.resolve(import.meta.dirname, "../../examples");
const PAIR = path.join(EXAMPLES, "01-veth-pair.yaml");
const OVS = path.join(EXAMPLES, "03-ovs-veth.yaml");

/** The holder's number in the box. */
async function holder(box: Box, user: User, lab: string): Promise<number> {
  return JSON.parse(await box.sh(`cat ${user.runtime}/netlab/${lab}.json`)).pid;
}

test("when its holder is killed, all of it is gone; the record is recognised and removed", () =>
  withUser(async (user, box) => {
    const before = await user.traces();
    await user.succeeds(["apply", "--sandbox", "--yes", OVS]);
    expect(await user.traces()).toMatch(/ovs-vswitchd/);
    await box.sh(`kill -KILL ${await holder(box, user, "ovs-veth")}`);
    const leftover = `${user.runtime}/netlab`;
    await expect
      .poll(async () => (await user.traces()).split("\n").filter((line) => !line.startsWith(leftover)), {
        timeout: 30_000,
      })
      .toEqual(before.split("\n"));
    expect(await user.netlab(["show", OVS])).toMatchObject({ code: 0, stderr: expect.stringMatching(/has ended/) });
    await user.succeeds(["apply", "--sandbox", "--yes", OVS]);
    const pid = await holder(box, user, "ovs-veth");
    await box.sh(`kill -KILL ${pid}`);
    await expect.poll(() => box.sh(`cat /proc/${pid}/cmdline || :`), { timeout: 30_000 }).toBe("");
    expect(await user.succeeds(["destroy", "--yes", OVS])).toMatch(/had ended; its record is removed/);
  }));

test("a holder that is still ending counts as ended", ({ skip }) => {
  if (noOthers) skip(noOthers);
  return withUser(async (user, box) => {
    await user.succeeds(["apply", "--sandbox", "--yes", "-"], { input: "name: slow\nnamespaces: { one: }\n" });
    const pid = await holder(box, user, "slow");
    // The kernel waits until the parent of the last process has taken note of its end: pid_namespaces(7).
    const script = `nsenter -t ${pid} --pid sh -c 'echo inside; exec sleep infinity' & echo parent $!; wait`;
    const stays = box.start(["sh", "-c", script]);
    await stays.until(/inside/);
    const parent = /parent (\d+)/.exec(stays.stdout)![1];
    await box.sh(`kill -STOP ${parent}; kill -KILL ${pid}`);
    const namespaces = () => box.sh(`readlink /proc/${pid}/ns/net || echo none`);
    await expect.poll(namespaces, { timeout: 30_000 }).toBe("none\n");
    expect((await user.netlab(["list", "--names"])).stdout).toBe("");
    const destroyed = user.succeeds(["destroy", "--yes", "--lab", "slow"]);
    await box.sh(`kill -CONT ${parent}`);
    expect(await destroyed).toMatch(/had ended; its record is removed/);
    await stays.ended;
  });
});

test("a record of another process, of another boot, or broken, is not believed", () =>
  withUser(async (user, box) => {
    const file = `${user.runtime}/netlab/veth-pair.json`;
    const write = (input: string) =>
      box.sh(
        `mkdir -p ${user.runtime}/netlab; cat >${file}; chmod 700 ${user.runtime}/netlab
        chown -R --reference=${user.runtime} ${user.runtime}/netlab`,
        { input },
      );
    const names = async () => (await user.netlab(["list", "--names"])).stdout.trim();
    await user.succeeds(["apply", "--sandbox", "--yes", PAIR]);
    const text = await box.sh(`cat ${file}`);
    const record = JSON.parse(text);
    expect(await names()).toBe("veth-pair");
    const others = [{ started: `1${record.started}` }, { boot: "other" }, { pid: 1 }];
    for (const input of [...others.map((other) => JSON.stringify({ ...record, ...other })), "{"]) {
      await write(input);
      expect(await names()).toBe("");
      expect(await user.succeeds(["destroy", "--yes", "--lab", "veth-pair"])).toMatch(/its record is removed/);
    }
    await write(text);
    await user.succeeds(["destroy", "--yes", PAIR]);
  }));

test("two applies at once make one sandbox", () =>
  withUser(async (user, box) => {
    await Promise.all([1, 2, 3].map(() => user.succeeds(["apply", "--sandbox", "--yes", PAIR])));
    expect((await user.traces()).match(/sleep infinity/g)).toHaveLength(1);
    await holder(box, user, "veth-pair");
    await user.succeeds(["destroy", "--yes", PAIR]);
  }));

/** The netlab inside comes to a halt when it starts, until `go` is there; then it fails, or goes on. */
const HALT = `
const { existsSync, writeFileSync } = require("node:fs");
const { HALT: at, FAIL } = process.env;
if (at && process.env.NETLAB_SANDBOX_CALL && process.argv.includes("apply")) {
  writeFileSync(at + ".halted", "");
  while (!existsSync(at + ".go")) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
  if (FAIL) process.exit(1);
}`;

test("an apply that fails leaves a sandbox alone that another one uses, or has finished a lab in", () =>
  withUser(async (user, box) => {
    const input = "name: shared\nnamespaces: { one: }\n";
    await box.sh(`cat >${user.runtime}/halt.cjs`, { input: HALT });
    const at = (name: string) => `${user.runtime}/${name}`;
    const halted = async (name: string, env: Record<string, string> = {}) => {
      const requires = { NODE_OPTIONS: `--require ${at("halt.cjs")}`, HALT: at(name), ...env };
      const ran = user.netlab(["apply", "--sandbox", "--yes", "-"], { input, env: requires });
      await expect.poll(() => box.sh(`ls ${user.runtime}`), { timeout: 60_000 }).toContain(`${name}.halted`);
      return async () => {
        await box.sh(`touch ${at(name)}.go`);
        return (await ran).code;
      };
    };
    const [maker, late] = [await halted("maker", { FAIL: "1" }), await halted("late", { FAIL: "1" })];
    const worker = await halted("worker");
    expect(await maker()).toBe(1);
    expect(await worker()).toBe(0);
    expect(await late()).toBe(1);
    await user.succeeds(["plan", "--detailed-exitcode", "-"], { input });
    await user.succeeds(["destroy", "--yes", "-"], { input });
    const [first, last] = [await halted("first", { FAIL: "1" }), await halted("last", { FAIL: "1" })];
    expect([await first(), await last()]).toEqual([1, 1]);
    await box.sh(`rm ${user.runtime}/*.halted ${user.runtime}/*.go ${at("halt.cjs")}`);
  }));

test("the end of the terminal is not its end", () =>
  withUser(async (user) => {
    const cli = `${process.execPath} ${path.resolve("dist/cli.js")}`;
    const ran = await user.sh(`script -qec "${cli} apply --sandbox --yes ${PAIR}; kill -HUP 0" /dev/null`);
    expect(ran.stdout).toMatch(/veth-pair: \d+ created, verified/);
    await user.succeeds(["check", PAIR]);
    await user.succeeds(["destroy", "--yes", PAIR]);
  }));

test("an apply that is interrupted puts the lab back, and its sandbox goes", () =>
  withUser(async (user) => {
    const words = [process.execPath, path.resolve("dist/cli.js"), "apply", "--sandbox", "--yes", "--verbose"];
    const apply = user.start([...words, path.join(EXAMPLES, "campus.yaml")], { env: { NETLAB_BATCH: "single" } });
    await apply.until(/\$ ip|ip .*link add|ip netns add/);
    apply.kill("SIGTERM");
    expect(await apply.ended).toMatchObject({ code: 143 });
  }));

test("where no sandbox can be made, the setting and the cure are named", () =>
  withUser(async (user) => {
    const none = await user.sh(
      `exec unshare --user --map-root-user sh -c 'echo 0 >/proc/sys/user/max_user_namespaces; exec setpriv --bounding-set -all,+setfcap --inh-caps -all "$@"' sh ${process.execPath} ${path.resolve("dist/cli.js")} apply --sandbox ${PAIR}`,
    );
    expect(none).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/user\.max_user_namespaces is 0\n.*sysctl -w/),
    });
  }));

test("a destroy ends the sandbox with what it cannot look at: Open vSwitch is gone and does not start", () =>
  withUser(async (user) => {
    await user.succeeds(["apply", "--sandbox", "--yes", OVS]);
    const script = "cd /run/openvswitch; kill -KILL $(cat *.pid); rm db.sock; sed -i 1iOVSDB conf.db";
    await user.succeeds(["exec", "--sandbox", "--lab", "ovs-veth", "host", "--", "sh", "-c", script]);
    expect(await user.succeeds(["destroy", "--yes", OVS])).toMatch(
      /What is left of lab ovs-veth has ended with its sandbox/,
    );
  }));

test("a device that may not be read is named with the cure, and no sandbox stays", ({ skip }) => {
  if (noOthers) skip(noOthers);
  return withUser(async (user, box) => {
    await box.sh("chmod 600 /dev/net/tun");
    const tun = await user.netlab(["apply", "--sandbox", "--yes", OVS]);
    expect(tun).toMatchObject({ code: 1, stderr: expect.stringMatching(/\/dev\/net\/tun.*\n.*chmod 666/) });
  });
});
