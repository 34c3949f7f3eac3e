// Labs without root: every example, and the demo, by an ordinary user on the real kernel, without a trace.
import { readdirSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { physicalIn } from "../helpers/physical.js";
import { withUser } from "../helpers/user.js";

const EXAMPLES = path.resolve(import.meta.dirname, "../../examples");
const example = (name: string) => path.join(EXAMPLES, name);
const files = readdirSync(EXAMPLES, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".yaml"))
  .sort();
// A sandbox has no interface of the machine.
const [physical, virtual] = [true, false].map((is) =>
  files.filter((file) => (physicalIn(example(file)) !== undefined) === is),
) as [string[], string[]];

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
