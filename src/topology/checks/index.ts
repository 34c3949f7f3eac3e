// The cross-checks that look at the whole lab, one small file a family.

import type { Report } from "../problem.js";
import type { Resolved } from "../resolve.js";
import type * as T from "../types.gen.js";

export interface Subject extends Resolved {
  topology: T.Topology;
  broken: (pointer: string) => boolean;
}

export type CrossCheck = (subject: Subject, report: Report) => void;

const CHECKS: CrossCheck[] = [];

export function runChecks(topology: T.Topology, resolved: Resolved, report: Report, broken: Subject["broken"]): void {
  for (const check of CHECKS) check({ ...resolved, topology, broken }, report);
}
