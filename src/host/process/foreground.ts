// Runs a program of the user's in a namespace, with the terminal: nsenter(1).
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { constants } from "node:os";
import { HOST, type Place } from "../../topology/lab.js";
import { MachineError } from "../machine.js";

/**
 * Standard streams, terminal and signals are the program's until it ends.
 * @returns its exit code; 128 and the number of the signal that ended it, as shells say it; 127 where it cannot be started
 * @throws MachineError where there is no such namespace
 */
export async function runInForeground(place: Place, command: string[]): Promise<number> {
  const path = `/run/netns/${place}`;
  if (place !== HOST && (place.includes("/") || !existsSync(path)))
    throw new MachineError(`there is no namespace ${place} on this machine`, {
      hint: "ip netns list shows what there is",
    });
  const words =
    place === HOST
      ? command
      : existsSync(`/etc/netns/${place}`)
        ? ["ip", "netns", "exec", place, ...command] // It lays the namespace's own files over those of /etc.
        : ["nsenter", `--net=${path}`, "--", ...command];
  const child = spawn(words[0]!, words.slice(1), { stdio: "inherit" });
  const stop = handOn((signal) => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.on("error", (error: NodeJS.ErrnoException) => {
      stop();
      if (error.code !== "ENOENT") return reject(error);
      process.stderr.write(`netlab: ${words[0]}: command not found\n`);
      resolve(127);
    });
    child.on("close", (code, signal) => {
      stop();
      resolve(code ?? 128 + constants.signals[signal!]);
    });
  });
}

/** Signals for the program. From a terminal, SIGINT and SIGQUIT reach it without help: it is in the same process group. */
export function handOn(send: (signal: NodeJS.Signals) => void): () => void {
  const terminal = process.stdin.isTTY === true;
  const signals: NodeJS.Signals[] = ["SIGINT", "SIGQUIT", "SIGTERM", "SIGHUP", "SIGUSR1", "SIGUSR2"];
  const listeners = signals.map((signal) => {
    const own = terminal && (signal === "SIGINT" || signal === "SIGQUIT");
    return [signal, own ? () => {} : () => send(signal)] as const;
  });
  for (const [signal, listener] of listeners) process.on(signal, listener);
  return () => {
    for (const [signal, listener] of listeners) process.off(signal, listener);
  };
}
