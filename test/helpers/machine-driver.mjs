// Runs inside a box: calls the machine of the built library, a call a line of standard input, an answer a line of output.
import { createInterface } from "node:readline";
import { thisMachine } from "../../dist/host/this-machine.js";

const machine = thisMachine();
const held = [];
const say = (answer) => process.stdout.write(`${JSON.stringify(answer)}\n`);

/** What needs more than plain arguments. */
const special = {
  async lock(timeout) {
    const holders = [];
    held.push(
      await machine.lock(timeout, (holder) => {
        holders.push(holder);
        say({ waiting: holder });
      }),
    );
    return holders;
  },
  release: () => held.pop().release(),
  /** Takes the lock and keeps it until this process ends. */
  async hold() {
    await machine.lock(0, () => {});
    say({ held: true });
    setInterval(() => {}, 1000);
    await new Promise(() => {});
  },
  async runAllThenAbort(milliseconds, batches, options) {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), milliseconds);
    return machine.runAll(batches, { ...options, signal: stop.signal });
  },
  async runAllLogged(batches, options) {
    const commands = [];
    const results = await machine.runAll(batches, { ...options, onCommand: (command) => commands.push(command) });
    return { commands, results };
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const { call, args } = JSON.parse(line);
  try {
    const result = await (special[call] ?? machine[call])(...args);
    say({ result: result ?? null });
  } catch ({ name, message, hint, command }) {
    say({ error: { name, message, hint, command } });
  }
}
