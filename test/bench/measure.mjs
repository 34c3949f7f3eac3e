// Measures one part, in a box: measure.mjs PART ROUNDS FOLDER RESULT. FOLDER has the compiled limit; RESULT is JSON.
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { measureLab } from "./measure-lab.mjs";
import { measureMemory } from "./measure-memory.mjs";
import { CLI, median, timed } from "./timed.mjs";

const ROOT = path.resolve(import.meta.dirname, "../..");
const [part, rounds, folder, result] = process.argv.slice(2);
const limit = existsSync(path.join(folder, "limit")) ? path.join(folder, "limit") : undefined;
const work = path.join(folder, part);
mkdirSync(work);
const measures = { start: measureStart, memory: () => measureMemory(Number(rounds)), sandbox: measureSandbox };
const [lab, size] = part.split("-");
const found = measures[part]
  ? measures[part]()
  : measureLab({ lab, size: Number(size), rounds: Number(rounds), limit, work });
writeFileSync(result, JSON.stringify(found));

/** Seconds of short processes, taken in turn. */
function measureStart() {
  const file = path.join(ROOT, "examples/01-veth-pair.yaml");
  const words = { node: ["-e", "0"], version: [CLI, "--version"], validate: [CLI, "validate", file] };
  const all = Object.fromEntries(Object.keys(words).map((name) => [name, []]));
  for (let round = 0; round < 21; round++)
    for (const name in words) all[name].push(timed([process.execPath, ...words[name]]).seconds);
  return Object.fromEntries(Object.entries(all).map(([name, times]) => [name, median(times)]));
}

/** Seconds from apply to a passed check, on the machine and in a sandbox. */
function measureSandbox() {
  const labs = { "veth pair": "01-veth-pair", "Linux bridge": "02-linux-bridge", "Open vSwitch": "03-ovs-veth" };
  const once = (file, words) => {
    const passed = ["apply", "check"].map((verb) => {
      const confirm = verb === "apply" ? ["--yes"] : [];
      return timed([process.execPath, CLI, verb, ...confirm, ...words, file]).seconds;
    });
    timed([process.execPath, CLI, "destroy", "--yes", ...words, file]);
    return passed[0] + passed[1];
  };
  return Object.fromEntries(
    Object.entries(labs).map(([name, example]) => {
      const file = path.join(ROOT, "examples", `${example}.yaml`);
      const times = { host: [], sandbox: [] };
      for (let round = 0; round < Number(rounds); round++) {
        times.host.push(once(file, []));
        times.sandbox.push(once(file, ["--sandbox"]));
      }
      return [name, { host: median(times.host), sandbox: median(times.sandbox) }];
    }),
  );
}
