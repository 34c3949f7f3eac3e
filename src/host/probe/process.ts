// The near side of a helper process: starts it in a namespace, asks it, ends it.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Place } from "../../topology/lab.js";
import { enterFailure, helperEnvironment, inPlace } from "./enter.js";
import type { Answer, Ask, Outcome, Question } from "./outcome.js";

export interface HelperProcess {
  /** Never throws: where the process could not start, or ended, the outcome is `impossible` and says why. */
  ask(ask: Ask): Promise<Outcome>;
  /** Lets it end; resolves when it has. */
  close(): Promise<void>;
}

/**
 * Starts the helper in `place`; about 60 ms of processor time. Detached, so that a Ctrl-C at the terminal is netlab's to
 * handle: its standard input ends it, also when netlab is killed.
 */
export function startHelper(place: Place, script: string, machine: string[]): HelperProcess {
  const [file = "", ...args] = inPlace(place, [process.execPath, script], machine);
  const child = spawn(file, args, { detached: true, stdio: "pipe", env: helperEnvironment() });
  const waiting = new Map<number, (outcome: Outcome) => void>();
  let stderr = "";
  let over: Outcome | undefined;
  let next = 0;

  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr = (stderr + text).slice(-4096);
  });
  createInterface({ input: child.stdout }).on("line", (line) => {
    const { id, outcome }: Answer = JSON.parse(line);
    waiting.get(id)?.(outcome);
    waiting.delete(id);
  });
  // A write to a process that has ended: its end, which follows, says why.
  child.stdin.on("error", () => {});
  const ended = new Promise<void>((resolve) => {
    const end = (got: string) => {
      over ??= { is: "impossible", got };
      for (const settle of waiting.values()) settle(over);
      waiting.clear();
      resolve();
    };
    child.on("error", (error) => end(error.message));
    child.on("close", () => end(enterFailure(place, stderr) ?? lastWords(place, stderr)));
  });

  return {
    ask(ask) {
      if (over !== undefined) return Promise.resolve(over);
      const question: Question = { id: next++, ask };
      child.stdin.write(`${JSON.stringify(question)}\n`);
      return new Promise((resolve) => waiting.set(question.id, resolve));
    },
    close() {
      child.stdin.end();
      return ended;
    },
  };
}

function lastWords(place: Place, stderr: string): string {
  const words =
    stderr
      .trim()
      .split("\n")
      .find((line) => line.includes("Error")) ?? stderr.trim().split("\n")[0];
  return `the process that probes from ${place} ended${words ? `: ${words}` : ""}`;
}
