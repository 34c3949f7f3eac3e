// What is in the way and is not the lab's: said before the first change, with its owner and the way out; taken over where asked.
import { expect, test } from "vitest";
import { kinds } from "../../src/kinds/index.js";
import { type Box, withBox } from "../helpers/box.js";
import { CASES, type ConflictCase } from "../helpers/conflict-cases.js";
import { figure, good, restingFingerprint, sameAs } from "../helpers/faults.js";

const FILE = "/run/zoo.yaml";
const write = (box: Box, file: string, lab: string, text: string) =>
  box.sh(`cat >${file}`, { input: `name: ${lab}\n${text}` });

const cases = Object.values(CASES).flatMap((some) => ("none" in some ? [] : some));

test("every kind has a case, or a reason why it needs none", () => {
  expect(Object.keys(CASES).sort()).toEqual(kinds.map(({ name }) => name).sort());
});

const unmarked = cases.filter(({ stranger }) => stranger !== undefined);
test.each(unmarked.map((one) => [one.title, one] as const))("%s", { timeout: 180_000 }, (_, one) =>
  withBox({ ovs: true }, async (box) => {
    const clean = await begin(box, one);
    await box.sh(one.stranger!);
    await refused(box, one.wants, one.holder ?? one.wants, /carries no mark of a lab/, /Remove it/);
    if (one.marked) await adopted(box, one, one.marked, clean);
    else await refused(box, one.wants, one.holder ?? one.wants, /carries no mark of a lab/, /Remove it/, "--adopt");
    figure("conflicts refused", 1);
  }),
);

test.each(cases.map((one) => [one.title, one] as const))("%s, of another lab", { timeout: 180_000 }, (_, one) =>
  withBox({ ovs: true }, async (box) => {
    await begin(box, one);
    if (typeof one.other === "string") {
      await write(box, "/run/ape.yaml", "ape", one.other);
      await good(box, ["apply", "--yes", "/run/ape.yaml"]);
    } else await box.sh(`${one.stranger ?? ""}\n${one.other.script}`);
    const holder = one.otherHolder ?? one.holder ?? one.wants;
    for (const adopt of [[], ["--adopt"]])
      await refused(box, one.wants, holder, /belongs to the lab ape/, /netlab destroy --lab ape/, ...adopt);
    figure("conflicts refused", 2);
  }),
);

test("a lab that was renamed is guessed", () =>
  withBox({}, async (box) => {
    await write(box, FILE, "zoo", "namespaces: { red: {}, blue: {} }\nlinks: [{ endpoints: ['red:a', 'blue:a'] }]\n");
    await good(box, ["apply", "--yes", FILE]);
    await box.sh(`sed -i s/zoo/park/ ${FILE}`);
    await refused(box, "namespace:red", "namespace:blue", /carries the lab zoo: was it renamed\?/, /destroy --lab zoo/);
    await good(box, ["destroy", "--yes", "--lab", "zoo"]);
    await good(box, ["apply", "--yes", FILE]);
  }));

/** Applies what the lab is at first. @returns the fingerprint of the machine without it */
async function begin(box: Box, { machine = "", first, lab }: ConflictCase): Promise<string> {
  await box.sh(`nft list ruleset; ${machine}`);
  const clean = await box.fingerprint();
  await write(box, FILE, "zoo", first ?? lab);
  if (first) await good(box, ["apply", "--yes", FILE]);
  await write(box, FILE, "zoo", lab);
  return clean;
}

async function refused(box: Box, wants: string, holder: string, owner: RegExp, way: RegExp, ...more: string[]) {
  const before = await restingFingerprint(box);
  const ran = await box.netlab(["apply", "--yes", ...more, FILE]);
  expect(ran.code, ran.stderr).toBe(1);
  expect(ran.stderr).toContain(wants);
  expect(ran.stderr).toContain(holder);
  expect(ran.stderr).toMatch(owner);
  expect(ran.stderr).toMatch(way);
  expect(ran.stderr).toMatch(/zoo\.yaml:\d+:\d+ +error +conflict/);
  expect(ran.stderr).toMatch(/Nothing was changed\./);
  await sameAs(box, before, ran.stderr);
  if (more.length === 0) expect((await box.netlab(["plan", "--detailed-exitcode", FILE])).code).toBe(1);
}

/** The plan shows the mark, apply sets it, the next plan is empty, and destroy removes it as if it had been the lab's. */
async function adopted(box: Box, { wants }: ConflictCase, marked: string, clean: string) {
  const { stdout } = await box.netlab(["plan", "--adopt", FILE]);
  expect(stdout).toMatch(/alias - -> netlab:zoo|mark - -> zoo|protocol \S+ -> 110/);
  expect((await box.run(["sh", "-c", marked])).code).not.toBe(0);
  await good(box, ["apply", "--adopt", "--yes", FILE], wants);
  await box.sh(marked);
  await good(box, ["plan", "--detailed-exitcode", FILE], wants);
  await good(box, ["destroy", "--yes", FILE], wants);
  await box.sh("ovs-vsctl --if-exists del-br alien");
  await sameAs(box, clean, wants);
  figure("strangers adopted", 1);
}
