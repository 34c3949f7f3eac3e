// The planner alone, without a machine: seconds for a star against nothing, and against itself. A process for each size, so
// that none pays for what another left to be collected.
import { fileURLToPath } from "node:url";
import { makePlan } from "../../dist/core/planner.js";
import { owned } from "../../dist/core/resource.js";
import { model } from "../../dist/engine/model.js";
import { desiredWith } from "../../dist/engine/state.js";
import { NO_FACTS } from "../../dist/kinds/rows.js";
import { load } from "../../dist/topology/load.js";
import { starFile } from "./labs.mjs";
import { median, timed } from "./timed.mjs";

const SIZES = [1000, 5000, 10_000];
const FILE = fileURLToPath(import.meta.url);

/** @returns {Record<number, { load: number, empty: number, equal: number }>} by number of namespaces */
export function measureMemory(rounds) {
  const one = (size) => {
    const all = Array.from({ length: rounds }, () => JSON.parse(timed([process.execPath, FILE, size]).stdout));
    return Object.fromEntries(["load", "empty", "equal"].map((key) => [key, median(all.map((times) => times[key]))]));
  };
  return Object.fromEntries(SIZES.map((size) => [size, one(size)]));
}

async function once(size) {
  const seconds = async (work) => {
    const began = performance.now();
    const result = await work();
    return [(performance.now() - began) / 1000, result];
  };
  const text = starFile("star", size, [])["netlab.yaml"];
  const [loading, { lab }] = await seconds(() => load({ text, file: "star.yaml" }));
  const desired = desiredWith(lab, NO_FACTS);
  const live = Object.fromEntries(Object.entries(desired).map(([id, r]) => [id, owned(r, "lab")]));
  const [empty, made] = await seconds(() => makePlan(model, { lab: "star", desired, live: {} }));
  const [equal, none] = await seconds(() => makePlan(model, { lab: "star", desired, live }));
  if (made.changes.length < size || none.changes.length > 0) throw new Error("these are not the plans that were meant");
  return { load: loading, empty, equal };
}

if (process.argv[1] === FILE) console.log(JSON.stringify(await once(Number(process.argv[2]))));
