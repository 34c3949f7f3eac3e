// The library's way into a sandbox: a process inside (src/inside.ts) runs the verb, and its callbacks run out here.
import { spawn } from "node:child_process";
import type { Command } from "../../core/resource.js";
import { MachineError } from "../machine.js";
import { INSIDE } from "../own-files.js";
import { enterWords, insideEnvironment } from "./enter.js";
import { justEnded, type Sandbox } from "./record.js";

/** What goes in, as structured clones. */
export type Request =
  | { type: "run"; verb: string; subject: unknown; options: object; callbacks: string[] }
  | { type: "answer"; number: number; answer: unknown }
  /** What was called threw: nothing may go on that waits for its answer. */
  | { type: "threw"; number: number }
  | { type: "abort"; reason: unknown };

/** What comes out: calls of the options' functions, then one end. */
export type Reply =
  | { type: "call"; number: number; name: string; argument: unknown }
  | { type: "done"; result: unknown }
  | { type: "failed"; error: Thrown };

/** An error as it crosses the border. */
export interface Thrown {
  message: string;
  /** It is a MachineError. */
  machine: boolean;
  command?: Command | undefined;
  hint?: string | undefined;
}

type Callback = (argument: unknown) => unknown;

/**
 * Runs a verb of the engine in a sandbox. It ends, and an apply is rolled back, when this process does.
 * @throws what the verb or a callback throws; a MachineError where the process inside ends early
 */
export async function callInside(sandbox: Sandbox, verb: string, subject: unknown, options: object): Promise<unknown> {
  const { signal, ...rest } = options as { signal?: AbortSignal };
  const entries = Object.entries(rest).filter(([, value]) => value !== undefined);
  const callbacks = new Map(entries.filter((entry): entry is [string, Callback] => typeof entry[1] === "function"));
  const data = Object.fromEntries(entries.filter(([name]) => !callbacks.has(name)));
  const [file, ...words] = enterWords(sandbox, [process.execPath, INSIDE]);
  // In a process group of its own: a Ctrl-C is this process's to hand on.
  const child = spawn(file!, words, {
    stdio: ["ignore", "ignore", "pipe", "ipc"],
    serialization: "advanced",
    detached: true,
    env: insideEnvironment(sandbox),
  });
  // It may have ended already: its close says why.
  const send = (request: Request) => void (child.connected && child.send(request, () => {}));
  const abort = (reason: unknown) => send({ type: "abort", reason: typeof reason === "string" ? reason : "SIGTERM" });
  const onAbort = () => abort(signal?.reason);
  let said = "";
  child.stderr?.on("data", (chunk) => {
    said += chunk;
  });
  try {
    return await new Promise((resolve, reject) => {
      let broken: { error: unknown } | undefined;
      const answer = async ({ number, name, argument }: Extract<Reply, { type: "call" }>) => {
        try {
          send({ type: "answer", number, answer: await callbacks.get(name)!(argument) });
        } catch (error) {
          broken ??= { error };
          abort("SIGTERM");
          send({ type: "threw", number });
        }
      };
      child.on("message", (reply: Reply) => {
        if (reply.type === "call") return void answer(reply);
        if (broken) reject(broken.error);
        else if (reply.type === "done") resolve(reply.result);
        else reject(errorOf(reply.error));
      });
      child.on("error", (error) => reject(new MachineError(`the sandbox cannot be entered: ${error.message}`)));
      child.on("close", () =>
        reject(
          justEnded(sandbox) ?? new MachineError(`netlab ended in the sandbox: ${said.trim().split("\n").at(-1)}`),
        ),
      );
      send({ type: "run", verb, subject, options: data, callbacks: [...callbacks.keys()] });
      if (signal?.aborted) onAbort();
      else signal?.addEventListener("abort", onAbort, { once: true });
    });
  } finally {
    signal?.removeEventListener("abort", onAbort);
    if (child.connected) child.disconnect();
  }
}

function errorOf({ message, machine, command, hint }: Thrown): Error {
  if (!machine) return new Error(message);
  return new MachineError(message, { ...(command && { command }), ...(hint !== undefined && { hint }) });
}
