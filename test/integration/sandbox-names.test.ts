// Which sandbox is meant: many side by side, of several users and labs, and beside labs of the machine itself.
import path from "node:path";
import { expect, test } from "vitest";
import type { Box } from "../helpers/box.js";
import { noOthers, User, withUser } from "../helpers/user.js";

const EXAMPLES = path.resolve(import.meta.dirname, "../../examples");
const PAIR = path.join(EXAMPLES, "01-veth-pair.yaml");
const SIDE_BY_SIDE = 20;
/** A small lab with an Open vSwitch of its own. */
const SWITCH = `
name: switch
namespaces:
  one: { interfaces: { eth0: { addresses: [10.0.0.1/24] } } }
  two: { interfaces: { eth0: { addresses: [10.0.0.2/24] } } }
bridges: { sw0: { kind: ovs } }
links:
  - endpoints: [one:eth0, sw0]
  - endpoints: [two:eth0, sw0]
checks: [{ from: one, ping: 10.0.0.2 }]
`;
const lab = (name: string) => ({ input: `name: ${name}\nnamespaces: { one: }\n` });

/** The holder's number in the box. */
async function holder(box: Box, user: User, lab: string): Promise<number> {
  return JSON.parse(await box.sh(`cat ${user.runtime}/netlab/${lab}.json`)).pid;
}

test(
  `${SIDE_BY_SIDE} sandboxes with the same topology stand side by side, and none sees another`,
  () =>
    withUser(async (_, box) => {
      const users = await Promise.all(
        Array.from({ length: SIDE_BY_SIDE }, (_, index) => User.of(box, { session: `-${index}` })),
      );
      const input = SWITCH;
      await Promise.all(users.map((user) => user.succeeds(["apply", "--sandbox", "--yes", "-"], { input })));
      await Promise.all(users.map((user) => user.succeeds(["check", "-"], { input })));
      await users[0]!.succeeds(["exec", "two", "ip", "link", "set", "eth0", "down"]);
      const codes = users.map(
        async (user) => (await user.netlab(["plan", "--detailed-exitcode", "-"], { input })).code,
      );
      expect(await Promise.all(codes)).toEqual([2, ...users.slice(1).map(() => 0)]);
      const lists = users.map(async (user) => (await user.netlab(["list", "--names"])).stdout);
      expect(await Promise.all(lists)).toEqual(users.map(() => "switch\n"));
      await Promise.all(users.map((user) => user.succeeds(["destroy", "--yes", "-"], { input })));
      await box.sh(users.map(({ runtime }) => `rmdir ${runtime}`).join("\n"));
    }),
  240_000,
);

test("a name that is in several sandboxes needs --lab", () =>
  withUser(async (user) => {
    for (const name of ["left", "right"]) await user.succeeds(["apply", "--sandbox", "--yes", "-"], lab(name));
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
    await user.succeeds(["apply", "--sandbox", "--yes", "-"], lab("mine"));
    const other = await User.of(box, { uid: user.uid + 100_000 });
    expect(await other.netlab(["exec", "one", "true"])).toMatchObject({ code: 1 });
    const pid = String(await holder(box, user, "mine"));
    expect(await other.run(["nsenter", "-t", pid, "-U", "--preserve-credentials", "-n", "true"])).toMatchObject({
      code: 1,
    });
    await user.succeeds(["destroy", "--yes", "--lab", "mine"]);
    await box.sh(`rmdir ${other.runtime}`);
  });
});

test("root's sandbox leaves the machine's network alone", () =>
  withUser(async (_, box) => {
    const network = async () => ({ ...JSON.parse(await box.fingerprint()), files: undefined, processes: undefined });
    const before = await network();
    expect(await box.netlab(["apply", "--sandbox", "--yes", PAIR])).toMatchObject({ code: 0 });
    expect(await network()).toEqual(before);
    expect(await box.netlab(["check", PAIR])).toMatchObject({ code: 0 });
    expect(await box.netlab(["destroy", "--yes", PAIR])).toMatchObject({ code: 0 });
  }));

test("each of two users has a sandbox of one name, and root sees neither", ({ skip }) => {
  if (noOthers) skip(noOthers);
  return withUser(async (user, box) => {
    const other = await User.of(box, { uid: user.uid + 100_000 });
    const both = [user, other];
    const names = async () =>
      (await Promise.all(both.map((one) => one.netlab(["list", "--names"])))).map((ran) => ran.stdout);
    for (const one of both) await one.succeeds(["apply", "--sandbox", "--yes", "-"], lab("twin"));
    expect(await names()).toEqual(["twin\n", "twin\n"]);
    expect(await box.netlab(["list"])).toMatchObject({ stdout: "", stderr: "There are no labs on this machine.\n" });
    await user.succeeds(["exec", "one", "ip", "address", "add", "192.0.2.1/32", "dev", "lo"]);
    expect(await other.succeeds(["exec", "one", "ip", "address"])).not.toContain("192.0.2.1");
    await user.succeeds(["destroy", "--yes", "--lab", "twin"]);
    expect(await names()).toEqual(["", "twin\n"]);
    await other.succeeds(["destroy", "--yes", "--lab", "twin"]);
    await box.sh(`rmdir ${other.runtime}`);
  });
});

/** ip-netns(8) leaves its folder. */
const withNetns = async (box: Box) => void (await box.sh("ip netns add first; ip netns delete first"));

test("root says which, where a lab of the name is on the machine itself and in a sandbox", () =>
  withUser(async (_, box) => {
    const which = /machine itself, and (in|of a lab in) a sandbox.*\n.*--sandbox, or --no-sandbox/;
    const root = async (...words: string[]) => {
      const { code, stderr } = await box.netlab(words, lab("twin"));
      return code === 0 ? "done" : which.test(stderr) ? "which?" : stderr;
    };
    expect(await root("apply", "--yes", "-")).toBe("done");
    expect(await root("apply", "--sandbox", "--yes", "-")).toBe("done");
    for (const words of [
      ["plan", "-"],
      ["show", "--lab", "twin"],
      ["check", "-"],
      ["apply", "--yes", "-"],
      ["destroy", "--yes", "-"],
    ])
      expect([words, await root(...words)]).toEqual([words, "which?"]);
    for (const words of [[], ["--lab", "twin"]]) expect(await root("exec", ...words, "one", "true")).toBe("which?");
    expect(await root("exec", "host", "true")).toBe("done");
    expect(await root("exec", "--no-sandbox", "one", "ip", "address", "add", "192.0.2.1/32", "dev", "lo")).toBe("done");
    expect((await box.netlab(["exec", "--sandbox", "one", "ip", "address"])).stdout).not.toContain("192.0.2.1");
    expect(await root("plan", "--detailed-exitcode", "--sandbox", "-")).toBe("done");
    expect(await root("destroy", "--yes", "--no-sandbox", "-")).toBe("done");
    expect(JSON.parse((await box.netlab(["list", "--json"])).stdout).labs).toMatchObject([
      { name: "twin", sandbox: true },
    ]);
    expect(await root("exec", "one", "true")).toBe("done");
    expect(await root("destroy", "--yes", "-")).toBe("done");
  }, withNetns));

test("an ordinary user's verbs mean the sandbox, also where the machine itself has a lab of the name", ({ skip }) => {
  if (noOthers) skip(noOthers);
  return withUser(async (user, box) => {
    expect(await box.netlab(["apply", "--yes", "-"], lab("twin"))).toMatchObject({ code: 0 });
    expect(await user.netlab(["exec", "one", "true"])).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/root|permitted/),
    });
    await user.succeeds(["apply", "--sandbox", "--yes", "-"], lab("twin"));
    await user.succeeds(["plan", "--detailed-exitcode", "-"], lab("twin"));
    await user.succeeds(["exec", "one", "ip", "address", "add", "192.0.2.1/32", "dev", "lo"]);
    await user.succeeds(["destroy", "--yes", "-"], lab("twin"));
    expect(await box.sh("ip -n one address")).not.toContain("192.0.2.1");
    expect(await box.netlab(["destroy", "--yes", "-"], lab("twin"))).toMatchObject({ code: 0 });
  }, withNetns);
});
