// Who has come into a namespace that is deleted: looked for until nobody is there, with few files open meanwhile.
import { mkdtempSync, readdirSync, readlinkSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Batch } from "../../../../src/core/plan.js";
import { leaving } from "../../../../src/host/write/leaving.js";

const machine = vi.hoisted(() => ({
  folder: "",
  openFiles: null as number | null,
  /** Who is there at each look; at those behind, the last of them. */
  looks: [] as number[][],
  looked: [] as string[][],
  ended: [] as number[],
}));
vi.mock("../../../../src/host/namespaces.js", () => ({ netnsPath: (place: string) => `${machine.folder}/${place}` }));
vi.mock("../../../../src/host/process/proc.js", () => ({ openFiles: () => machine.openFiles }));
vi.mock("../../../../src/host/read/processes.js", () => ({
  listProcesses: (inodes: Map<string, number>) => {
    machine.looked.push([...inodes.keys()]);
    const pids = (machine.looks.length > 1 ? machine.looks.shift() : machine.looks[0]) ?? [];
    return pids.map((pid) => ({ pid, start: "1", command: "sleep", place: "n0", session: pid }));
  },
}));
vi.mock("../../../../src/host/write/end-process.js", () => ({
  endProcess: async ({ args }: { args: string[] }) => {
    machine.ended.push(Number(args.at(-1)));
    return { exitCode: 0, output: "" };
  },
}));

beforeEach(() => {
  const folder = mkdtempSync(path.join(tmpdir(), "netlab-leaving-"));
  Object.assign(machine, { folder, openFiles: null, looks: [[]], looked: [], ended: [] });
});
afterEach(() => rmSync(machine.folder, { recursive: true }));

/** Batches that delete so many namespaces. */
function deleting(size: number): { batches: Batch[]; names: string[] } {
  const names = Array.from({ length: size }, (_, i) => `n${i}`);
  for (const name of names) writeFileSync(`${machine.folder}/${name}`, "");
  const steps = names.map((name, i) => {
    const command = { tool: "ip", place: "host", args: ["netns", "delete", name] };
    return { number: i + 1, action: "delete" as const, id: `namespace:${name}`, commands: [command] };
  });
  return { batches: [{ tool: "ip", place: "host", steps }], names };
}

const lose = (name: string) => renameSync(`${machine.folder}/${name}`, `${machine.folder}/gone-${name}`);

/** Open files of this process in the folder. */
const held = (): number =>
  readdirSync("/proc/self/fd").filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`).startsWith(machine.folder);
    } catch {
      return false;
    }
  }).length;

test("half of the files that it may have open are left to others", async () => {
  machine.openFiles = 10;
  const { batches, names } = deleting(8);
  const places = leaving(batches);
  expect(held()).toBe(5);
  for (const name of names) lose(name);
  await places.empty();
  expect(machine.looked[0]).toEqual(names.slice(0, 5));
  places.release();
  expect(held()).toBe(0);
});

test("without a limit all are held; a name that stays is not looked at", async () => {
  const places = leaving(deleting(8).batches);
  expect(held()).toBe(8);
  await places.empty();
  expect(machine.looked).toEqual([]);
  lose("n3");
  await places.empty();
  expect(machine.looked).toEqual([["n3"], ["n3"]]);
  places.release();
});

test.each([
  ["before it is seen that nobody is there", [[7], [], []], [7], 3],
  ["after nobody was seen there once", [[], [7], [], []], [7], 4],
  ["one after another", [[7], [8], [], [9], []], [7, 8, 9], 6],
])("who comes in %s is ended", async (_, looks, ended, times) => {
  machine.looks = looks;
  const places = leaving(deleting(1).batches);
  lose("n0");
  await places.empty();
  expect(machine.ended).toEqual(ended);
  expect(machine.looked).toHaveLength(times);
  places.release();
});

test("what never ends is named", async () => {
  machine.looks = [[7]];
  const places = leaving(deleting(1).batches);
  lose("n0");
  await expect(places.empty()).rejects.toThrow(/n0 has lost its name and lives on: process 7 \(sleep\) does not end/);
  places.release();
});
