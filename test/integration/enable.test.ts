// netlab enable and disable: the unit is one that systemd takes, does what it says, and nobody else's is touched.
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Box, withBox } from "../helpers/box.js";
import { machineState, plugIn } from "../helpers/physical.js";

const FILE = path.resolve("examples/01-veth-pair.yaml");
const UNIT = "netlab@veth-pair.service";
const SYSTEM = "/etc/systemd/system";
const scratch = mkdtempSync(path.join(tmpdir(), "netlab-enable-"));
const PATH = `${scratch}/bin:${process.env.PATH}`;
let box: Box;

beforeAll(async () => {
  box = await Box.open();
  mkdirSync(`${scratch}/bin`);
  writeFileSync(`${scratch}/bin/systemctl`, `#!/bin/sh\necho "$@" >>/run/asked\n`, { mode: 0o755 });
  await box.sh(`mkdir -p ${SYSTEM}; mount -t tmpfs tmpfs ${SYSTEM}`);
});
afterAll(async () => {
  await box.close();
  rmSync(scratch, { recursive: true, force: true });
});

async function refused(args: string[], words: RegExp): Promise<void> {
  const { code, stderr } = await box.netlab(args, { env: { PATH } });
  expect([code, stderr]).toEqual([1, expect.stringMatching(words)]);
}

test("Without systemd nothing is written, and the error says why", async () => {
  await refused(["enable", FILE], /systemd does not run here/);
  expect(await box.sh(`ls ${SYSTEM}`)).toBe("");
});

test("What cannot come back at boot is refused", async () => {
  writeFileSync(`${scratch}/sandbox.yaml`, "name: boxed\nsandbox: true\n");
  await refused(["enable", "--unit-dir", scratch, `${scratch}/sandbox.yaml`], /a sandbox belongs to a user's session/);
  await refused(["enable", "--unit-dir", scratch, "-"], /needs a file/);
});

test("systemd takes the unit, whatever characters the paths have", async ({ skip }) => {
  if ((await box.run(["systemd-analyze", "--version"])).code !== 0) skip("systemd-analyze is not installed");
  const file = `${scratch}/50% of $HOME "it's" a\\b.yaml`;
  writeFileSync(file, readFileSync(FILE));
  const folder = `${scratch}/units`;
  for (const one of [FILE, file]) {
    const enabled = await box.netlab(["enable", "--unit-dir", folder, one]);
    expect(enabled).toMatchObject({ code: 0, stderr: expect.stringContaining(one) });
    const { code, stdout, stderr } = await box.run(["systemd-analyze", "verify", `${folder}/${UNIT}`]);
    expect([code, stdout + stderr]).toEqual([0, ""]);
  }
  const shared = `${scratch}/shared.yaml`;
  writeFileSync(shared, readFileSync(FILE));
  chmodSync(shared, 0o666);
  const { stderr } = await box.netlab(["enable", "--unit-dir", folder, shared]);
  expect(stderr).toMatch(/^Warning: .* root runs at every boot what the file says/m);
  expect((await box.netlab(["enable", "--unit-dir", folder, file])).code).toBe(0);
  expect(readFileSync(`${folder}/${UNIT}`, "utf8")).toContain(`"${scratch}/50%% of $$HOME \\"it's\\" a\\\\b.yaml"`);
  expect((await box.netlab(["disable", "--unit-dir", folder, file])).code).toBe(0);
  expect(readdirSync(folder)).toEqual([]);
});

test("Its commands apply and destroy the lab", async () => {
  expect((await box.netlab(["enable", "--unit-dir", "/run/units", FILE])).code).toBe(0);
  const command = async (key: string) => box.sh(`sed -n 's/^${key}=//p' "/run/units/${UNIT}"`);
  await box.sh(`cd /; ${await command("ExecStart")}`);
  await box.sh(`cd /; ${await command("ExecStart")}`);
  expect((await box.netlab(["plan", "--detailed-exitcode", FILE])).code).toBe(0);
  const disable = ["disable", "--unit-dir", "/run/units", "--lab", "veth-pair"];
  const still = /Disabled: [^\n]*\nLab veth-pair still stands[^\n]* netlab destroy --lab veth-pair removes it/;
  const stop = await command("ExecStop");
  expect((await box.netlab(disable)).stderr).toMatch(still);
  await box.sh(`cd /; ${stop}`);
  expect(await box.sh("ip netns list")).toBe("");
  expect((await box.netlab(["enable", "--unit-dir", "/run/units", FILE])).code).toBe(0);
  expect((await box.netlab(disable)).stderr).toMatch(/^Disabled: [^\n]*\n$/);
});

test("A machine's interface is taken at boot, and given back at shutdown, also after one that came without notice", async () => {
  await withBox({}, async (machine) => {
    await plugIn(machine, "ens3");
    const before = await machineState(machine);
    const file = `${scratch}/taken.yaml`;
    writeFileSync(file, "name: taken\nbridges: { br0: { ports: { ens3: } } }\n");
    expect((await machine.netlab(["enable", "--unit-dir", "/run/units", file])).code).toBe(0);
    const run = (key: string) =>
      machine.sh(`cd /; eval "$(sed -n 's/^${key}=//p' /run/units/netlab@taken.service)"`, {
        env: { SSH_CONNECTION: "" },
      });
    await run("ExecStart");
    expect(await machine.sh("ip -br address show dev br0")).toContain("198.51.100.10/24");
    await run("ExecStop");
    expect(await machineState(machine)).toBe(before);
    // A reboot takes the bridge and netlab's notes; the machine sets its interface up as ever.
    await run("ExecStart");
    await machine.sh(`rm -r /run/netlab; ip link delete br0; ip link delete ens3; ip netns delete outside`);
    await plugIn(machine, "ens3");
    await run("ExecStart");
    expect(await machine.sh("ping -c1 -W5 198.51.100.1; ip -br address show dev br0")).toContain("198.51.100.10/24");
    await run("ExecStop");
    expect(await machine.sh("ip -br address show dev ens3")).toContain("198.51.100.10/24");
    expect(await machine.sh("ip -o route show default")).toContain("dev ens3");
  });
});

test("systemd is told, in order; disabling twice is no error", async () => {
  await box.sh("mkdir -p /run/systemd/system");
  const asked = async (...args: string[]) => {
    await box.sh("rm -f /run/asked");
    expect(await box.netlab(args, { env: { PATH } })).toMatchObject({ code: 0 });
    return box.sh("cat /run/asked 2>/dev/null || :");
  };
  expect(await asked("enable", "--now", FILE)).toBe(`daemon-reload\nenable --now ${UNIT}\n`);
  expect(await box.sh(`ls ${SYSTEM}`)).toBe(`${UNIT}\n`);
  expect(await asked("disable", "--lab", "veth-pair")).toBe(`disable ${UNIT}\ndaemon-reload\n`);
  expect(await box.sh(`ls ${SYSTEM}`)).toBe("");
  expect(await asked("disable", "--lab", "veth-pair")).toBe("");
});

test("A unit of that name that somebody else made stays", async () => {
  await box.sh(`mkdir -p /run/systemd/system; echo '[Unit]' >${SYSTEM}/${UNIT}`);
  await refused(["enable", FILE], /was not made by netlab/);
  await refused(["disable", FILE], /was not made by netlab/);
  expect(await box.sh(`cat ${SYSTEM}/${UNIT}`)).toBe("[Unit]\n");
});
