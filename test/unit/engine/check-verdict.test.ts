// What an outcome means for each expectation.
import { expect, test } from "vitest";
import { failureReason, judge } from "../../../src/engine/check-verdict.js";
import type { Outcome } from "../../../src/host/probe/outcome.js";
import type { Check, Expect } from "../../../src/topology/lab.js";

const expecting = (wish: Expect, more: Partial<Check> = {}): Check => ({
  origin: "/checks/0",
  from: "red",
  test: { tcp: { address: "192.0.2.2", port: 80 } },
  expect: wish,
  within: 5,
  ...more,
});

const outcome = (is: Outcome["is"], seenAs?: string): Outcome => ({ is, got: "words", seenAs });

test.each([
  ["ok", "holds", "again", "again", "again", "fails"],
  ["refused", "again", "holds", "again", "again", "fails"],
  ["unreachable", "fails", "fails", "again", "fails", "fails"],
] as const)("%s: ok %s, refused %s, unreachable %s, broken %s, impossible %s", (wish, ...verdicts) => {
  const outcomes = (["ok", "refused", "unreachable", "broken", "impossible"] as const).map((is) => outcome(is));
  expect(outcomes.map((each) => judge(expecting(wish), each, 1))).toEqual(verdicts);
});

test("unreachable holds from the second time on", () => {
  expect(judge(expecting("unreachable"), outcome("unreachable"), 2)).toBe("holds");
  expect(judge(expecting("unreachable"), outcome("ok"), 2)).toBe("fails");
});

test("an ok connection from another address than expected is not yet right", () => {
  const check = expecting("ok", { listen: { place: "blue", port: 80 }, seenAs: "198.51.100.1" });
  expect(judge(check, outcome("ok", "198.51.100.1"), 1)).toBe("holds");
  expect(judge(check, outcome("ok", "10.0.0.1"), 1)).toBe("again");
  expect(failureReason(check, outcome("ok", "10.0.0.1"))).toBe(
    "the listener was to see 198.51.100.1, and saw 10.0.0.1",
  );
});

test("the reason says what was expected", () => {
  const ping = { test: { ping: "192.0.2.2" } };
  const listen = { listen: { place: "blue", port: 80 } };
  expect(failureReason(expecting("ok", ping), outcome("unreachable"))).toBe("a reply was expected within 5 s");
  expect(failureReason(expecting("ok"), outcome("refused"))).toBe("a connection was expected within 5 s");
  expect(failureReason(expecting("ok", listen), outcome("broken"))).toBe(
    "a connection that carries data was expected within 5 s",
  );
  expect(failureReason(expecting("refused"), outcome("ok"))).toBe("a refusal (TCP reset) was expected within 5 s");
  expect(failureReason(expecting("unreachable"), outcome("refused"))).toMatch(/^an answer came/);
  expect(failureReason(expecting("unreachable"), { is: "impossible", got: "no ping" })).toBe("no ping");
});
