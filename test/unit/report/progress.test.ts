// Progress on a terminal and elsewhere, with a clock of the test's.
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Event } from "../../../src/engine/events.js";
import { paint } from "../../../src/report/color.js";
import { progress } from "../../../src/report/progress.js";

let clock = 0;
let text = "";
const make = (more: { terminal?: boolean; verbose?: boolean; debug?: boolean; columns?: number } = {}) =>
  progress({ write: (part) => (text += part), paint: paint(false), now: () => clock, terminal: false, ...more });
const step = (number: number, total: number): Event => ({ type: "step", number, total, id: "x:y", action: "create" });

beforeEach(() => {
  vi.useFakeTimers();
  [clock, text] = [0, ""];
});
afterEach(() => {
  vi.useRealTimers();
});

test("What takes less than a second says nothing", () => {
  const lines = make({ terminal: true });
  lines.on({ type: "phase", phase: "execute" });
  clock = 900;
  lines.on(step(1, 2));
  lines.end();
  expect(text).toBe("");
});

test("On a terminal one line is redrawn, with count, rate and time left, and taken away", () => {
  const lines = make({ terminal: true });
  lines.on({ type: "phase", phase: "execute" });
  clock = 2000;
  for (let number = 1; number <= 1000; number++) lines.on(step(number, 3000));
  vi.advanceTimersByTime(100);
  clock = 2200;
  vi.advanceTimersByTime(100);
  expect(text).toContain("\r\u001b[KApplying  1,000 of 3,000  455/s  5.0 s left");
  expect(text).not.toContain("\n");
  lines.end();
  expect(text.endsWith("\r\u001b[K")).toBe(true);
  const before = text;
  clock = 9000;
  vi.advanceTimersByTime(1000);
  expect(text).toBe(before);
});

test("A phase without steps shows how long it takes", () => {
  const lines = make({ terminal: true });
  lines.on({ type: "phase", phase: "read" });
  clock = 3000;
  vi.advanceTimersByTime(100);
  lines.end();
  expect(text).toContain("Reading the live state  3.0 s");
});

test("The line never wraps", () => {
  const lines = make({ terminal: true, columns: 10 });
  lines.on({ type: "phase", phase: "read" });
  clock = 3000;
  vi.advanceTimersByTime(100);
  lines.end();
  expect(text).toBe("\r\u001b[KReading t\r\u001b[K");
});

test("Elsewhere it is a plain line every five seconds", () => {
  const lines = make();
  lines.on({ type: "phase", phase: "execute" });
  for (clock = 0; clock <= 11_000; clock += 100) lines.on(step(1, 200));
  lines.end();
  expect(text.split("\n").length - 1).toBe(2);
  expect(text).not.toContain("\r");
});

test("Commands are printed when asked for, whole lines between redraws", () => {
  const command: Event = { type: "command", step: 1, command: { tool: "ip", place: "red", args: ["link", "show"] } };
  make().on(command);
  expect(text).toBe("");
  make({ verbose: true }).on(command);
  expect(text).toBe("$ ip -n red link show\n");
  text = "";
  const lines = make({ debug: true });
  clock = 1234;
  lines.on(command);
  expect(text).toBe("[1.234] $ ip -n red link show\n");
});

test("Waiting and rolling back are told", () => {
  const lines = make();
  lines.on({ type: "waiting", holder: "netlab apply (pid 7)", timeout: 30 });
  lines.on({ type: "rollback", why: "interrupted by SIGINT" });
  lines.end();
  expect(text).toBe(
    "Waiting for netlab apply (pid 7) (up to 30 s) …\ninterrupted by SIGINT: putting the lab back as it was …\n",
  );
});

test("While a question is asked nothing is drawn over it", () => {
  const lines = make({ terminal: true });
  lines.on({ type: "phase", phase: "read" });
  clock = 2000;
  lines.rest();
  vi.advanceTimersByTime(5000);
  expect(text).toBe("");
});
