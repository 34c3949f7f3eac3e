// A plan never lies: what the tools are given while netlab applies and destroys is what the plan shows, in an order it allows.
import { readdirSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import type { Plan } from "../../src/core/plan.js";
import { type Box, withBox } from "../helpers/box.js";
import { executionLog, type Logged, loggingEnv, textOf } from "../helpers/execution-log.js";
import { figure, good, LAB } from "../helpers/faults.js";
import { physicalIn, plugIn } from "../helpers/physical.js";

const EXAMPLES = path.resolve(import.meta.dirname, "../../examples");
const files = readdirSync(EXAMPLES, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".yaml"))
  .sort()
  .map((file) => path.join(EXAMPLES, file));
const RECABLE = ["before", "after"].map((name) => path.join(EXAMPLES, "08-recable", `${name}.yaml`));

test.each([...files, LAB].map((file) => [path.relative(EXAMPLES, file), file] as const))("%s", (_, file) =>
  withBox({ ovs: true }, async (box) => {
    const physical = physicalIn(file);
    if (physical) await plugIn(box, physical);
    await isDoneAsShown(box, ["apply", "--yes", file]);
    await isDoneAsShown(box, ["destroy", "--yes", file]);
  }),
);

test("a lab that is edited, there and back", () =>
  withBox({ ovs: true }, async (box) => {
    await good(box, ["apply", "--yes", RECABLE[0]!]);
    for (const file of [...RECABLE].reverse()) await isDoneAsShown(box, ["apply", "--yes", file]);
  }));

async function isDoneAsShown(box: Box, [verb, ...words]: string[]): Promise<void> {
  if (verb === "apply") await isWritten(box, words.at(-1)!);
  const env = await loggingEnv(box);
  const ran = await box.netlab([verb!, "--json", ...words], { env });
  expect(ran.code, ran.stderr + ran.stdout.slice(-3000)).toBe(0);
  const events = ran.stdout
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));
  const plan = events.find(({ type }) => type === "planned").plan as Plan;
  const log = await executionLog(box);
  const shown = commandsOf(plan);
  expect(shown.flat().length).toBeGreaterThan(0);
  expect(log.map(({ command }) => command).sort()).toEqual(shown.flat().sort());
  followsStages(log, shown);
  figure("commands compared with the plan", log.length);
}

/** The script of `plan --commands`, run with tools that do nothing, gives them the commands of `plan --json`, in that order. */
async function isWritten(box: Box, file: string): Promise<void> {
  const script = (await good(box, ["plan", "--commands", file])).stdout;
  if (/^(nsenter \S+ )?sh -c/m.test(script)) return;
  const plan: Plan = JSON.parse((await good(box, ["plan", "--json", file])).stdout);
  // No namespace is there yet: what enters one finds the host's.
  const dry = script.replaceAll(/^nsenter --net=\/run\/netns\/(\S+) /gm, "LOG_PLACE=$1 ");
  const env = await loggingEnv(box, true);
  const ran = await box.run(["sh", "-s"], { input: dry, env });
  expect(ran.code, ran.stderr).toBe(0);
  expect((await executionLog(box)).map(({ command }) => command)).toEqual(commandsOf(plan).flat());
}

/** By stage, as texts. The scripts of services are run by sh, which cannot be stood before. */
const commandsOf = ({ stages }: Plan): string[][] =>
  stages.map(({ batches }) =>
    batches
      .filter(({ tool }) => tool !== "sh")
      .flatMap(({ steps }) => steps.flatMap(({ commands }) => commands.map(textOf))),
  );

/** Each command ends, and none begins before those of the stages before it have ended. */
function followsStages(log: Logged[], stages: string[][]): void {
  const left = [...log];
  let ended = -1;
  for (const stage of stages) {
    const here = stage.map(
      (command) =>
        left.splice(
          left.findIndex((one) => one.command === command),
          1,
        )[0]!,
    );
    for (const one of here) {
      expect(one.began, one.command).toBeGreaterThan(ended);
      expect(one.ended, `${one.command} has an end`).toBeGreaterThan(one.began);
    }
    ended = Math.max(ended, ...here.map((one) => one.ended));
  }
}
