// Root's labs may stand on the machine too: which of two of one name is meant, nobody guesses.
import { MachineError } from "../host/machine.js";
import { mayChange } from "../host/rights.js";

export const WHICH =
  "say which: --sandbox, or --no-sandbox for the machine itself (in a program: sandbox: true or false)";

/** Of a lab that has a sandbox. @throws MachineError where one of this name is on the machine itself, too */
export async function requireOnlyThere(lab: string): Promise<void> {
  if (!mayChange()) return;
  const [{ listLabs }, { thisMachine }] = await Promise.all([import("./labs.js"), import("../host/this-machine.js")]);
  const labs = await listLabs(thisMachine());
  if (labs.some(({ name }) => name === lab))
    throw new MachineError(`Lab ${lab} is on this machine itself, and in a sandbox.`, { hint: WHICH });
}
