// Runs inside a box, after netlab was killed: what a person does next, in one process. faults-driver.mjs FILE|-
// With a file: plan, apply, plan again; then destroy in any case. One line of JSON says how each ended.
import { apply, destroy, load, plan } from "../../dist/index.js";

const file = process.argv[2];
const said = {};
if (file !== "-") {
  const { lab } = await load(file);
  said.conflicts = (await plan(lab)).plan.conflicts;
  const result = await apply(lab);
  said.applied = result.outcome;
  said.failure = result.failure;
  said.again = (await plan(lab)).plan.changes.map(({ action, id }) => `${action} ${id}`);
}
const end = await destroy("faults");
said.destroyed = end.outcome;
said.left = end.left;
console.log(JSON.stringify(said));
