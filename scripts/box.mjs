// Runs a command in a network of its own: box.mjs [--ovs] COMMAND [ARGUMENT...]
// Private network, mount and process namespaces with an empty /run, so nothing it does reaches this machine's
// network, and nothing that it starts outlives it. With --ovs it has an Open vSwitch of its own.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { constants } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const INSIDE = path.join(path.dirname(fileURLToPath(import.meta.url)), "inside-box.sh");
const SBIN = "/usr/local/sbin:/usr/sbin:/sbin";
/** Exit code where no box can be made. */
export const NO_BOX = 125;

/**
 * The command line that makes a box and runs `command` in it.
 * Its end ends the box with everything in it: unshare(1) --kill-child, pid_namespaces(7).
 * @returns {string[]} program and arguments
 */
export function boxCommand(command, { ovs = false } = {}) {
  const user = process.getuid?.() === 0 ? [] : ["--user", "--map-root-user"];
  const namespaces = ["--net", "--mount", "--pid", "--fork", "--kill-child", "--propagation", "private"];
  return ["unshare", ...user, ...namespaces, "bash", INSIDE, ovs ? "ovs" : "plain", ...command];
}

/** The environment of a command in a box: the tools live in sbin, which is not in everybody's PATH. */
export function boxEnvironment() {
  return { ...process.env, PATH: `${process.env.PATH ?? ""}:${SBIN}` };
}

/** Runs a command in a box with this terminal. @returns {Promise<number>} its exit code, as a shell gives it */
export async function runInBox(command, options) {
  const [file, ...args] = boxCommand(command, options);
  // setpriv(1): when this process is killed, so is unshare, and with it the box.
  const child = spawn("setpriv", ["--pdeathsig", "KILL", file, ...args], { stdio: "inherit", env: boxEnvironment() });
  // The terminal gives Ctrl-C to the command as well, which has the word; unshare blocks SIGTERM.
  const handlers = { SIGINT: () => {}, SIGTERM: () => child.kill("SIGKILL"), SIGHUP: () => child.kill("SIGKILL") };
  for (const [signal, handler] of Object.entries(handlers)) process.on(signal, handler);
  try {
    const [code, signal] = await once(child, "exit");
    return code ?? 128 + constants.signals[signal];
  } finally {
    for (const [signal, handler] of Object.entries(handlers)) process.off(signal, handler);
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
