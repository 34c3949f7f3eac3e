// A process of its own that stays in one network namespace (node cannot enter one) and probes from there.
// Reads a Question a line, writes an Answer a line, and ends with its standard input, so that it never outlives netlab.
import { createInterface } from "node:readline";
import { type Listener, listen } from "./listen.js";
import type { Answer, Ask, Outcome, Question } from "./outcome.js";
import { connect } from "./tcp.js";

const listeners = new Map<number, Listener>();

async function open(port: number, name: string): Promise<Outcome> {
  const listener = await listen(port, name);
  if (listener.outcome.is === "ok") listeners.set(port, listener);
  return listener.outcome;
}

async function close(port: number): Promise<Outcome> {
  listeners.get(port)?.close();
  listeners.delete(port);
  return { is: "ok", got: "closed" };
}

function answer(ask: Ask): Promise<Outcome> {
  if (ask.do === "connect") return connect(ask.target, ask.seconds);
  if (ask.do === "listen") return open(ask.port, ask.name);
  return close(ask.port);
}

const lines = createInterface({ input: process.stdin });
lines.on("line", async (line) => {
  const { id, ask }: Question = JSON.parse(line);
  const reply: Answer = { id, outcome: await answer(ask) };
  process.stdout.write(`${JSON.stringify(reply)}\n`);
});
lines.on("close", () => process.exit(0));
