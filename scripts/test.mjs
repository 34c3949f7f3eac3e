// npm test: the set-up, the build, all checks and all tests, then one line that counts the tests.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { runInBox } from "./box.mjs";
import { setup } from "./setup.mjs";

const reports = mkdtempSync(path.join(tmpdir(), "netlab-test-"));
const count = { passed: 0, failed: 0, skipped: 0 };
const failedParts = [];
/** What the tests count, for docs/reliability.md. */
const figures = (process.env.NETLAB_FIGURES ??= path.join(reports, "figures.jsonl"));
process.on("exit", () => rmSync(reports, { recursive: true, force: true }));

await part("setup", setup);
if (!(await part("build", () => run(["npm", "run", "--silent", "build"])))) finish();
await part("types", () => bin("tsc", "-p", "tsconfig.test.json"));
await part("lint and format", () => bin("biome", "check", "--error-on-warnings"));
await part("unused code", () => bin("knip"));
await part("unit tests", () => vitest("unit"));
await part("integration tests", integration);
await part("package tests", () => vitest("package"));
if (failedParts.length === 0 && !process.env.NETLAB_NO_BOX) await part("figures in the documents", compareFigures);
finish();

/** Runs one part under a header with its name; it fails by returning a code other than 0 or nothing. */
async function part(name, work) {
  console.log(`\n== ${name}`);
  const begin = performance.now();
  const code = (await work()) ?? 0;
  console.log(`== ${name}: ${code === 0 ? "ok" : "FAILED"} (${((performance.now() - begin) / 1000).toFixed(1)} s)`);
  if (code !== 0) failedParts.push(name);
  return code === 0;
}

/** Says where the page is out of date; what is not counted any more, or belongs nowhere, is a failure. */
function compareFigures() {
  return run([process.execPath, "scripts/generate-figures.mjs", figures, "--check"]);
}

/** Where no box can be made, the tests say so and are counted as skipped; in CI that is a failure. */
async function integration() {
  if ((await runInBox(["true"])) === 0) return vitest("integration", runInBox);
  process.env.NETLAB_NO_BOX = "no private network namespace can be made here (see above): run as root";
  console.log(process.env.NETLAB_NO_BOX);
  const code = await vitest("integration");
  return process.env.CI ? 1 : code;
}

async function vitest(project, start = run) {
  const report = path.join(reports, `${project}.json`);
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const vitest = [process.execPath, "node_modules/vitest/vitest.mjs", "run", "--project", project];
  const code = await start([...vitest, ...reporters]);
  return add(report) ? code : code || 1;
}

/** Adds a report to the sum. A file that could not be loaded counts as one failed test. */
function add(report) {
  if (!existsSync(report)) return false;
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } = JSON.parse(
    readFileSync(report, "utf8"),
  );
  const unloaded = testResults.filter((file) => file.status === "failed" && file.assertionResults.length === 0).length;
  count.passed += numPassedTests;
  count.failed += numFailedTests + unloaded;
  count.skipped += numPendingTests + numTodoTests;
  return numPassedTests + numFailedTests + numPendingTests + unloaded > 0;
}

function bin(name, ...args) {
  return run([path.join("node_modules/.bin", name), ...args]);
}

function run([file, ...args]) {
  return spawnSync(file, args, { stdio: "inherit" }).status ?? 1;
}

function finish() {
  if (failedParts.length > 0) console.log(`\nFailed: ${failedParts.join(", ")}`);
  console.log(`\n${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`);
  process.exit(failedParts.length > 0 || count.failed > 0 ? 1 : 0);
}
