// Verification waits for late things, and not for ever; a look that is slow does not count as waiting.
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { State } from "../../../src/core/resource.js";
import { verify } from "../../../src/engine/verify.js";

const desired: State = {
  "namespace:red": { id: "namespace:red", kind: "namespace", place: "red", fields: {}, at: {} },
};
const there: State = { "namespace:red": { ...desired["namespace:red"]!, owner: "lab" } };

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** Looks that take so many milliseconds each and give these states; the last one again and again. */
function looks(ms: number, ...states: State[]) {
  return vi.fn(async () => {
    vi.setSystemTime(Date.now() + ms);
    return states.length > 1 ? states.shift()! : states[0]!;
  });
}

async function outcome(look: ReturnType<typeof looks>, bound: number) {
  const ended = verify(desired, look, bound);
  await vi.advanceTimersByTimeAsync(60_000);
  return { left: (await ended).map(({ id }) => id), looked: look.mock.calls.length };
}

test("what is there at once is looked at once", async () => {
  expect(await outcome(looks(5, there), 1000)).toEqual({ left: [], looked: 1 });
});

test("a look that takes longer than the bound is followed by another", async () => {
  expect(await outcome(looks(20_000, {}, there), 10_000)).toEqual({ left: [], looked: 2 });
});

test("what never comes is given up", async () => {
  const { left, looked } = await outcome(looks(5, {}), 1000);
  expect(left).toEqual(["namespace:red"]);
  expect(looked).toBeGreaterThan(2);
});

test("without a bound there is one look", async () => {
  expect(await outcome(looks(5, {}), 0)).toEqual({ left: ["namespace:red"], looked: 1 });
});
