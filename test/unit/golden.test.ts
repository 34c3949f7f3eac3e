// Plans word by word: each folder has what is there (current.yaml, as if applied, then patch.json), what is wanted
// (desired.yaml; none is a destroy), and the exact plan and commands. UPDATE=1 writes them anew: read the diff.
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { makePlan } from "../../src/core/planner.js";
import type { Resource, State } from "../../src/core/resource.js";
import { simulate, stepsOf } from "../../src/core/simulate.js";
import { model } from "../../src/engine/model.js";
import { desiredWith } from "../../src/engine/state.js";
import { guard } from "../../src/host/guard/guard.js";
import { kinds } from "../../src/kinds/index.js";
import { paint } from "../../src/report/color.js";
import { commandsScript } from "../../src/report/commands-script.js";
import { planText } from "../../src/report/plan-text.js";
import { groupOf, macOf } from "../../src/topology/derive.js";
import type { Lab } from "../../src/topology/lab.js";
import { type Loaded, load } from "../../src/topology/load.js";
import { FACTS } from "../helpers/facts.js";

const ROOT = path.resolve(import.meta.dirname, "../golden");
const cases = readdirSync(ROOT, { withFileTypes: true }).filter((entry) => entry.isDirectory());

/** What somebody did by hand: resources that are gone, and others, whole or in part. */
interface Patch {
  gone?: string[];
  there?: { [id: string]: Partial<Resource> };
}

test.each(cases.map(({ name }) => name))("%s", async (name) => {
  const [current, wanted] = await Promise.all(["current.yaml", "desired.yaml"].map((file) => read(name, file)));
  const patch: Patch = existsSync(path.join(ROOT, name, "patch.json"))
    ? JSON.parse(readFileSync(path.join(ROOT, name, "patch.json"), "utf8"))
    : {};
  const desired = wanted ? stateOf(wanted.lab!) : {};
  const before = current ? stateOf(current.lab!) : {};
  const made = makePlan(model, { lab: "golden", desired: before, live: {} });
  const live = patched(simulate(model, {}, before, stepsOf(made)), patch);
  const warnings = kinds.flatMap((kind) => kind.advise?.(desired, live) ?? []);
  const lab = (wanted ?? current)!.lab!.name;
  const plan = makePlan(model, { lab, desired, live, warnings });
  const locate = wanted ? { locate: wanted.locate } : {};
  for (const { commands } of stepsOf(plan)) for (const command of commands) guard(command);
  pinned(name, "plan.txt", planText(plan, { paint: paint(false), ...locate }));
  pinned(name, "commands.sh", commandsScript(plan, "0.0.0"));
});

/** They are marks in the kernel: another release must know them again. */
test("Group numbers and MAC addresses stay the same for ever", () => {
  const labs = ["campus", "a", "my-lab-31-characters-long-000000", "zoo"];
  expect(
    Object.fromEntries(labs.map((lab) => [lab, [groupOf(lab), macOf(lab, "red", "eth0")]])),
  ).toMatchInlineSnapshot(`
    {
      "a": [
        1419004499,
        "02:7c:cb:83:96:a6",
      ],
      "campus": [
        31530920,
        "02:d1:64:58:14:ac",
      ],
      "my-lab-31-characters-long-000000": [
        1544703893,
        "02:62:f3:53:5c:3e",
      ],
      "zoo": [
        752522195,
        "02:2b:ec:ac:a5:07",
      ],
    }
  `);
});

async function read(name: string, file: string): Promise<Loaded | undefined> {
  const full = path.join(ROOT, name, file);
  if (!existsSync(full)) return undefined;
  const loaded = await load({ text: readFileSync(full, "utf8"), file });
  expect(loaded.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  return loaded;
}

const stateOf = (lab: Lab): State => desiredWith(lab, FACTS);

function patched(state: State, { gone = [], there = {} }: Patch): State {
  const after = { ...state };
  for (const id of gone) delete after[id];
  for (const [id, part] of Object.entries(there)) {
    const [before, kind] = [state[id], id.slice(0, id.indexOf(":"))];
    const fields = { ...before?.fields, ...part.fields };
    after[id] = { id, kind, place: "host", ...before, ...part, fields, at: { ...before?.at, ...part.at } };
  }
  return after;
}

function pinned(name: string, file: string, text: string): void {
  const full = path.join(ROOT, name, file);
  if (process.env.UPDATE) writeFileSync(full, text);
  expect(text).toBe(existsSync(full) ? readFileSync(full, "utf8") : `${file} is not there: run with UPDATE=1`);
}
