// Where a verb of the library belongs: into the lab's sandbox, onto the machine, or nobody can tell.
import { expect, test, vi } from "vitest";
import { belongsInSandbox } from "../../../src/engine/in-sandbox.js";
import { mayChange } from "../../../src/host/rights.js";
import { findSandbox } from "../../../src/host/sandbox/record.js";

vi.mock("../../../src/host/sandbox/record.js", () => ({ findSandbox: vi.fn() }));
vi.mock("../../../src/host/rights.js", () => ({ mayChange: vi.fn() }));
vi.mock("../../../src/host/this-machine.js", () => ({ thisMachine: vi.fn() }));
vi.mock("../../../src/engine/labs.js", () => ({ listLabs: async () => [{ name: "twin" }] }));

const alive = { state: "alive", sandbox: { format: 1, lab: "", pid: 2, started: "", boot: "", user: false } } as const;

test.each([
  ["twin", { state: "none" }, {}, true, false],
  ["single", alive, {}, true, true],
  ["twin", alive, {}, true, "Lab twin is on this machine itself, and in a sandbox."],
  ["twin", alive, { sandbox: true }, true, true],
  ["twin", alive, { sandbox: false }, true, false],
  ["twin", alive, {}, false, true],
] as const)("lab %s, sandbox %j, asked for %j, root: %s", async (lab, found, where, root, belongs) => {
  vi.mocked(findSandbox).mockReturnValue(found);
  vi.mocked(mayChange).mockReturnValue(root);
  expect(await belongsInSandbox(lab, where).catch((error: Error) => error.message)).toBe(belongs);
});
