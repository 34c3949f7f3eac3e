// When a sandbox stays and when it ends: by what its verb came to, whatever the exit code or the lab's programs say.
import { beforeEach, expect, test, vi } from "vitest";
import type { Outcome } from "../../../src/engine/events.js";
import { applyInSandbox, destroyInSandbox } from "../../../src/engine/sandbox-life.js";
import { startOvs } from "../../../src/host/sandbox/enter.js";
import { closeSandbox, dropSandbox } from "../../../src/host/sandbox/hold.js";
import { settle } from "../../../src/host/sandbox/use.js";

const sandbox = { format: 1, lab: "one", pid: 2, started: "", boot: "", user: false } as const;
const end = vi.fn();
vi.mock("../../../src/host/sandbox/enter.js", () => ({ startOvs: vi.fn() }));
vi.mock("../../../src/host/sandbox/hold.js", () => ({
  openSandbox: async () => ({ sandbox, made: true, use: { end } }),
  dropSandbox: vi.fn(async () => true),
  closeSandbox: vi.fn(),
}));
vi.mock("../../../src/host/sandbox/uplink.js", () => ({
  findUplink: () => undefined,
  setUplink: async () => undefined,
}));
vi.mock("../../../src/host/sandbox/use.js", () => ({ settle: vi.fn() }));
beforeEach(() => void vi.clearAllMocks());

const tenant = { lab: "one", ovs: false, published: [] };
const called = (fn: unknown) => vi.mocked(fn as () => void).mock.calls.length;

test.each<[Outcome | undefined, boolean, boolean]>([
  ["applied", false, true],
  ["unchanged", false, true],
  ["refused", false, false],
  ["rolled-back", false, false],
  ["left-behind", false, false],
  ["left-behind", true, true],
  [undefined, false, false],
])("an apply that is %s, with a failure or not; without rollback: %s", async (outcome, keepAlways, stays) => {
  await applyInSandbox(tenant, async () => ({ outcome, code: 1 }), keepAlways);
  expect([called(settle), called(dropSandbox), called(end)]).toEqual([stays ? 1 : 0, stays ? 0 : 1, 1]);
});

test("an apply that throws ends what it used", async () => {
  await expect(applyInSandbox(tenant, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect([called(settle), called(dropSandbox), called(end)]).toEqual([0, 1, 1]);
});

test.each<[Outcome | undefined, boolean, boolean]>([
  ["applied", true, false],
  ["unchanged", true, false],
  ["left-behind", true, true],
  ["refused", false, false],
  [undefined, false, false],
])("a destroy that is %s, where Open vSwitch does not start", async (outcome, ends, rest) => {
  vi.mocked(startOvs).mockResolvedValue("there is no schema");
  const destroyed = await destroyInSandbox({ ...tenant, ovs: true }, sandbox, async () => ({ outcome }));
  expect(destroyed).toEqual({ result: { outcome }, rest });
  expect(called(closeSandbox)).toBe(ends ? 1 : 0);
});
