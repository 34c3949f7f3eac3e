// The command line: what is asked wrongly gets a clear word and exit code 1, never a stack trace.
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { main } from "../../../src/commands/main.js";
import { fakeSession } from "./fake-session.js";

const folder = mkdtempSync(join(tmpdir(), "netlab-main-"));
const file = (name: string, text: string) => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};
const GOOD = file(
  "good.yaml",
  "name: demo\nnamespaces: { red: {}, blue: {} }\nlinks: [{ endpoints: [red:a, blue:b] }]\n",
);
const BAD = file("bad.yaml", "name: demo\nnamespaces: { red: {} }\nlinks: [{ endpoints: [red:a, blu:b] }]\nlink: []\n");

async function run(...words: string[]) {
  const session = fakeSession();
  const code = await main(words, session);
  expect(session.stderr).not.toMatch(/^\s+at .*:\d+/m);
  return { code, stdout: session.stdout, stderr: session.stderr };
}

test.each([
  [["aply"], /unknown command 'aply'\n\(Did you mean apply\?\)/],
  [["plan", "--jsn"], /unknown option '--jsn'\n\(Did you mean --json\?\)/],
  [["plan", "a.yaml", "b.yaml"], /too many arguments/],
  [["plan", "--json", "--commands"], /cannot be used with/],
  [["plan", "--out"], /argument missing/],
  [["apply", "--lock-timeout", "soon"], /It is a number of seconds/],
  [["apply", "--lock-timeout", ""], /It is a number of seconds/],
  [["graph", "--format", "svg"], /Allowed choices are mermaid, dot/],
  [["completion", "tcsh"], /Allowed choices are bash, zsh, fish/],
  [["exec"], /missing required argument 'namespace'/],
  [["exec", "red"], /missing required argument 'command'/],
  [["exec", "no-such-namespace", "--", "true"], /there is no namespace no-such-namespace/],
  [["exec", "../../proc/self/ns/net", "--", "true"], /there is no namespace/],
  [["destroy", "--lab", "x", GOOD], /say the lab twice/],
  [["show", "--lab", "x", GOOD], /say the lab twice/],
  [["plan", join(folder, "none.yaml")], /no-such-file/],
  [["apply", folder], /directory/],
  [["validate", BAD], /bad\.yaml:3:30 .*\n.*\n.*\^/],
])("netlab %j", async (words, message) => {
  const { code, stdout, stderr } = await run(...words);
  expect(stderr).toMatch(message);
  expect(stdout).toBe("");
  expect(code).toBe(1);
});

test("Without a command it prints its help and fails; asked for help it does not fail", async () => {
  const nothing = await run();
  expect(nothing.code).toBe(1);
  expect(nothing.stderr).toContain("Usage: netlab");
  const help = await run("--help");
  expect(help.code).toBe(0);
  expect(help.stdout).toBe(nothing.stderr);
  for (const verb of ["validate", "plan", "apply", "destroy", "show", "list", "check", "exec", "graph"]) {
    expect(help.stdout).toContain(`\n  ${verb} `);
    expect((await run(verb, "--help")).code).toBe(0);
  }
});

test("Errors come as one line of JSON too where JSON was asked for", async () => {
  const { code, stdout } = await run("plan", "--json", BAD);
  expect(code).toBe(1);
  const error = JSON.parse(stdout);
  expect(error).toMatchObject({ format: 1, type: "error" });
  expect(error.diagnostics.length).toBeGreaterThan(1);
});

test("validate tells what the file holds, as text and as JSON", async () => {
  const good = await run("validate", GOOD);
  expect(good).toEqual({
    code: 0,
    stdout: "",
    stderr: `${GOOD} is valid: lab demo, 2 namespaces, 1 link, 0 checks.\n`,
  });
  expect(JSON.parse((await run("validate", "--json", GOOD)).stdout)).toEqual({
    format: 1,
    file: GOOD,
    valid: true,
    diagnostics: [],
  });
  const bad = await run("validate", "--json", BAD);
  expect(bad.code).toBe(1);
  expect(JSON.parse(bad.stdout)).toMatchObject({ valid: false, diagnostics: [{ severity: "error" }, {}] });
});

test("graph draws in both languages", async () => {
  expect((await run("graph", GOOD)).stdout).toBe(
    '---\ntitle: "lab demo"\n---\nflowchart LR\n  n_blue["blue"]\n  n_red["red"]\n  n_blue ---|"b — a"| n_red\n',
  );
  expect((await run("graph", "--format", "dot", GOOD)).stdout).toContain(
    'n_blue -- n_red [taillabel="b", headlabel="a"];',
  );
});

test("A saved plan that is none is refused before anything is touched", async () => {
  const head = '{"content":"netlab plan","format":1,';
  const cases: [string, RegExp][] = [
    [`${head}"net`, /not whole/],
    ['{"content":"netlab plan","format":99,"netlab":"9.0.0"}', /saved by netlab 9\.0\.0, in a newer form/],
    [`${head}"netlab":"0.1.0","plan":{},"desired":{}}`, /edited/],
    ['{"format":1,"lab":"demo","changes":[]}', /what `plan --json` prints/],
  ];
  for (const [text, message] of cases) {
    const { code, stderr } = await run("apply", "--yes", file("plan.json", text));
    expect(stderr).toMatch(message);
    expect(code).toBe(1);
  }
});
