// The run over all checks: order, listeners, bounds and events, with probes that the test answers.
import { expect, test } from "vitest";
import { runChecks } from "../../../src/engine/check.js";
import type { CheckEvent } from "../../../src/engine/check-result.js";
import type { Outcome } from "../../../src/host/probe/outcome.js";
import type { Probes } from "../../../src/host/probe/probes.js";
import type { Check, Lab } from "../../../src/topology/lab.js";

const OK: Outcome = { is: "ok", got: "fine" };

const lab = (checks: Partial<Check>[]) =>
  ({ checks: checks.map((check) => ({ from: "red", expect: "ok", within: 5, ...check })) }) as Lab;
const ping = (address: string): Partial<Check> => ({ test: { ping: address } });
const tcp = (port: number, place?: string): Partial<Check> => ({
  test: { tcp: { address: "192.0.2.1", port } },
  ...(place ? { listen: { place, port } } : {}),
});

/** Probes that all succeed, a log of what was asked, and how many ran at once. */
function fakeProbes(answers: Partial<Probes> = {}) {
  const log: string[] = [];
  const running = { now: 0, most: 0 };
  const probe = async (words: string) => {
    log.push(words);
    running.most = Math.max(running.most, ++running.now);
    await new Promise((resolve) => setImmediate(resolve));
    running.now--;
    return OK;
  };
  const probes: Probes = {
    ping: (place, address) => probe(`ping ${place} ${address}`),
    connect: (_, { port, listener }) => probe(`connect ${port} ${listener ?? "-"}`),
    listen: (place, port) => probe(`listen ${place}:${port}`),
    unlisten: async (place, port) => void log.push(`unlisten ${place}:${port}`),
    close: async () => void log.push("close"),
    ...answers,
  };
  return { probes, log, running };
}

test("results are in the file's order, and the probes are closed at the end", async () => {
  const { probes, log } = fakeProbes();
  const checks = lab([tcp(80, "blue"), ping("192.0.2.1"), tcp(81), ping("192.0.2.2")]);
  const results = await runChecks(checks, { probes });
  expect(results.map(({ check }) => check)).toEqual(checks.checks);
  expect(log.at(-1)).toBe("close");
});

test("a TCP check without a listener ends before the first listener opens", async () => {
  const { probes, log } = fakeProbes();
  await runChecks(lab([tcp(80, "blue"), tcp(80), tcp(81, "blue"), tcp(81)]), { probes });
  const first = log.findIndex((words) => words.startsWith("listen"));
  expect(log.slice(0, first).sort()).toEqual(["connect 80 -", "connect 81 -"]);
  expect(log).toContain("connect 80 blue:80");
  expect(log.filter((words) => words.startsWith("unlisten"))).toEqual(["unlisten blue:80", "unlisten blue:81"]);
});

test("a listener that cannot open fails its check alone, and is not closed", async () => {
  const { probes, log } = fakeProbes({ listen: async () => ({ is: "impossible", got: "port 80 is already taken" }) });
  const results = await runChecks(lab([tcp(80, "blue"), ping("192.0.2.1")]), { probes });
  expect(results.map(({ ok }) => ok)).toEqual([false, true]);
  expect(results[0]).toMatchObject({ attempts: 0, reason: "no listener in blue: port 80 is already taken" });
  expect(log).toEqual(["ping red 192.0.2.1", "close"]);
});

test("many checks run side by side, bounded", async () => {
  const pings = fakeProbes();
  await runChecks(lab(Array.from({ length: 300 }, (_, n) => ping(`192.0.2.${n}`))), pings);
  expect(pings.running.most).toBe(64);
  const connections = fakeProbes();
  await runChecks(lab(Array.from({ length: 30 }, (_, n) => tcp(n + 1))), connections);
  expect(connections.running.most).toBe(8);
});

test("each check is announced and reported once, with its number", async () => {
  const events: CheckEvent[] = [];
  const { probes } = fakeProbes();
  await runChecks(lab([ping("192.0.2.1"), tcp(80), ping("192.0.2.2")]), {
    probes,
    only: (check) => "ping" in check.test,
    on: (event) => events.push(event),
  });
  const told = events.map(({ type, number, total }) => `${type} ${number}/${total}`);
  expect(told.sort()).toEqual(["check-done 1/2", "check-done 2/2", "check-started 1/2", "check-started 2/2"]);
});

test("no checks are no error", async () => {
  expect(await runChecks(lab([]), fakeProbes())).toEqual([]);
});

test("aborted before or amid, it throws and closes the probes", async () => {
  const early = fakeProbes();
  await expect(
    runChecks(lab([ping("192.0.2.1")]), { ...early, signal: AbortSignal.abort(new Error("no")) }),
  ).rejects.toThrow("no");
  expect(early.log).toEqual(["close"]);
  const abort = new AbortController();
  const amid = fakeProbes({ ping: () => new Promise(() => {}) });
  const running = runChecks(lab(Array(100).fill(ping("192.0.2.1"))), { ...amid, signal: abort.signal });
  abort.abort(new Error("stopped"));
  await expect(running).rejects.toThrow("stopped");
  expect(amid.log).toEqual(["close"]);
});
