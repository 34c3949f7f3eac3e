// apply --confirm: without a word in time the machine is as before, whatever has become of netlab, its terminal and its shell.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { type Box, type Ran, withBox } from "../helpers/box.js";
import { good, netlabWith, prepare } from "../helpers/faults.js";
import { machineState, plugIn, RICH } from "../helpers/physical.js";

const scratch = mkdtempSync(path.join(tmpdir(), "netlab-confirm-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
const file = (name: string, text: string) => {
  writeFileSync(path.join(scratch, name), text);
  return path.join(scratch, name);
};
const TAKE = file("take.yaml", "name: phys\nbridges: { br0: { ports: { ens3: } } }\n");
const BEFORE = file("before.yaml", "name: phys\nnamespaces: { one: }\n");
const AFTER = file("after.yaml", "name: phys\nnamespaces: { two: }\nbridges: { br0: { ports: { ens3: } } }\n");

const isBack = (box: Box, before: string, seconds: number) =>
  expect.poll(() => machineState(box), { timeout: seconds * 1000, interval: 200 }).toBe(before);
const said = ({ code, stderr }: Ran) => [code, stderr];
/** Nothing of it is left: no file, no process. */
const isOver = (box: Box) =>
  expect
    .poll(() => box.sh("ls /run/netlab 2>/dev/null || :; ps -eo args | grep '[t]ake-back' || :"), { timeout: 60_000 })
    .toBe("");

async function withMachine(use: (box: Box, before: string) => Promise<void>): Promise<void> {
  await withBox({}, async (box) => {
    await prepare(box);
    await plugIn(box, "ens3", RICH);
    await use(box, await machineState(box));
  });
}

const APPLY = `${process.execPath} ${path.resolve("dist/cli.js")} apply --yes --confirm 15 ${TAKE}`;

test.each([
  // script(1) gives it a terminal, which ends with the shell in it: like a connection that breaks.
  ["its terminal closes", `script -qec '${APPLY}' /run/typescript >/dev/null`],
  [
    "its session is killed",
    `setsid sh -c '${APPLY} >/run/typescript 2>&1; echo $$ >/run/session; sleep 1000' &
     until [ -s /run/session ]; do sleep 0.05; done
     pkill -KILL -s "$(cat /run/session)"
     while ps -o stat= -s "$(cat /run/session)" | grep -qv '^Z'; do sleep 0.05; done`,
  ],
])("nobody confirms, and %s: the machine is back by itself", async (_, session) => {
  await withMachine(async (box, before) => {
    await box.sh(session);
    expect(await box.sh("cat /run/typescript")).toMatch(/Confirm it within 15 s[\s\S]*netlab confirm --lab phys/);
    expect(await machineState(box)).not.toBe(before);
    await isBack(box, before, 60);
    await isOver(box);
    expect(said(await box.netlab(["confirm", TAKE]))).toEqual([1, expect.stringMatching(/No apply of lab phys waits/)]);
  });
});

test("what is confirmed stays; a second apply waits for the word; destroy ends it", async () => {
  await withMachine(async (box, before) => {
    await good(box, ["apply", "--yes", "--confirm", "600", TAKE]);
    expect(said(await box.netlab(["apply", "--yes", TAKE]))).toEqual([
      1,
      expect.stringMatching(/waits to be confirmed; in \d+ s it is taken back[\s\S]*netlab confirm --lab phys/),
    ]);
    await good(box, ["confirm", TAKE]);
    await good(box, ["plan", "--detailed-exitcode", TAKE]);
    await good(box, ["apply", "--yes", "--confirm", "600", AFTER]);
    await good(box, ["destroy", "--yes", TAKE]);
    expect(await machineState(box)).toBe(before);
    await isOver(box);
  });
});

test("it goes back to what the lab was before, not to nothing; now, where that is asked for", async () => {
  await withMachine(async (box) => {
    await good(box, ["apply", "--yes", BEFORE]);
    const before = await machineState(box);
    await good(box, ["apply", "--yes", "--confirm", "600", AFTER]);
    await good(box, ["confirm", "--back", "--lab", "phys"]);
    expect(await machineState(box)).toBe(before);
    await good(box, ["plan", "--detailed-exitcode", BEFORE]);
    await good(box, ["destroy", "--yes", BEFORE]);
    await isOver(box);
  });
});

test.each([
  [4, "tree"],
  [20, "tree"],
  [30, "alone"],
] as const)("netlab killed at point %i (%s): taken back at once", async (at, how) => {
  await withMachine(async (box, before) => {
    const ran = await netlabWith(box, ["apply", "--yes", "--confirm", "600", TAKE], { at, how });
    expect(ran.where).not.toBe("");
    await isBack(box, before, 60);
    await isOver(box);
  });
});

test("nothing begins before the process that waits has said so; with systemd it has a scope of its own", async () => {
  await withMachine(async (box, before) => {
    const env = { PATH: `/run/fake:${process.env.PATH}` };
    const fake = (name: string, body: string) =>
      box.sh(`mkdir -p /run/fake; printf '%s\n' '#!/bin/sh' '${body}' >/run/fake/${name}; chmod +x /run/fake/${name}`);
    await fake("setsid", "exit 0");
    const ran = await box.netlab(["apply", "--yes", "--confirm", "600", TAKE], { env });
    expect(said(ran)).toEqual([1, expect.stringMatching(/cannot start what would take the apply back: it has ended/)]);
    expect(await machineState(box)).toBe(before);
    expect(await box.sh("ls /run/netlab 2>/dev/null || :; rm /run/fake/setsid; mkdir -p /run/systemd/system")).toBe("");
    // The second time systemd does not listen.
    for (const end of ['while [ "$1" != -- ]; do shift; done; shift; exec "$@"', "exit 1"]) {
      await fake("systemd-run", `echo "$@" >/run/asked; ${end}`);
      const applied = await box.netlab(["apply", "--yes", "--confirm", "600", TAKE], { env });
      expect(applied.code, applied.stderr).toBe(0);
      expect(await box.sh("cat /run/asked")).toMatch(/^--scope .*-- setsid --fork .* take-back --lab phys\n$/);
      expect(await box.sh("ps -eo args | grep -c '[t]ake-back'")).toBe("1\n");
      await good(box, ["confirm", "--back", "--lab", "phys"]);
      await isOver(box);
    }
  });
});

test("an apply that fails is rolled back, and leaves nobody waiting", async () => {
  await withMachine(async (box, before) => {
    const ran = await netlabWith(box, ["apply", "--yes", "--confirm", "600", TAKE], { at: 9, how: "fail" });
    expect(ran.code).toBe(1);
    expect(await machineState(box)).toBe(before);
    await isOver(box);
  });
});

test("where the default route or the session is at stake, nothing begins without --confirm or --yes", async () => {
  await withMachine(async (box, before) => {
    const plan = await good(box, ["plan", TAKE]);
    expect(plan.stdout).toContain("may-cut-connection");
    expect(said(await box.netlab(["apply", TAKE]))).toEqual([
      1,
      expect.stringMatching(/Nobody can be asked here[\s\S]*--confirm SECONDS[\s\S]*--yes/),
    ]);
    expect(await machineState(box)).toBe(before);
    await box.sh("ip route delete default; ip route delete default metric 100; ip -6 route flush default");
    const without = await good(box, ["plan", TAKE]);
    expect(without.stdout).not.toContain("may-cut-connection");
    const session = await box.netlab(["plan", TAKE], { env: { SSH_CONNECTION: "203.0.113.9 5000 198.51.100.10 22" } });
    expect(session.stdout).toContain("this SSH session comes through it");
  });
});
