// Runs a command in a network of its own: box.mjs [--ovs] COMMAND [ARGUMENT...]
// A box is one of netlab's own sandboxes, with nothing at all in /run, on no record, and not said to be a sandbox: netlab
// takes it for a machine. Nothing in it reaches this machine's network, and nothing that it starts outlives it. With
// --ovs it has an Open vSwitch of its own.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { constants } from "node:os";
import { fileURLToPath } from "node:url";

const SBIN = "/usr/local/sbin:/usr/sbin:/sbin";
/** Exit code where no box can be made. */
export const NO_BOX = 125;

/** netlab itself, built: not when this file is loaded, but when the first box is made. */
const netlab = async () => ({
  ...(await import("../dist/host/sandbox/hold.js")),
  ...(await import("../dist/host/sandbox/enter.js")),
});

/**
 * Makes a box. It ends with this process, however that ends.
 * @returns {Promise<{ pid: number, words: (command: string[], cwd?: string) => string[], close: () => Promise<void> }>} the number of
 * its first process, the words that run a command in it from the folder `cwd`, and its end
 * @throws Error with the reason where none can be made
 */
export async function openBox({ ovs = false } = {}) {
  const { makeSandbox, endSandbox, enterWords, startOvs } = await netlab();
  const { sandbox, attend } = await makeSandbox("box", { userFolders: false });
  attend();
  const close = () => endSandbox(sandbox);
  const trouble = ovs ? await startOvs(sandbox) : undefined;
  if (trouble !== undefined) {
    await close();
    throw new Error(`Open vSwitch does not start: ${trouble}`);
  }
  const words = (command, cwd = process.cwd()) => enterWords(sandbox, ["env", "-C", cwd, ...command]);
  return { pid: sandbox.pid, words, close };
}

/** The environment of a command in a box: the tools live in sbin, which is not in everybody's PATH. */
export function boxEnvironment() {
  return { ...process.env, PATH: `${process.env.PATH ?? ""}:${SBIN}` };
}

/** Runs a command in a box with this terminal. @returns {Promise<number>} its exit code, as a shell gives it */
export async function runInBox(command, options) {
  let box;
  try {
    box = await openBox(options);
  } catch (error) {
    console.error(`box: ${error.message}${error.hint ? ` (${error.hint})` : ""}`);
    return NO_BOX;
  }
  const [file, ...args] = box.words(command);
  const child = spawn(file, args, { stdio: "inherit", env: boxEnvironment() });
  // The terminal gives Ctrl-C to the command as well, which has the word.
  const handlers = { SIGINT: () => {}, SIGTERM: box.close, SIGHUP: box.close };
  for (const [signal, handler] of Object.entries(handlers)) process.on(signal, handler);
  try {
    const [code, signal] = await once(child, "exit");
    return code ?? 128 + constants.signals[signal];
  } finally {
    for (const [signal, handler] of Object.entries(handlers)) process.off(signal, handler);
    await box.close();
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const args = process.argv.slice(2);
  const ovs = args[0] === "--ovs";
  if (ovs) args.shift();
  if (args.length === 0) {
    console.error("usage: box.mjs [--ovs] COMMAND [ARGUMENT...]");
    process.exit(NO_BOX);
  }
  process.exitCode = await runInBox(args, { ovs });
}
