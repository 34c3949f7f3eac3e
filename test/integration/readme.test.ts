// The README holds: its files are valid and pass their checks, and what it says its commands print is what they print.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Box } from "../helpers/box.js";

const README = readFileSync("README.md", "utf8");
const blocks = (language: string) =>
  [...README.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, "gms"))].map(([, text]) => text!);
const [FIRST, CAMPUS] = blocks("yaml");

const directory = mkdtempSync(path.join(tmpdir(), "netlab-readme-"));
let box: Box;

beforeAll(async () => {
  box = await Box.open({ ovs: true });
  writeFileSync(path.join(directory, "netlab.yaml"), FIRST!);
  writeFileSync(path.join(directory, "campus.yaml"), CAMPUS!);
});
afterAll(async () => {
  await box.close();
  rmSync(directory, { recursive: true, force: true });
});

/** Times and widths are of the moment; how many settings there are depends on the machine. */
const lasting = (line: string) =>
  line
    .replace(/[\d.]+ m?s\b/g, "_ ms")
    .replace(/ +/g, " ")
    .replace(/\b\d+ (to create|created|deleted)/g, "N $1");

/** A command line, and the lines that it is said to print: `…` stands for any. */
function session(): { line: string; says: string[] }[] {
  const steps: { line: string; says: string[] }[] = [];
  for (const line of blocks("console")[0]!.split("\n"))
    if (line.startsWith("$ ")) steps.push({ line: line.slice(2).replace(/^sudo /, ""), says: [] });
    else if (line !== "" && line.trim() !== "…") steps.at(-1)!.says.push(lasting(line));
  return steps;
}

test("the session that it opens with", async () => {
  const cli = path.resolve("dist/cli.js");
  for (const { line, says } of session()) {
    const command = line.replace(/^netlab /, `exec node ${cli} `);
    const { code, stdout, stderr } = await box.run(["sh", "-c", command], { cwd: directory });
    expect(code, `${line}\n${stdout}${stderr}`).toBe(0);
    const printed = `${stdout}${stderr}`.split("\n").map(lasting);
    expect(printed, line).toEqual(expect.arrayContaining(says));
  }
});

test("the file that shows the format", async () => {
  for (const verb of [["apply", "--yes"], ["check"], ["plan", "--detailed-exitcode"], ["destroy", "--yes"]]) {
    const { code, stdout, stderr } = await box.netlab([...verb, path.join(directory, "campus.yaml")]);
    expect(code, `${verb.join(" ")}\n${stdout}${stderr}`).toBe(0);
  }
});
