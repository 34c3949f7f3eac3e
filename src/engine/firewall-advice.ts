// What a firewall of the machine may have to do with a check that failed.
import type { Warning } from "../core/plan.js";
import { type Machine, MachineError } from "../host/machine.js";
import type { Lab } from "../topology/lab.js";
import { planLab } from "./plan.js";

/** Firewalls that drop what is the lab's, and rules that should let it through and are not there. */
export async function firewallAdvice(lab: Lab, machine: Machine): Promise<Warning[]> {
  try {
    const { plan } = await planLab(lab, machine);
    const lost = plan.changes.filter(({ kind, action }) => kind === "firewall" && action !== "delete");
    return [
      ...plan.warnings.filter(({ code }) => code.startsWith("firewall-")),
      ...lost.map(({ id }) => ({
        code: "firewall-changed",
        message: `The rules that let the lab through are not in ${id.replace("firewall:host/", "")}: netlab apply puts them there.`,
      })),
    ];
  } catch (error) {
    // Checks need fewer rights than reading the machine.
    if (error instanceof MachineError) return [];
    throw error;
  }
}
