// Runs inside a box: makes one topology after another, batch by batch, and compares the state that is read with the simulated one.
// Standard input: `{ "lab": NAME, "topologies": [...], "cut": N? }`. Standard output: `{ "batches": N, "trouble": [...] }`.
// `cut`: the last topology's plan is left after so many steps, and planned again from what is there.
import { text } from "node:stream/consumers";
import { makePlan } from "../../dist/core/planner.js";
import { simulate, stepsOf } from "../../dist/core/simulate.js";
import { noteAfter, noteBefore, noteRestored } from "../../dist/engine/journal.js";
import { model } from "../../dist/engine/model.js";
import { desiredState, liveState } from "../../dist/engine/state.js";
import { verify } from "../../dist/engine/verify.js";
import { thisMachine } from "../../dist/host/this-machine.js";
import { load } from "../../dist/topology/load.js";

const { lab, topologies, cut } = JSON.parse(await text(process.stdin));
const machine = thisMachine();
const lock = await machine.lock(5, () => {});
const trouble = [];
let batches = 0;

for (const [index, topology] of topologies.entries()) {
  const desired = await wish(topology);
  if (cut !== undefined && index === topologies.length - 1) await follow(desired, `#${index} cut`, cut);
  await follow(desired, `#${index}`);
}
await follow({}, "destroy");
await lock.release();
process.stdout.write(JSON.stringify({ batches, trouble }));

async function wish(topology) {
  const loaded = await load({ text: JSON.stringify(topology), file: "arbitrary" });
  return desiredState(loaded.lab, machine);
}

/** Plans to the desired state and runs the plan, comparing after every batch; at the end the next plan is empty. */
async function follow(desired, what, limit = Number.POSITIVE_INFINITY) {
  const { state: before, rows } = await liveState(lab, desired, machine);
  const plan = makePlan(model, { lab, desired, live: before });
  if (plan.conflicts.length) return void trouble.push(`${what}: ${plan.conflicts[0].message}`);
  await noteBefore(plan, desired, before, rows.journal, machine);
  const done = [];
  for (const batch of within(
    plan.stages.flatMap((stage) => stage.batches),
    limit,
  )) {
    if (batch.tool) {
      const [result] = await machine.runAll([batch], { timeout: 30 });
      if (result.failure)
        return void trouble.push(`${what}: ${batch.steps[result.failure.step].id}: ${result.failure.message}`);
    }
    done.push(...batch.steps);
    batches++;
    if (done.length === stepsOf(plan).length) await noteRestored(lab, desired, machine);
    await compare(desired, before, done, what);
  }
  if (done.length >= limit) return;
  await noteAfter(lab, desired, machine);
  const { state: live } = await liveState(lab, desired, machine);
  const left = makePlan(model, { lab, desired, live }).changes;
  if (left.length > 0) trouble.push(`${what}: the second plan is not empty: ${JSON.stringify(left.slice(0, 3))}`);
}

function within(batches, room) {
  const some = [];
  for (const batch of batches) {
    if (room <= 0) break;
    some.push({ ...batch, steps: batch.steps.slice(0, room) });
    room -= batch.steps.length;
  }
  return some;
}

/** Without what Open vSwitch changes by itself before its step comes; when all steps are done, the next plan has to be empty. */
function settled(r, wish, state) {
  const { kind, at, fields } = r;
  const isOvs = `ovs-bridge:${at.name}` in state || `ovs-port:${at.name}` in state;
  const changing = {
    // Where the file does not say it, the MTU of a bridge follows the ports.
    interface: [...(isOvs ? ["mac", "mtu"] : []), ...(wish?.fields.mtu ? [] : ["mtu"])],
    // The device of a port is not moved yet, or has died with its namespace and the port has still to be deleted.
    "ovs-port": fields.device === "host" || `placement:${fields.device}/${at.name}` in state ? [] : ["device"],
  }[kind];
  if (!changing?.length) return r;
  return { ...r, fields: Object.fromEntries(Object.entries(fields).filter(([field]) => !changing.includes(field))) };
}

/** Everything of ours that the model says is there, and nothing else of ours, within a bound (namespaces end late). */
async function compare(desired, before, steps, what) {
  const simulated = simulate(model, before, desired, steps);
  const ours = Object.fromEntries(
    Object.entries(simulated)
      .filter(([id, r]) => r.owner === "lab" || id in desired)
      .map(([id, r]) => [id, settled(r, desired[id], simulated)]),
  );
  // What was not read before (the rules of a namespace that goes) is not simulated; the journal owns settings until the end.
  const isKnown = (id) => (id in before || id in desired) && (id in ours || !id.startsWith("sysctl:"));
  const look = async () => {
    const { state } = await liveState(lab, { ...desired, ...ours }, machine);
    return Object.fromEntries(Object.entries(state).filter(([id]) => isKnown(id)));
  };
  const left = await verify(ours, look, 4000);
  if (left.length === 0) return;
  const last = steps.at(-1);
  trouble.push(`${what} after step ${steps.length} (${last.action} ${last.id}): ${JSON.stringify(left.slice(0, 4))}`);
}
