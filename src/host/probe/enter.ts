// How a probe's process gets into a namespace, and what it means when it does not.
import type { Place } from "../../topology/lab.js";
import { netnsPath } from "../namespaces.js";
import { childEnvironment } from "../process/environment.js";
import { entered } from "../process/job.js";

/**
 * The words of a command that runs in `place`. `machine` are words that come first and take it into the machine
 * (`nsenter --target PID --net --mount`); none for this one.
 */
export function inPlace(place: Place, words: string[], machine: string[]): string[] {
  return [...machine, ...entered(netnsPath(place), words)];
}

/** The environment of a helper: that of every child, without what would change how node starts. */
export function helperEnvironment(): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _, ...rest } = childEnvironment();
  return rest;
}

/** One sentence if the output of a probe shows that nsenter failed, not what it was to run. */
export function enterFailure(place: Place, output: string): string | undefined {
  const words = /^nsenter: (.*)/m.exec(output)?.[1];
  if (words === undefined) return undefined;
  const missing = /failed to execute (\S+): No such file/.exec(words)?.[1];
  if (missing !== undefined) return missing === "ping" ? NO_PING : `${missing} is not installed`;
  // A name without its mount is a plain file (EINVAL), as a crash leaves it.
  if (/cannot open .*No such file|Invalid argument/.test(words)) return `there is no namespace "${place}"`;
  if (/not permitted|denied/.test(words)) return `entering namespace "${place}" needs root`;
  return `cannot enter namespace "${place}": ${words}`;
}

export const NO_PING = "ping is not installed (package iputils-ping)";
