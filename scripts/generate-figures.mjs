// Writes docs/reliability.md from the figures that the tests have counted: generate-figures.mjs FIGURES [--check]
// FIGURES: lines of { what, count }, written where NETLAB_FIGURES is set. --check: only says where the page differs.
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

const PAGE = path.resolve(import.meta.dirname, "../docs/reliability.md");

/** Sections of the page: its heading, what was done and found each time, and which figures belong there. */
const SECTIONS = [
  [
    "Killed",
    "netlab stopped with SIGKILL at a command, alone or with all its children. The next `plan` reads the state, the next `apply` completes it, and `destroy` leaves the machine as it was.",
    /^points killed/,
  ],
  [
    "Failed",
    "A command, or a read, that fails. The lab is as it was before, verified; the message names the step, the command, its error and the place in the file.",
    /^(points failed|rollbacks failed|adoptions rolled back)/,
  ],
  ["Interrupted", "SIGINT and SIGTERM. Rolled back or finished, and it says which.", /^points interrupted/],
  ["Hanging", "Tools and daemons that never answer. Bounded, named, rolled back.", /(hung|daemons stopped)$/],
  [
    "Together",
    "Several netlabs at once, labs that are alike, and processes inside a lab. Each is right, and is destroyed alone.",
    /^(applies at once|labs alike|processes ended)/,
  ],
  [
    "Drift",
    "A field changed by hand behind netlab's back. `plan` shows that difference and no other, `apply` repairs it, the next plan is empty.",
    /drift/i,
  ],
  [
    "Conflicts",
    "Something unmarked, or of another lab, where the lab wants its own. Refused before the first change, with its owner and the way out; `--adopt` takes over what is unmarked.",
    /^(conflicts refused|strangers adopted)/,
  ],
  [
    "Foreign objects",
    "Random things of others beside random labs and inside them. After apply, edit, apply and destroy they are bit for bit as before.",
    /^foreign/,
  ],
  [
    "Hostile and broken input",
    "Broken files, hostile strings, machines that lack something. Said in one line, and nothing is changed.",
    /^(hostile|machines that lack)/,
  ],
  [
    "The plan and the model",
    "Random labs made, edited and removed on the real kernel: after every stage the state that is read is the one that was foretold. What the tools are given is what the plan shows.",
    /^(random|stages compared|commands compared|cables)/,
  ],
];

const HEAD = `# Reliability

Made by the tests (\`npm test\` counts, \`node scripts/generate-figures.mjs\` writes this page). Every number is a case on a real
kernel, or of the real parser, that ended as the text above it says; one that does not fails the tests. \`NETLAB_SOAK=1\` tries many more.
Some counts depend on the kernel: the commands of a lab do.
`;

const [file, flag] = process.argv.slice(2);
const figures = sums(readFileSync(file, "utf8"));
const text = [HEAD, ...SECTIONS.flatMap(section), versions()].join("\n");
if (flag === "--check") check(text);
else writeFileSync(PAGE, text);

function sums(lines) {
  const found = new Map();
  for (const line of lines.split("\n").filter(Boolean)) {
    const { what, count } = JSON.parse(line);
    found.set(what, (found.get(what) ?? 0) + count);
  }
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function section([title, about, pattern]) {
  const rows = [...figures]
    .filter(([what, count]) => pattern.test(what) && count > 0)
    .map(([what, count]) => `| ${what} | ${count} |`);
  if (rows.length === 0) return [];
  return [[`## ${title}`, "", about, "", "| what | cases |", "|---|---:|", ...rows, ""].join("\n")];
}

function versions() {
  const cli = path.resolve(import.meta.dirname, "../dist/cli.js");
  const { stdout } = spawnSync(process.execPath, [cli, "version", "--json"], { encoding: "utf8" });
  const rows = Object.entries(JSON.parse(stdout)).filter(([name]) => name !== "format");
  return ["## Counted with", "", ...rows.map(([name, version]) => `- ${name} ${version ?? "(none)"}`), ""].join("\n");
}

/** The versions differ from machine to machine: they are not compared. */
function check(now) {
  const lines = (page) => new Set(page.split("\n").filter((line) => line.startsWith("| ")));
  const [before, after] = [lines(readFileSync(PAGE, "utf8")), lines(now)];
  const differing = [...after].filter((line) => !before.has(line));
  const gone = [...before].filter((line) => !after.has(line));
  if (differing.length + gone.length === 0) return;
  console.log(
    "docs/reliability.md is out of date: NETLAB_FIGURES=FILE npm test; node scripts/generate-figures.mjs FILE",
  );
  for (const line of gone) console.log(`- ${line}`);
  for (const line of differing) console.log(`+ ${line}`);
  process.exitCode = 3;
}
