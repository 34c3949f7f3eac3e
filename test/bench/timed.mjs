// Runs a command and says how long it took.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";

export const CLI = path.resolve(import.meta.dirname, "../../dist/cli.js");

/**
 * @returns {{ seconds: number, cpu: number, stdout: string, stderr: string }} cpu: processor seconds of it and of all that it waited for, proc(5) cutime and cstime
 * @throws Error where it fails
 */
export function timed([file, ...words], cwd) {
  const [used, began] = [waitedFor(), performance.now()];
  const ran = spawnSync(file, words.map(String), { cwd, encoding: "utf8", timeout: 300_000, maxBuffer: 1 << 28 });
  const seconds = (performance.now() - began) / 1000;
  if (ran.error || ran.status !== 0)
    throw new Error(
      `${file} ${words.join(" ")}: ${ran.error ?? `${ran.status} ${ran.stderr.trim().split("\n").at(-1)}`}`,
    );
  return { seconds, cpu: waitedFor() - used, stdout: ran.stdout, stderr: ran.stderr };
}

/** A tick is a hundredth of a second on every Linux that Node runs on. */
function waitedFor() {
  const fields = readFileSync("/proc/self/stat", "utf8")
    .replace(/^.*\) /s, "")
    .split(" ");
  return (Number(fields[13]) + Number(fields[14])) / 100;
}

export function median(values) {
  const known = values.filter((value) => value !== undefined).sort((a, b) => a - b);
  return known[known.length >> 1];
}
