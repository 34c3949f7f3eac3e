// Every file under examples/ on the real kernel: applied, checked, planned again, destroyed, and nothing is left.
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { type Box, withBox } from "../helpers/box.js";
import { physicalIn, plugIn } from "../helpers/physical.js";

const EXAMPLES = path.resolve(import.meta.dirname, "../../examples");
const files = readdirSync(EXAMPLES, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".yaml"))
  .sort();
const scratch = mkdtempSync(path.join(tmpdir(), "netlab-examples-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

describe.each(files)("%s as root", (name) => {
  const file = path.join(EXAMPLES, name);

  test("is applied, checked, unchanged when planned again, and destroyed without a trace", async () => {
    await withMachine(file, async (box) => {
      const before = await box.fingerprint();
      await succeeds(box, ["apply", "--yes", file]);
      await succeeds(box, ["check", file]);
      await succeeds(box, ["plan", "--detailed-exitcode", file]);
      await succeeds(box, ["destroy", "--yes", file]);
      await expect.poll(() => box.fingerprint(), { timeout: 60_000, interval: 200 }).toBe(before);
    });
  });

  test("is built by the commands of its plan, without netlab", async () => {
    const script = await withMachine(file, (box) => succeeds(box, ["plan", "--commands", file]));
    await withMachine(file, async (box) => {
      const ran = await box.run(["sh"], { input: script });
      expect(ran, script).toMatchObject({ code: 0 });
      // How an interface of the machine was, a script does not write down: netlab does not take the lab for its own then.
      if (!physicalIn(file)) await succeeds(box, ["plan", "--detailed-exitcode", file]);
      await succeeds(box, ["check", file]);
    });
  });
});

/** A box with what the example needs. */
const withMachine = <T>(example: string, use: (box: Box) => Promise<T>): Promise<T> =>
  withBox({ ovs: true }, async (box) => {
    const physical = physicalIn(example);
    if (physical) await plugIn(box, physical);
    return use(box);
  });

/** @returns standard output */
async function succeeds(box: Box, args: string[]): Promise<string> {
  const ran = await box.netlab(args, { cwd: scratch });
  expect(ran.code, `netlab ${args.join(" ")}\n${ran.stdout}${ran.stderr}`).toBe(0);
  return ran.stdout;
}
