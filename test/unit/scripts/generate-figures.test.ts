// What the tests count is on the page: no figure without a section, no row that nothing counts any more.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";

const ROOT = path.resolve(import.meta.dirname, "../../..");
const scratch = mkdtempSync(path.join(tmpdir(), "netlab-figures-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const PAGE = readFileSync(path.join(ROOT, "docs/reliability.md"), "utf8");
const rows = new Map([...PAGE.matchAll(/^\| (.+) \| (\d+) \|$/gm)].map(([, what, count]) => [what!, Number(count)]));

function check(figures: Iterable<[string, number]>) {
  const file = path.join(scratch, "figures.jsonl");
  writeFileSync(file, [...figures].map(([what, count]) => `${JSON.stringify({ what, count })}\n`).join(""));
  const args = [path.join(ROOT, "scripts/generate-figures.mjs"), file, "--check"];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  return { status, said: stdout + stderr };
}

test("what is on the page is what belongs there", () => {
  expect(check(rows)).toEqual({ status: 0, said: "" });
});

test("every figure that a test writes has its section", () => {
  const files = readdirSync(path.join(ROOT, "test"), { recursive: true, encoding: "utf8" }).filter((one) =>
    /\.ts$/.test(one),
  );
  const texts = files.map((one) => readFileSync(path.join(ROOT, "test", one), "utf8"));
  const calls = texts.flatMap((text) => [...text.matchAll(/\bfigure\(([^;]*?),[^,;]*\);/gs)].map(([, what]) => what!));
  const names = calls.flatMap((what) => [...what.matchAll(/"([^"]+)"|`([^`]+)`/g)].map(([, one, two]) => one ?? two!));
  expect(names.length).toBeGreaterThan(20);
  // Names with parts that only a run knows belong to a section; that they have a row, `npm test` sees at its end.
  const plain = names.filter((what) => !what.includes("${"));
  expect(plain.filter((what) => !rows.has(what))).toEqual([]);
  const all = new Map([...rows, ...names.map((what): [string, number] => [what.replaceAll(/\$\{[^}]*\}/g, "x"), 1])]);
  expect(check(all).said).not.toMatch(/belongs to no section/);
});

test("a figure of no section, one that is missed, and one that shrinks are failures", () => {
  expect(check([...rows, ["moons seen", 3]])).toMatchObject({
    status: 4,
    said: expect.stringMatching(/"moons seen" belongs to no section/),
  });
  const without = (pattern: RegExp) => [...rows].filter(([what]) => !pattern.test(what));
  expect(check(without(/^conflicts refused$/))).toMatchObject({
    status: 4,
    said: expect.stringMatching(/nothing was counted for "conflicts refused"/),
  });
  expect(check(without(/^labs alike$/))).toMatchObject({
    status: 3,
    said: expect.stringMatching(/labs alike: only 0 of/),
  });
  const known: [string, number] = ["points killed: reload", 3];
  expect(check([...rows, known])).toMatchObject({
    status: 3,
    said: expect.stringMatching(/points killed: reload: 3, and none on the page/),
  });
  const halved = [...rows].map(([what, count]): [string, number] => [what, what === "conflicts refused" ? 3 : count]);
  expect(check(halved)).toMatchObject({ status: 3, said: expect.stringMatching(/conflicts refused: only 3 of/) });
});
