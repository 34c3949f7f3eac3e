// Who waits to take an apply back: what does not come up in time is not left behind.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { troubleOf } from "../../../src/host/pending.js";
import { processIds } from "../../../src/host/process/proc.js";

const MARK = `netlab-late-${process.pid}`;
const late = () =>
  processIds().filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").includes(MARK);
    } catch {
      return false;
    }
  });

test("what has not said in time that it waits is ended, with its children", async () => {
  const words = ["sh", "-c", `sh -c 'sleep 600; :' "$0"; :`, MARK];
  expect(await troubleOf(words, 0.3)).toBe("it has not said within 0.3 s that it waits");
  await expect.poll(late, { timeout: 30_000 }).toEqual([]);
});

test("what waits goes on", async () => {
  expect(await troubleOf(["sh", "-c", "echo waiting; sleep 600; :", MARK], 60)).toBeUndefined();
  process.kill(-Number(late()[0]), "SIGKILL");
  await expect.poll(late, { timeout: 30_000 }).toEqual([]);
  expect(await troubleOf(["sh", "-c", "exit 0"], 60)).toBe("it has ended");
});
