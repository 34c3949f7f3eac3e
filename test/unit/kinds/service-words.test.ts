// A supervisor's words say all that is compared; the scripts are plain POSIX shell.
import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { REMOVE, WRITE } from "../../../src/kinds/etc-file.js";
import {
  CLEAN,
  ownEnvironment,
  parseSupervisor,
  RELEASE,
  START,
  STOP,
  startWords,
} from "../../../src/kinds/service-words.js";

const service = {
  ...{ name: "web", restart: "always" as const, ready: "log:it's up", directory: "/srv/a b" },
  ...{ command: ["sh", "-c", "echo $0\nexit", "", "-x"], env: { A: "1 2", PATH: "/opt/bin" } },
};
const words = startWords("lab", "red", ["ip", "netns", "exec", "red"], service);
/** As env(1) leaves them. */
const supervisor = words.slice(words.indexOf("sh"));
const variables = words.slice(words.indexOf("-i") + 1, words.indexOf("sh")).map((pair) => pair.split(/=(.*)/s));

test("what is written is read again", () => {
  const { env, ...rest } = service;
  expect(parseSupervisor(supervisor)).toEqual({ ...rest, lab: "lab", place: "red" });
  expect(ownEnvironment(Object.fromEntries(variables.map(([key, value]) => [key, value!])))).toEqual(env);
  const { ready: _, ...plain } = service;
  expect(parseSupervisor(startWords("lab", "host", [], plain).slice(-15))).not.toHaveProperty("ready");
});

test.each([[], ["sh"], ["sh", "-c", "netlab-service"], ["sh", "-c", "x", "netlab-service", "lab"], ["sleep", "1"]])(
  "other words are no supervisor's: %j",
  (...others) => {
    expect(parseSupervisor(others)).toBeUndefined();
  },
);

test.each(["../../../../home", "..", "a/b", ""])("%j is no name of a service's folder", (word) => {
  for (const at of [4, 5, 6]) expect(parseSupervisor(supervisor.with(at, word))).toBeUndefined();
});

test.each(Object.entries({ START, STOP, RELEASE, CLEAN, WRITE, REMOVE, SUPERVISE: supervisor[2]! }))(
  "%s is shell",
  (_, script) => {
    const { status, stderr } = spawnSync("sh", ["-n", "-c", script], { encoding: "utf8" });
    expect([status, stderr]).toEqual([0, ""]);
  },
);
