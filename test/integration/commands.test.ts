// The commands on the real kernel: what they print leads back to the same lab, and what they run keeps its manners.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { digestOf } from "../../src/engine/saved-plan.js";
import { Box } from "../helpers/box.js";
import { figure } from "../helpers/figure.js";

const [BEFORE, AFTER] = ["before", "after"].map((name) => path.resolve(`examples/08-recable/${name}.yaml`));
const CAMPUS = path.resolve("examples/campus.yaml");
const scratch = mkdtempSync(path.join(tmpdir(), "netlab-commands-"));
const inScratch = (name: string) => path.join(scratch, name);
let box: Box;

beforeAll(async () => {
  box = await Box.open({ ovs: true });
  await succeeds("apply", "--yes", CAMPUS);
});
afterAll(async () => {
  await box.close();
  rmSync(scratch, { recursive: true, force: true });
});

/** @returns standard output */
async function succeeds(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await box.netlab(args);
  expect(code, `netlab ${args.join(" ")}\n${stdout}${stderr}`).toBe(0);
  return stdout;
}

test("show says a lab in the words of its file, without the file: planning that changes nothing", async () => {
  const { code, stdout, stderr } = await box.run([
    "sh",
    "-c",
    `node dist/cli.js show --lab campus --yaml | node dist/cli.js plan --detailed-exitcode -`,
  ]);
  expect(code, stdout + stderr).toBe(0);
});

test("show marks drift, and adds neighbours and counters", async () => {
  await box.sh("ip -n red link set eth0 mtu 1300");
  try {
    expect(await succeeds("show", CAMPUS)).toMatch(
      /^ {2}~ {2}interface {2}eth0 .* mtu 1300, up {2}the file says: mtu 1300 -> 1400$/m,
    );
    const { drift } = JSON.parse(await succeeds("show", "--json", CAMPUS));
    expect(drift).toMatchObject([{ id: "interface:red/eth0", action: "update" }]);
  } finally {
    await box.sh("ip -n red link set eth0 mtu 1400");
  }
  await succeeds("exec", "red", "--", "ping", "-c1", "-W5", "192.168.15.254");
  const details = await succeeds("show", "-v", "--lab", "campus");
  expect(details).toMatch(/^red\/eth0 +192\.168\.15\.254 +[0-9a-f:]{17} /m);
  expect(details).toMatch(/^gw\/eth1( +[\d,]+){8}$/m);
});

test("list names the lab and nothing else", async () => {
  expect(await succeeds("list", "--names")).toBe("campus\n");
  expect(JSON.parse(await succeeds("list", "--json")).labs).toMatchObject([
    { name: "campus", namespaces: ["blue", "gw", "red", "spare", "vm"] },
  ]);
});

test("exec hands over arguments, standard streams, exit code and signals", async () => {
  expect(await succeeds("exec", "red", "ip", "-br", "address", "show", "eth0")).toContain("192.168.15.1/24");
  const code = (...command: string[]) =>
    box.netlab(["exec", "--lab", "campus", "blue", "--", ...command]).then((ran) => ran.code);
  expect(await code("sh", "-c", "exit 7")).toBe(7);
  expect(await code("sh", "-c", "kill -USR1 $$")).toBe(138);
  expect(await code("no-such-command-here")).toBe(127);
  const echoed = await box.netlab(["exec", "red", "--", "cat"], { input: "through\n" });
  expect(echoed.stdout).toBe("through\n");
  const { code: refused, stderr } = await box.netlab(["exec", "--lab", "other", "red", "--", "true"]);
  expect([refused, stderr]).toEqual([1, expect.stringContaining("There is no lab other")]);
});

test("A reader that goes away is no error", async () => {
  const { stdout, stderr } = await box.run([
    "bash",
    "-c",
    "node dist/cli.js show -v --lab campus | head -n 1; echo $PIPESTATUS",
  ]);
  expect([stdout, stderr]).toEqual(["host\n0\n", ""]);
});

test("A saved plan runs once, and not when the machine has changed since", async () => {
  await succeeds("apply", "--yes", BEFORE!);
  const plan = inScratch("plan.json");
  await succeeds("plan", "--out", plan, AFTER!);
  const stale = /^error {2}The saved plan is not what has to be done now: .*\n *cure {2}make it again: .*\n$/;
  await box.sh("ip -n left address add 10.80.9.9/32 dev eth0");
  await refused(plan, stale);
  await box.sh("ip -n left address delete 10.80.9.9/32 dev eth0");
  await succeeds("apply", "--yes", plan);
  await succeeds("plan", "--detailed-exitcode", AFTER!);
  await refused(plan, stale);
  await succeeds("destroy", "--yes", "--lab", "recable");
});

async function refused(file: string, message: RegExp): Promise<void> {
  const { code, stdout, stderr } = await box.netlab(["apply", "--yes", file]);
  expect([code, stdout, stderr]).toEqual([1, "", expect.stringMatching(message)]);
}

test("A saved plan that was edited, cut short, made by another version or for another lab is refused", async () => {
  await succeeds("apply", "--yes", BEFORE!);
  const plan = inScratch("whole.json");
  await succeeds("plan", "--out", plan, AFTER!);
  const text = readFileSync(plan, "utf8");
  const saved = JSON.parse(text);
  const signed = (one: object) => JSON.stringify({ ...one, digest: digestOf(one) });
  const cases: [what: string, text: string, message: RegExp][] = [
    ["in one place", text.replace("br-mid", "br-other"), / The saved plan was edited: /],
    ["everywhere alike", text.replaceAll("br-mid", "br-other"), / The saved plan was edited: /],
    ["its lab", text.replaceAll("recable", "campus"), / The saved plan was edited: /],
    ["cut", text.slice(0, text.length / 2), / The saved plan is not whole: /],
    ["an older one's", signed({ ...saved, netlab: "0.0.1" }), / The plan was saved by netlab 0\.0\.1, and this is /],
    [
      "another lab's",
      signed({ ...saved, plan: { ...saved.plan, lab: "campus" } }),
      / .* is for lab campus, but .* recable\./,
    ],
  ];
  for (const [what, edited, message] of cases) {
    expect(edited, what).not.toBe(text);
    writeFileSync(inScratch("edited.json"), edited);
    await refused(
      inScratch("edited.json"),
      new RegExp(`^error ${message.source}.*\\n *cure  make it again: netlab plan --out FILE\\n$`),
    );
  }
  for (const unchanged of [BEFORE!, CAMPUS]) await succeeds("plan", "--detailed-exitcode", unchanged);
  writeFileSync(inScratch("laid-out.json"), JSON.stringify(JSON.parse(text), null, 2));
  await succeeds("apply", "--yes", inScratch("laid-out.json"));
  await succeeds("destroy", "--yes", "--lab", "recable");
  figure("hostile inputs: saved plans refused", cases.length);
});

test("destroy needs no more than a name: of a lab that is not there, of a file that is wrong", async () => {
  const file = inScratch("wrong.yaml");
  await box.sh(`printf 'name: nothing-here\\nlinks: 7\\n' > ${file}`);
  const { code, stderr } = await box.netlab(["destroy", "--yes", file]);
  expect([code, stderr]).toEqual([0, "Nothing to destroy: there is no lab nothing-here here.\n"]);
});
