// Writes docs/reliability.md from the figures that the tests have counted: generate-figures.mjs FIGURES [--check]
// FIGURES: lines of { what, count }, written where NETLAB_FIGURES is set. --check: only compares with the page. Exit code 4
// where a figure belongs to no section, or one that the page is there for was not counted; with --check, 3 where a figure has
// no row on the page, or a row was not counted, or less than half as often. Smaller differences are told: some counts depend
// on the kernel. Times that were not measured are told, too: a machine may lack that DHCP client.
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

const PAGE = path.resolve(import.meta.dirname, "../docs/reliability.md");

/** Sections of the page: its heading, what was done and found each time, and which figures belong there. */
const SECTIONS = [
  [
    "Killed",
    "netlab stopped with SIGKILL at a command, alone or with all its children. The next `plan` reads the state, the next `apply` completes it, and `destroy` leaves the machine as it was.",
    /^(points killed|take-overs and returns killed)/,
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
    "A field changed by hand behind netlab's back. `plan` shows that difference and no other, `apply` repairs it, the next plan is empty. What is others' own there is left alone, and what has lost its mark is refused until somebody adopts it.",
    /^(drifts|changes by others|marks removed)/,
  ],
  [
    "Conflicts",
    "Something unmarked, or of another lab, where the lab wants its own. Refused before the first change, with its owner and the way out; `--adopt` takes over what is unmarked.",
    /^(conflicts refused|strangers adopted)/,
  ],
  [
    "Foreign objects",
    "Random things of others beside random labs and inside them. After apply, edit, apply and destroy they are bit for bit as before; of routes over an interface of the lab that goes, the plan says that they are lost.",
    /^foreign/,
  ],
  [
    "Hostile and broken input",
    "Broken files, hostile strings, machines that lack something. Said in one line, and nothing is changed.",
    /^(hostile|machines that lack)/,
  ],
  [
    "The plan and the model",
    "Random labs made, edited and removed on the real kernel: after every batch the state that is read is the one that was foretold. What the tools are given is what the plan shows.",
    /^(random|batches compared|commands compared|cables)/,
  ],
  [
    "Connections over the machine's own interfaces",
    "The longest silence, in milliseconds, of a connection while the interface that it goes over is taken into a bridge and given back.",
    /^milliseconds of silence/,
  ],
];

/** What the page is there to show: each line is the sum of such figures. */
const SUMS = [
  ["points killed", /^points killed/],
  ["points failed", /^points failed/],
  ["drifts injected and repaired", /^drifts injected and repaired$/],
  ["conflicts refused", /^conflicts refused$/],
  ["foreign objects checked", /^foreign objects checked$/],
  ["hostile inputs tried", /^hostile (inputs|strings)/],
  ["hostile commands refused by the second look", /^hostile commands/],
  ["random transitions from one lab to another", /^random transitions$/],
];
/** A length of time: the longest counts, not the sum, and it is another one each time. */
const isTime = (what) => what.startsWith("milliseconds ");

const HEAD = `# Reliability

Made by the tests (\`npm test\` counts, \`node scripts/generate-figures.mjs\` writes this page). Every number is a case on a real
kernel, or of the real parser, that ended as the text above it says; one that does not fails the tests. Hostile commands are
given to the guard that stands before the tools, by itself. \`NETLAB_SOAK=1\` tries many more.
Some counts depend on the kernel: the commands of a lab do.
`;

const [file, flag] = process.argv.slice(2);
const figures = counted(readFileSync(file, "utf8"));
if (flag === "--check") compare(rowsOf(readFileSync(PAGE, "utf8")));
else writeFileSync(PAGE, [HEAD, sums(), ...SECTIONS.flatMap(section), versions()].join("\n"));
complete();

function counted(lines) {
  const found = new Map();
  for (const line of lines.split("\n").filter(Boolean)) {
    const { what, count } = JSON.parse(line);
    const before = found.get(what) ?? 0;
    found.set(what, isTime(what) ? Math.max(before, count) : before + count);
  }
  return new Map([...found].filter(([, count]) => count > 0).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Every figure is in one section, and those that the page is for are there. */
function complete() {
  const names = [...figures.keys()];
  const homeless = names.filter((what) => SECTIONS.filter(([, , pattern]) => pattern.test(what)).length !== 1);
  const missing = SUMS.filter(([, pattern]) => sum(pattern) === 0);
  for (const what of homeless) console.error(`generate-figures: "${what}" belongs to no section, or to several`);
  for (const [title] of missing) console.error(`generate-figures: nothing was counted for "${title}"`);
  if (homeless.length + missing.length > 0) process.exitCode = 4;
}

function sum(pattern) {
  return [...figures].reduce((total, [what, count]) => total + (pattern.test(what) ? count : 0), 0);
}

function sums() {
  const rows = SUMS.map(([title, pattern]) => `| ${title} | **${sum(pattern)}** |`);
  return ["## With nothing lost", "", "| what | cases |", "|---|---:|", ...rows, ""].join("\n");
}

function section([title, about, pattern]) {
  const rows = [...figures].filter(([what]) => pattern.test(what)).map(([what, count]) => `| ${what} | ${count} |`);
  if (rows.length === 0) return [];
  return [[`## ${title}`, "", about, "", "| what | cases |", "|---|---:|", ...rows, ""].join("\n")];
}

function versions() {
  const cli = path.resolve(import.meta.dirname, "../dist/cli.js");
  const { stdout } = spawnSync(process.execPath, [cli, "version", "--json"], { encoding: "utf8" });
  const rows = Object.entries(JSON.parse(stdout)).filter(([name]) => name !== "format");
  return ["## Counted with", "", ...rows.map(([name, version]) => `- ${name} ${version ?? "(none)"}`), ""].join("\n");
}

/** Name → count of every row of a page. */
function rowsOf(page) {
  return new Map([...page.matchAll(/^\| (.+) \| (\d+) \|$/gm)].map(([, what, count]) => [what, Number(count)]));
}

function compare(page) {
  const lost = [...page].filter(([what, count]) => !isTime(what) && (figures.get(what) ?? 0) < count / 2);
  const unmeasured = [...page.keys()].filter((what) => isTime(what) && !figures.has(what));
  const differing = [...figures].filter(
    ([what, count]) => page.get(what) !== count && !(isTime(what) && page.has(what)),
  );
  for (const what of unmeasured) console.log(`${what}: not measured here`);
  if (lost.length + differing.length === 0) return;
  console.log(
    "docs/reliability.md is out of date: NETLAB_FIGURES=FILE npm test; node scripts/generate-figures.mjs FILE",
  );
  for (const [what, count] of differing)
    console.log(`  ${what}: ${count}, and ${page.get(what) ?? "none"} on the page`);
  for (const [what, count] of lost) console.log(`  ${what}: only ${figures.get(what) ?? 0} of ${count} on the page`);
  if (lost.length > 0 || differing.some(([what]) => !page.has(what))) process.exitCode = 3;
}
