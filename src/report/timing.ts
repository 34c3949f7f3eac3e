// Where the time of an apply or a destroy went, a line a phase.
import type { Result } from "../engine/events.js";
import { duration } from "./words.js";

/** `uptime`: milliseconds since this process began, in which the phases lie. */
export function timingText(timing: Result["timing"], uptime = performance.now()): string {
  const phases = Object.entries(timing);
  const rest = uptime - phases.reduce((sum, [, ms]) => sum + ms, 0);
  const lines = [...phases, ["start and file", rest] as const, ["in all", uptime] as const];
  const width = Math.max(...lines.map(([name]) => name.length));
  return lines.map(([name, ms]) => `${name.padEnd(width)}  ${duration(ms)}\n`).join("");
}
