// A process of the library's in a sandbox: runs one verb of the engine for its caller outside (host/sandbox/call.ts).
import { applyLab, destroyLab } from "./engine/apply.js";
import { runChecks } from "./engine/check.js";
import { planDestroy, planLab } from "./engine/plan.js";
import { MachineError } from "./host/machine.js";
import type { Reply, Request, Thrown } from "./host/sandbox/call.js";
import { thisMachine } from "./host/this-machine.js";
import type { Lab } from "./topology/lab.js";

const VERBS: Record<string, (subject: never, options: object) => Promise<unknown>> = {
  plan: (lab: Lab, options) => planLab(lab, thisMachine(), options),
  planDestruction: (lab: string) => planDestroy(lab, thisMachine()),
  apply: (lab: Lab, options) => applyLab(lab, thisMachine(), options),
  destroy: (lab: string, options) => destroyLab(lab, thisMachine(), options),
  check: (lab: Lab, options) => runChecks(lab, options),
};

const abort = new AbortController();
const waiting = new Map<number, { resolve: (answer: unknown) => void; reject: (error: Error) => void }>();
let calls = 0;

const send = (reply: Reply, sent = () => {}) => void (process.connected && process.send?.(reply, sent));

process.on("message", (request: Request) => {
  if (request.type === "abort") abort.abort(request.reason);
  else if (request.type === "answer") waiting.get(request.number)?.resolve(request.answer);
  else if (request.type === "threw") waiting.get(request.number)?.reject(new Error("the caller's function threw"));
  else void run(request);
});
// The caller has ended: nobody is there to say yes, or to hear how it went.
process.on("disconnect", () => {
  abort.abort("SIGTERM");
  for (const { reject } of waiting.values()) reject(gone());
});

async function run({ verb, subject, options, callbacks }: Extract<Request, { type: "run" }>): Promise<void> {
  const functions = Object.fromEntries(callbacks.map((name) => [name, (argument: unknown) => call(name, argument)]));
  try {
    const result = await VERBS[verb]!(subject as never, { ...options, ...functions, signal: abort.signal });
    end({ type: "done", result });
  } catch (error) {
    end({ type: "failed", error: thrown(error) });
  }
}

/** Runs a function of the caller's. Rejects where it throws, or there is no caller any more. */
function call(name: string, argument: unknown): Promise<unknown> {
  const number = calls++;
  const answered = new Promise<unknown>((resolve, reject) => {
    if (process.connected) waiting.set(number, { resolve, reject });
    else reject(gone());
  });
  // The engine does not wait for the answer to an event.
  answered.catch(() => {}).finally(() => waiting.delete(number));
  send({ type: "call", number, name, argument });
  return answered;
}

const gone = () => new Error("the caller has ended");

function end(reply: Reply): void {
  if (process.connected) send(reply, () => process.disconnect());
}

function thrown(error: unknown): Thrown {
  if (error instanceof MachineError)
    return { message: error.message, machine: true, command: error.command, hint: error.hint };
  return { message: error instanceof Error ? error.message : String(error), machine: false };
}
