// The package as its users get it: packed, installed globally and as a library, and used. Needs the npm registry.
import { execFile } from "node:child_process";
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { withBox } from "../helpers/box.js";
import { User } from "../helpers/user.js";

const ROOT = path.resolve(import.meta.dirname, "../..");
const QUIET = ["--no-audit", "--no-fund", "--prefer-offline", "--loglevel=error"];
const execute = promisify(execFile);
let folder: string;
let project: string;
let tarball: string;
let files: string[];

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "netlab-package-"));
  // Other users are to read it, too.
  await chmod(folder, 0o755);
  project = path.join(folder, "project");
  // Without prepack, which would build anew under the feet of other tests.
  const packed = await run("npm", ["pack", "--ignore-scripts", "--json", "--pack-destination", folder], ROOT);
  const [report] = JSON.parse(packed) as [{ filename: string; files: { path: string }[] }];
  tarball = path.join(folder, report.filename);
  files = report.files.map((file) => file.path);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

test("the tarball holds what a user needs, and no sources or tests", () => {
  expect(files).toEqual(
    expect.arrayContaining([
      "LICENSE",
      "README.md",
      "dist/cli.js",
      "dist/index.js",
      "dist/index.d.ts",
      "examples/01-veth-pair.yaml",
      "schemas/topology.schema.json",
    ]),
  );
  expect(files.filter((file) => !/^(dist|docs|examples|schemas)\/|^[A-Z]+(\.md)?$|^package\.json$/.test(file))).toEqual(
    [],
  );
  expect(
    files.filter((file) => file.startsWith("dist/") && !/\.js$|\.d\.ts$|^dist\/command\/[\w-]+\.cjs/.test(file)),
  ).toEqual([]);
});

test("what V8 made of the packed command line is there, and good", async () => {
  const packed = path.join(ROOT, "dist/command");
  const names = (await readdir(packed)).filter((name) => name.endsWith(".cjs"));
  expect(names).toContain("main.cjs");
  const check = `const { readFileSync } = require("node:fs");
    for (const name of process.argv.slice(1)) {
      const cachedData = readFileSync(name + "." + process.versions.v8 + "-" + process.arch);
      const { cachedDataRejected } = new (require("node:vm").Script)(readFileSync(name, "utf8"), { cachedData });
      if (cachedDataRejected) throw new Error(name);
    }`;
  await run(process.execPath, ["-e", check, ...names.map((name) => path.join(packed, name))], ROOT);
  for (const name of names) expect(files).toContain(`dist/command/${name}.${process.versions.v8}-${process.arch}`);
  expect(await readFile(path.join(packed, "engine.cjs"), "utf8")).toMatch(
    /^\(function [^{]*\{\s*(\/\/.*\s*)*"use strict";/,
  );
});

test("the way into a sandbox loads no engine", async () => {
  const text = await readFile(path.join(ROOT, "dist/command/sandbox.cjs"), "utf8");
  expect(text).toContain('require("./base.cjs")');
  expect(text).not.toMatch(/^(const .* = )?require\("\.\/engine\.cjs"\)/m);
});

test("publint finds nothing to say", async () => {
  const publint = path.join(ROOT, "node_modules/.bin/publint");
  expect(await run(publint, ["run", tarball, "--strict"], folder)).toContain("All good!");
});

test("installed globally it gives the command, in whatever folder", async () => {
  const prefix = path.join(folder, "global");
  await run("npm", ["install", "--global", "--prefix", prefix, ...QUIET, tarball], folder);
  const netlab = path.join(prefix, "bin/netlab");
  const version = JSON.parse(await run(netlab, ["version", "--json"], folder)) as Record<string, unknown>;
  const { default: manifest } = await import("../../package.json", { with: { type: "json" } });
  expect(version).toMatchObject({ netlab: manifest.version, node: process.versions.node });
  await cp(path.join(ROOT, "examples/01-veth-pair.yaml"), path.join(folder, "topo.yaml"));
  await run(netlab, ["validate"], folder);
  await writeFile(path.join(folder, "wrong.yaml"), "name: x\nlinks:\n  - endpoints: [a:eth0, b:eth0]\n");
  await expect(run(netlab, ["validate", "wrong.yaml"], folder)).rejects.toThrow(/wrong\.yaml:3:/);
});

test("installed as a library it is type-checked and builds a lab", async () => {
  await mkdir(project);
  await writeFile(path.join(project, "package.json"), JSON.stringify({ name: "user", private: true, type: "module" }));
  await run("npm", ["install", ...QUIET, tarball], project);
  await cp(path.join(ROOT, "examples/01-veth-pair.yaml"), path.join(project, "topo.yaml"));
  await writeFile(path.join(project, "use.mjs"), USE);
  await writeFile(path.join(project, "use.mts"), USE);
  await writeFile(path.join(project, "sandbox.mjs"), USE_SANDBOX);
  await writeFile(path.join(project, "sandbox.mts"), USE_SANDBOX);
  await writeFile(path.join(project, "tsconfig.json"), JSON.stringify(STRICT));
  await mkdir(path.join(project, "node_modules/@types"), { recursive: true });
  await symlink(path.join(ROOT, "node_modules/@types/node"), path.join(project, "node_modules/@types/node"));
  await run(path.join(ROOT, "node_modules/.bin/tsc"), ["-p", "."], project);

  const ran = await withBox({}, (box) => box.run([process.execPath, "use.mjs"], { cwd: project }));
  expect(ran).toMatchObject({ code: 0, stderr: "" });
  const made = { before: true, applied: "applied", after: 0, passed: true, destroyed: "applied" };
  expect(JSON.parse(ran.stdout)).toEqual(made);
});

test("as a library it does without root, in the sandbox that the command line finds, too", () =>
  withBox({}, async (box) => {
    const user = await User.of(box);
    const before = await user.traces();
    const use = () => user.run([process.execPath, "sandbox.mjs"], { cwd: project });
    expect(await use()).toMatchObject({ code: 0, stdout: "applied\n", stderr: "" });
    await user.succeeds(["plan", "--detailed-exitcode", path.join(project, "topo.yaml")]);
    const ran = await use();
    expect(ran, ran.stderr).toMatchObject({ code: 0 });
    expect(JSON.parse(ran.stdout)).toEqual({
      planned: 0,
      checked: [true],
      heard: "check-started check-done",
      machine: "MachineError: changing a lab needs root (CAP_NET_ADMIN and CAP_SYS_ADMIN)",
      stopped: "Error: by the listener",
      destroyed: "applied",
      again: "unchanged",
      declined: "refused",
      thrown: "Error: by the listener",
      aborted: "rolled-back SIGINT",
    });
    expect(await user.traces()).toBe(before);
  }));

const USE = `import { apply, check, destroy, load, plan } from "netlab";
const { lab, diagnostics } = await load("topo.yaml");
if (!lab) throw new Error(diagnostics.map((diagnostic) => diagnostic.message).join());
const before = (await plan(lab)).plan.changes.length;
const applied = await apply(lab);
const after = (await plan(lab)).plan.changes.length;
const passed = (await check(lab)).every((result) => result.ok);
const destroyed = await destroy(lab);
console.log(JSON.stringify({ before: before > 0, applied: applied.outcome, after, passed, destroyed: destroyed.outcome }));
`;

/** The first time it makes the lab, the second time it finds it there. */
const USE_SANDBOX = `import { apply, check, destroy, load, plan } from "netlab";
const { lab } = await load("topo.yaml");
if (!lab) throw new Error("no lab");
const sandbox = true;
if ((await plan(lab, { sandbox })).plan.changes.length > 0) {
  console.log((await apply(lab, { sandbox })).outcome);
  process.exit();
}
const planned = (await plan(lab)).plan.changes.length;
const heard = new Set();
const refused = await check(lab, { only: ({ expect }) => expect === "refused", on: ({ type }) => heard.add(type) });
const checked = refused.map(({ ok }) => ok);
const machine = await apply(lab, { sandbox: false }).catch(String);
const fail = () => { throw new Error("by the listener"); };
const stopped = await destroy(lab, { check: fail }).catch(String);
const destroyed = (await destroy(lab)).outcome;
const again = (await destroy(lab.name, { sandbox })).outcome;
const declined = (await apply(lab, { sandbox, confirm: async ({ changes }) => changes.length === 0 })).outcome;
const thrown = await apply(lab, { sandbox, on: fail }).catch(String);
const abort = new AbortController();
const { outcome, signal } = await apply(lab, {
  sandbox,
  on: ({ type }) => { if (type === "step") abort.abort("SIGINT"); },
  signal: abort.signal,
});
console.log(JSON.stringify({
  planned, checked, heard: [...heard].join(" "), machine, stopped, destroyed, again, declined, thrown, aborted: outcome + " " + signal,
}));
`;

const STRICT = {
  compilerOptions: { module: "NodeNext", target: "ES2023", strict: true, noEmit: true, types: ["node"] },
  files: ["use.mts", "sandbox.mts"],
};

/** @throws Error with all output where it fails */
async function run(file: string, args: string[], cwd: string): Promise<string> {
  try {
    return (await execute(file, args, { cwd, maxBuffer: 1 << 26 })).stdout;
  } catch (error) {
    const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
    throw new Error(`${file} ${args.join(" ")}\n${stdout}${stderr}`, { cause: error });
  }
}
