// What apply and destroy do around the engine: asking, signals, exit codes, the two sorts of output.
import { expect, test } from "vitest";
import { type Changing, type ChangingOptions, change as run } from "../../../src/commands/changing.js";
import type { Plan } from "../../../src/core/plan.js";
import type { Result } from "../../../src/engine/events.js";
import { change, planOf } from "../report/make-plan.js";
import { fakeSession } from "./fake-session.js";

const HARMLESS = planOf([change("create", "namespace:red")]);
const HARMFUL = planOf([change("create", "namespace:red"), change("delete", "bridge:host/br0")]);
const OPTIONS: ChangingOptions = { lockTimeout: 30 };

/** An engine that asks and then says that it is done. */
const engine =
  (plan: Plan): Changing["run"] =>
  async ({ on, confirm }) => {
    on({ type: "planned", plan });
    const outcome = (await confirm(plan)) ? "applied" : "refused";
    const result: Result = { outcome, plan, left: [], timing: {} };
    on({ type: "done", result });
    return result;
  };

test.each([
  ["y", HARMFUL, 1, 0],
  ["YES ", HARMFUL, 1, 0],
  ["", HARMFUL, 1, 1],
  ["n", HARMFUL, 1, 1],
  ["yo", HARMFUL, 1, 1],
  ["n", HARMLESS, 0, 0],
  [undefined, HARMFUL, 0, 0],
])("The answer %j: %#", async (answer, plan, questions, code) => {
  const session = fakeSession(answer);
  expect(await run({ verb: "apply", options: OPTIONS, run: engine(plan) }, session)).toBe(code);
  expect(session.questions).toHaveLength(questions);
  expect(session.stdout).toBe("");
  expect(session.stderr).toContain(code === 0 ? "Applied lab demo" : "Nothing was changed.");
});

test("The question says what will be lost, and --yes answers it", async () => {
  const asked = fakeSession("n");
  await run({ verb: "apply", options: OPTIONS, run: engine(HARMFUL) }, asked);
  expect(asked.questions).toEqual(["Delete 1 thing? [y/N] "]);
  const destroyed = fakeSession("n");
  await run({ verb: "destroy", options: OPTIONS, run: engine(HARMFUL) }, destroyed);
  expect(destroyed.questions).toEqual(["Destroy lab demo? [y/N] "]);
  const answered = fakeSession("n");
  expect(await run({ verb: "destroy", options: { ...OPTIONS, yes: true }, run: engine(HARMFUL) }, answered)).toBe(0);
  expect(answered.questions).toEqual([]);
});

test("As JSON each event is one line of standard output, and nothing is asked", async () => {
  const session = fakeSession("n");
  expect(await run({ verb: "apply", options: { ...OPTIONS, json: true }, run: engine(HARMFUL) }, session)).toBe(0);
  const events = session.stdout.trimEnd().split("\n");
  expect(events.map((line) => JSON.parse(line)).map(({ type, format }) => [type, format])).toEqual([
    ["planned", 1],
    ["done", 1],
  ]);
  expect(JSON.parse(events[1]!).result).toMatchObject({
    lab: "demo",
    outcome: "applied",
    summary: { create: 1, delete: 1 },
  });
  expect(session.stderr).toBe("");
});

test.each([
  ["SIGINT", "SIGINT", 130],
  ["SIGTERM", "SIGTERM", 143],
  ["SIGHUP", "SIGTERM", 143],
] as const)(
  "%s asks the engine to stop, the second one only hears that it is under way",
  async (signal, reason, code) => {
    const session = fakeSession();
    const before = process.listenerCount(signal);
    const stopped: Changing["run"] = async (options) => {
      process.emit(signal);
      expect(options.signal.aborted).toBe(true);
      expect(options.signal.reason).toBe(reason);
      expect(session.stderr).toBe("");
      process.emit("SIGINT");
      return { outcome: "rolled-back", plan: HARMLESS, left: [], signal: reason, timing: {} };
    };
    expect(await run({ verb: "apply", options: OPTIONS, run: stopped }, session)).toBe(code);
    expect(session.stderr).toContain("Still putting the lab back");
    expect(session.stderr).toContain(`Interrupted by ${reason}.\n\nRolled back`);
    expect(process.listenerCount(signal)).toBe(before);
  },
);

test("What the engine throws leaves no listener behind", async () => {
  const before = process.listenerCount("SIGINT");
  const failing = run({ verb: "apply", options: OPTIONS, run: () => Promise.reject(new Error("no")) }, fakeSession());
  await expect(failing).rejects.toThrow("no");
  expect(process.listenerCount("SIGINT")).toBe(before);
});

test("Only options that were given reach the engine", async () => {
  let given: object = {};
  const keep: Changing["run"] = async (options) => {
    given = options;
    return { outcome: "unchanged", plan: planOf([]), left: [], timing: {} };
  };
  await run({ verb: "apply", options: { ...OPTIONS, rollback: false }, run: keep }, fakeSession());
  expect(given).toMatchObject({ rollback: false, lockTimeout: 30 });
});
