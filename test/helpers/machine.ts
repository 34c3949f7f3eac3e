// The machine of the built library as seen from inside a box, and batches for it in few words.
import path from "node:path";
import type { Batch } from "../../src/core/plan.js";
import type { Command } from "../../src/core/resource.js";
import type { BatchResult, Machine, RunOptions } from "../../src/host/machine.js";
import type { Rows, Source } from "../../src/kinds/rows.js";
import type { Box } from "./box.js";
import type { Running } from "./running.js";

export interface Answer {
  // biome-ignore lint/suspicious/noExplicitAny: whatever the call gives
  result?: any;
  error?: { name: string; message: string; hint?: string; command?: Command };
  waiting?: string;
}

export type Call = [name: keyof Machine | "release" | "hold" | "runAllThenAbort" | "runAllLogged", ...args: unknown[]];

const DRIVER = path.resolve(import.meta.dirname, "machine-driver.mjs");

/** Starts the machine in a box, with calls that it makes one after another. */
export function startMachine(box: Box, calls: Call[], env: Record<string, string> = {}): Running {
  const input = calls.map(([call, ...args]) => `${JSON.stringify({ call, args })}\n`).join("");
  return box.start([process.execPath, DRIVER], { input, env });
}

export async function askMachine(box: Box, calls: Call[], env: Record<string, string> = {}): Promise<Answer[]> {
  const { code, stdout, stderr } = await startMachine(box, calls, env).ended;
  if (code !== 0) throw new Error(`exit ${code}: ${stderr}`);
  return answers(stdout);
}

export function answers(stdout: string): Answer[] {
  return stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
}

/** The result of a single call. @throws Error with the words of its failure */
export async function callMachine<T>(box: Box, call: Call, env: Record<string, string> = {}): Promise<T> {
  const [answer] = await askMachine(box, [call], env);
  if (answer?.error) throw Object.assign(new Error(answer.error.message), answer.error);
  return answer?.result as T;
}

export function observe(box: Box, sources: Source[], env: Record<string, string> = {}): Promise<Rows> {
  return callMachine<Rows>(box, ["observe", "demo", sources], env);
}

/** A timeout of 10 s where `options` has none. */
export function runAll(
  box: Box,
  batches: Batch[],
  options: Partial<RunOptions> = {},
  env: Record<string, string> = {},
) {
  return callMachine<BatchResult[]>(box, ["runAll", batches, { timeout: 10, ...options }], env);
}

/** A batch of one command a step. */
export function batch(place: string, tool: string, ...lines: (string | { args: string[]; stdin?: string })[]): Batch {
  const steps = lines.map((line, i) => {
    const command = typeof line === "string" ? { args: line.split(" ") } : line;
    return { number: i + 1, action: "create" as const, id: `test:${i}`, commands: [{ tool, place, ...command }] };
  });
  return { tool, place, steps };
}
