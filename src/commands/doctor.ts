// netlab doctor: whether this machine has what labs need, or what the lab of a file needs, with a cure for what it lacks.
import { diagnose } from "../engine/doctor/index.js";
import { needsOf } from "../engine/doctor/needs.js";
import { type DoctorFacts, examine } from "../host/doctor/facts.js";
import { type Facts, NO_FACTS } from "../kinds/rows.js";
import { doctorSummary, doctorTable } from "../report/doctor-text.js";
import { jsonText } from "../report/json.js";
import type { Lab } from "../topology/lab.js";
import { EXIT } from "./exit-codes.js";
import { goodLab } from "./lab-file.js";
import type { Session } from "./session.js";

export async function doctor(file: string | undefined, options: { json?: boolean }, session: Session): Promise<number> {
  const lab = file === undefined ? undefined : (await goodLab(file, session)).lab;
  const facts = await examine(lab ? [...needsOf(lab, NO_FACTS).tools] : []);
  const findings = diagnose(facts, lab && needsOf(lab, factsFor(lab, facts)));
  const runs = !findings.some(({ level }) => level === "problem");
  if (options.json) session.out(jsonText({ ...(lab && { lab: lab.name }), ok: runs, findings }));
  else {
    session.out(doctorTable(findings, session.outPaint));
    session.err(doctorSummary(findings, lab?.name, session.errPaint));
  }
  return lab && !runs ? EXIT.error : EXIT.done;
}

/** What the kinds want to know of the machine. */
function factsFor(lab: Lab, { ovs, settings, filters }: DoctorFacts): Facts {
  return {
    born: {},
    ovsKernelDatapath: ovs.kernel.works && !lab.sandbox,
    brNetfilter: settings.brNetfilter,
    ...(filters && !lab.sandbox && { filters }),
  };
}
