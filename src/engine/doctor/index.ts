// The doctor's judgement: from what a machine is like, and what a lab needs, to findings with cures. Pure.
import type { DoctorFacts } from "../../host/doctor/facts.js";
import type { Finding } from "./finding.js";
import { firewallFindings } from "./firewalls.js";
import { kernelFindings } from "./kernel.js";
import { limitFindings } from "./limits.js";
import type { Needs } from "./needs.js";
import { ovsFindings } from "./ovs.js";
import { rightsFindings } from "./rights.js";
import { serviceFindings } from "./services.js";
import { settingFindings } from "./settings.js";
import { toolFindings } from "./tools.js";

const TOPICS = [
  rightsFindings,
  toolFindings,
  kernelFindings,
  ovsFindings,
  firewallFindings,
  settingFindings,
  serviceFindings,
  limitFindings,
];

/** In the order of the topics. @param needs without them: what any lab needs */
export const diagnose = (facts: DoctorFacts, needs?: Needs): Finding[] =>
  TOPICS.flatMap((judge) => judge(facts, needs));
