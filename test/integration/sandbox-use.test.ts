// How a sandbox is used: files, standard streams, terminals and signals reach it, and where it is noted may be what it likes.
import path from "node:path";
import { expect, test } from "vitest";
import { noOthers, type User, withUser } from "../helpers/user.js";

const EXAMPLES = path.resolve(import.meta.dirname, "../../examples");
const PAIR = path.join(EXAMPLES, "01-veth-pair.yaml");
const ONE = { input: "name: noted\nnamespaces: { one: }\n" };

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

/** netlab with another runtime folder; none where absent. */
function netlabAt(user: User, folder: string | undefined, args: string[]) {
  const where = folder === undefined ? ["--unset=XDG_RUNTIME_DIR"] : [`XDG_RUNTIME_DIR=${folder}`];
  return user.run(["env", ...where, process.execPath, path.resolve("dist/cli.js"), ...args], ONE);
}

test("it is noted where only the user writes, whatever XDG_RUNTIME_DIR says", () =>
  withUser(async (user, box) => {
    const lives = async (folder: string | undefined, record: string) => {
      expect(await netlabAt(user, folder, ["apply", "--sandbox", "--yes", "-"])).toMatchObject({ code: 0 });
      expect(await box.sh(`stat -c '%u %a' ${record}/noted.json ${record}`)).toBe(`${user.uid} 600\n${user.uid} 700\n`);
      expect(await netlabAt(user, folder, ["destroy", "--yes", "-"])).toMatchObject({ code: 0 });
      expect((await box.run(["ls", record])).code).not.toBe(0);
    };
    const own = `${user.runtime}/netlab`;
    await lives(undefined, own);
    await lives("/run/nowhere", own);
    await box.sh("mkdir -m 700 /run/closed");
    if (!noOthers) await lives("/run/closed/folder", own);
    await box.sh("rmdir /run/closed");
    await box.sh(
      `mkdir /run/strict; mount -t tmpfs -o noexec,nodev,nosuid,mode=700,uid=${user.uid} strict /run/strict`,
    );
    await lives("/run/strict", "/run/strict/netlab");
    await box.sh(`umount /run/strict; rmdir /run/strict ${user.runtime}`);
    await lives(undefined, `/tmp/netlab-${user.uid}`);
    await box.sh(`mkdir -m 700 ${user.runtime}; chown ${user.uid} ${user.runtime}`);
  }));

test.each([
  ["full", "size=4k", "there is no space left"],
  ["without room for a folder", "nr_inodes=1", "there is no space left"],
  ["read-only", "ro", "it is read-only"],
])("a runtime folder that is %s is named with the cure, and no sandbox stays", (_, option, reason) =>
  withUser(async (user, box) => {
    await box.sh(`
      mkdir /run/small; mount -t tmpfs -o ${option},mode=700,uid=${user.uid} small /run/small
      [ ${option} != size=4k ] || head -c 4096 /dev/zero >/run/small/fill`);
    const ran = await netlabAt(user, "/run/small", ["apply", "--sandbox", "--yes", "-"]);
    expect(ran).toMatchObject({ code: 1, stderr: expect.stringMatching(/^error.*\n {2}cure.*\n$/) });
    expect(ran.stderr).toContain(`sandboxes are noted in /run/small/netlab, and ${reason}`);
    expect(ran.stderr).toMatch(/cure .*, or set XDG_RUNTIME_DIR to another folder of your own/);
    expect(await netlabAt(user, "/run/small", ["plan", "--sandbox", "-"])).toMatchObject({ code: 0 });
    await box.sh("umount /run/small; rmdir /run/small");
  }),
);

test("a record that cannot be removed is said", () =>
  withUser(async (user, box) => {
    await box.sh(`mkdir /run/later; mount -t tmpfs -o mode=700,uid=${user.uid} later /run/later`);
    expect(await netlabAt(user, "/run/later", ["apply", "--sandbox", "--yes", "-"])).toMatchObject({ code: 0 });
    await box.sh("mount -o remount,ro /run/later");
    const destroy = () => netlabAt(user, "/run/later", ["destroy", "--yes", "-"]);
    expect(await destroy()).toMatchObject({ code: 1, stderr: expect.stringMatching(/\/run\/later.*read-only\n.*rw/) });
    await box.sh("mount -o remount,rw /run/later");
    expect(await destroy()).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/had ended; its record is removed/),
    });
    await box.sh("umount /run/later; rmdir /run/later");
  }));
