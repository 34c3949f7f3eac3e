// Labs without root: an ordinary user, on the real kernel. Every sandbox stands in a box, so that what it leaves is seen.
import { readdirSync } from "node:fs";
import path from "node:path";
import { describe, expect, test, vi } from "vitest";
import { type Box, withBox } from "../helpers/box.js";
import { physicalIn } from "../helpers/physical.js";
import { noOthers, User } from "../helpers/user.js";

const EXAMPLES = path.resolve(import.meta.dirname, "../../examples");
const example = (name: string) => path.join(EXAMPLES, name);
const PAIR = example("01-veth-pair.yaml");
const OVS = example("03-ovs-veth.yaml");
const SIDE_BY_SIDE = 20;
const files = readdirSync(EXAMPLES, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".yaml"))
  .sort();
// A sandbox has no interface of the machine.
const [physical, virtual] = [true, false].map((is) =>
  files.filter((file) => (physicalIn(example(file)) !== undefined) === is),
) as [string[], string[]];

/** A user in a box, of whom nothing may be left at the end. */
async function withUser(use: (user: User, box: Box) => Promise<void>): Promise<void> {
  await withBox({}, async (box) => {
    const user = await User.of(box);
    const before = await user.traces();
    await use(user, box);
    await vi.waitFor(async () => expect(await user.traces()).toBe(before), { timeout: 10_000, interval: 100 });
  });
}

describe.concurrent.each(virtual)("%s as an ordinary user", (name) => {
  test("is applied, checked, shown, unchanged when planned again, and destroyed without a trace", () =>
    withUser(async (user) => {
      await user.succeeds(["apply", "--sandbox", "--yes", example(name)]);
      await user.succeeds(["check", example(name)]);
      await user.succeeds(["plan", "--detailed-exitcode", example(name)]);
      expect(await user.succeeds(["show", example(name)])).toMatch(/is as the file says/);
      const [lab] = JSON.parse((await user.netlab(["list", "--json"])).stdout).labs;
      expect(lab).toMatchObject({ sandbox: true });
      expect((await user.netlab(["list", "--namespaces"])).stdout.trim().split("\n")).toEqual(lab.namespaces);
      expect(await user.succeeds(["exec", lab.namespaces[0], "ip", "-br", "a"])).toMatch(/^lo/);
      await user.succeeds(["destroy", "--yes", example(name)]);
    }));
});

test.each(physical)("%s is refused, and leaves no sandbox", (name) =>
  withUser(async (user) => {
    const ran = await user.netlab(["apply", "--sandbox", "--yes", example(name)]);
    expect(ran.code, ran.stderr).toBe(1);
    expect(ran.stderr).toMatch(/the host has no interface of that name/);
    expect(JSON.parse((await user.netlab(["list", "--json"])).stdout).labs).toEqual([]);
  }),
);

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
      .poll(async () => (await user.traces()).split("\n").filter((line) => !line.startsWith(leftover)))
      .toEqual(before.split("\n"));
    expect(await user.netlab(["show", OVS])).toMatchObject({ code: 0, stderr: expect.stringMatching(/has ended/) });
    await user.succeeds(["apply", "--sandbox", "--yes", OVS]);
    await box.sh(`kill -KILL ${await holder(box, user, "ovs-veth")}`);
    expect(await user.succeeds(["destroy", "--yes", OVS])).toMatch(/had ended; its record is removed/);
  }));

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

test(
  `${SIDE_BY_SIDE} sandboxes with the same topology stand side by side, and none sees another`,
  () =>
    withUser(async (_, box) => {
      const users = await Promise.all(
        Array.from({ length: SIDE_BY_SIDE }, (_, index) => User.of(box, { session: `-${index}` })),
      );
      await Promise.all(users.map((user) => user.succeeds(["apply", "--sandbox", "--yes", OVS])));
      await Promise.all(users.map((user) => user.succeeds(["check", OVS])));
      await users[0]!.succeeds(["exec", "oak", "ip", "link", "set", "eth0", "down"]);
      const codes = users.map(async (user) => (await user.netlab(["plan", "--detailed-exitcode", OVS])).code);
      expect(await Promise.all(codes)).toEqual([2, ...users.slice(1).map(() => 0)]);
      const lists = users.map(async (user) => (await user.netlab(["list", "--names"])).stdout);
      expect(await Promise.all(lists)).toEqual(users.map(() => "ovs-veth\n"));
      await Promise.all(users.map((user) => user.succeeds(["destroy", "--yes", OVS])));
      await box.sh(users.map(({ runtime }) => `rmdir ${runtime}`).join("\n"));
    }),
  240_000,
);

test("two applies at once make one sandbox", () =>
  withUser(async (user, box) => {
    await Promise.all([1, 2, 3].map(() => user.succeeds(["apply", "--sandbox", "--yes", PAIR])));
    expect((await user.traces()).match(/sleep infinity/g)).toHaveLength(1);
    await holder(box, user, "veth-pair");
    await user.succeeds(["destroy", "--yes", PAIR]);
  }));

test("the end of the terminal is not its end", () =>
  withUser(async (user) => {
    const cli = `${process.execPath} ${path.resolve("dist/cli.js")}`;
    const ran = await user.sh(`script -qec "${cli} apply --sandbox --yes ${PAIR}; kill -HUP 0" /dev/null`);
    expect(ran.stdout).toMatch(/veth-pair: \d+ created, verified/);
    await user.succeeds(["check", PAIR]);
    await user.succeeds(["destroy", "--yes", PAIR]);
  }));

test("the topology may come from standard input, a pipe, or a file that the sandbox does not see", () =>
  withUser(async (user, box) => {
    await box.sh(`cp ${PAIR} /run/pair.yaml`);
    for (const way of [`netlab apply --yes --sandbox - <${PAIR}`, `cat ${PAIR} | netlab check -`]) {
      const ran = await user.sh(way);
      expect(ran, ran.stderr).toMatchObject({ code: 0 });
    }
    await user.succeeds(["plan", "--detailed-exitcode", "pair.yaml"], { cwd: "/run" });
    await user.succeeds(["plan", "--out", `${user.runtime}/plan`, "/run/pair.yaml"]);
    await user.succeeds(["apply", "--yes", `${user.runtime}/plan`]);
    await user.succeeds(["destroy", "--yes", "pair.yaml"], { cwd: "/run" });
    await user.succeeds(["plan", "--sandbox", "--out", `${user.runtime}/plan`, "/run/pair.yaml"]);
    await user.succeeds(["apply", "--yes", `${user.runtime}/plan`]);
    await user.succeeds(["destroy", "--yes", "--lab", "veth-pair"]);
    await box.sh(`rm /run/pair.yaml ${user.runtime}/plan`);
  }));

test("`sandbox: true` in the file is enough; --no-sandbox is stronger", () =>
  withUser(async (user) => {
    const input = "name: quiet\nsandbox: true\nnamespaces: { one: }\n";
    expect(await user.netlab(["apply", "--yes", "--no-sandbox", "-"], { input })).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/needs root.*\n.*--sandbox/),
    });
    await user.succeeds(["plan", "-"], { input });
    await user.succeeds(["apply", "--yes", "-"], { input });
    await user.succeeds(["exec", "one", "true"]);
    expect(await user.netlab(["exec", "one", "--", "sh", "-c", "exit 7"])).toMatchObject({ code: 7 });
    expect(await user.netlab(["exec", "--lab", "quiet", "none", "true"])).toMatchObject({ code: 1 });
    await user.succeeds(["destroy", "--yes", "-"], { input });
    expect(await user.succeeds(["destroy", "--yes", "-"], { input })).toMatch(/has no sandbox/);
  }));

test("a name that is in several sandboxes needs --lab", () =>
  withUser(async (user) => {
    const lab = (name: string) => `name: ${name}\nnamespaces: { one: }\n`;
    for (const name of ["left", "right"])
      await user.succeeds(["apply", "--sandbox", "--yes", "-"], { input: lab(name) });
    expect(await user.netlab(["exec", "one", "true"])).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/left, right/),
    });
    await user.succeeds(["exec", "--lab", "left", "one", "true"]);
    for (const name of ["left", "right"]) await user.succeeds(["destroy", "--yes", "--lab", name]);
  }));

test("another user cannot enter", ({ skip }) => {
  if (noOthers) skip(noOthers);
  return withUser(async (user, box) => {
    await user.succeeds(["apply", "--sandbox", "--yes", "-"], { input: "name: mine\nnamespaces: { one: }\n" });
    const other = await User.of(box, { uid: 65533 });
    expect(await other.netlab(["exec", "one", "true"])).toMatchObject({ code: 1 });
    const pid = String(await holder(box, user, "mine"));
    expect(await other.run(["nsenter", "-t", pid, "-U", "--preserve-credentials", "-n", "true"])).toMatchObject({
      code: 1,
    });
    await user.succeeds(["destroy", "--yes", "--lab", "mine"]);
    await box.sh(`rmdir ${other.runtime}`);
  });
});

test("a shell opens in the namespace and says so", () =>
  withUser(async (user) => {
    await user.succeeds(["apply", "--sandbox", "--yes", PAIR]);
    const { labs } = JSON.parse((await user.netlab(["list", "--json"])).stdout);
    const place = labs[0].namespaces[0];
    const cli = `${process.execPath} ${path.resolve("dist/cli.js")}`;
    const ran = await user.sh(`script -qec "env SHELL=/bin/bash ${cli} shell ${place}" /dev/null`, {
      input: "ip netns identify $$; exit 5\n",
    });
    expect(ran.stdout).toContain(`[${labs[0].name}/${place}]`);
    expect(ran.stdout).toMatch(new RegExp(`^${place}\\s*$`, "m"));
    expect(ran.code).toBe(5);
    await user.succeeds(["destroy", "--yes", PAIR]);
  }));

test("an apply that is interrupted puts the lab back, and its sandbox goes", () =>
  withUser(async (user) => {
    const words = [process.execPath, path.resolve("dist/cli.js"), "apply", "--sandbox", "--yes", "--verbose"];
    const apply = user.start([...words, example("campus.yaml")], { env: { NETLAB_BATCH: "single" } });
    await apply.until(/\$ ip|ip .*link add|ip netns add/);
    apply.kill("SIGTERM");
    expect(await apply.ended).toMatchObject({ code: 143 });
  }));

test("a netlab that a signal ends inside before it listens is told as shells tell it", () =>
  withUser(async (user, box) => {
    await user.succeeds(["apply", "--sandbox", "--yes", PAIR]);
    await box.sh(
      `echo 'if (process.env.NETLAB_SANDBOX_CALL) process.kill(process.pid, "SIGTERM");' >${user.runtime}/end.cjs`,
    );
    const env = { NODE_OPTIONS: `--require ${user.runtime}/end.cjs` };
    expect(await user.netlab(["check", PAIR], { env })).toMatchObject({ code: 143 });
    await box.sh(`rm ${user.runtime}/end.cjs`);
    await user.succeeds(["destroy", "--yes", PAIR]);
  }));

test("root's sandbox leaves the machine's network alone", () =>
  withUser(async (_, box) => {
    const network = async () => ({ ...JSON.parse(await box.fingerprint()), files: undefined, processes: undefined });
    const before = await network();
    expect(await box.netlab(["apply", "--sandbox", "--yes", PAIR])).toMatchObject({ code: 0 });
    expect(await network()).toEqual(before);
    expect(await box.netlab(["check", PAIR])).toMatchObject({ code: 0 });
    expect(await box.netlab(["destroy", "--yes", PAIR])).toMatchObject({ code: 0 });
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

test("a device that may not be read is named with the cure, and no sandbox stays", ({ skip }) => {
  if (noOthers) skip(noOthers);
  return withUser(async (user, box) => {
    await box.sh("chmod 600 /dev/net/tun");
    const tun = await user.netlab(["apply", "--sandbox", "--yes", OVS]);
    expect(tun).toMatchObject({ code: 1, stderr: expect.stringMatching(/\/dev\/net\/tun.*\n.*chmod 666/) });
  });
});

test(
  "the demo needs no root, and leaves nothing",
  () =>
    withUser(async (user) => {
      const demo = await user.run([process.execPath, path.resolve("scripts/demo-play.mjs")], { timeout: 240 });
      expect(demo, demo.stdout + demo.stderr).toMatchObject({
        code: 0,
        stdout: expect.stringMatching(/The demo is done/),
      });
    }),
  300_000,
);
