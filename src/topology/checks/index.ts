// The cross-checks that look at the whole lab, one small file a family.
import type { Report } from "../problem.js";
import type { Resolved } from "../resolve.js";
import { addressTwice, bridgeLoop, macTwice } from "./duplicates.js";
import { ipv6Mtu, ipv6Off } from "./ipv6.js";
import { internalNames, namespaceOrBridge } from "./names.js";
import { forwardTwice, natWithoutForwarding } from "./nat.js";
import { routeSource, routeTwice } from "./routes.js";
import { segmentsOf } from "./segments.js";
import type { CrossCheck } from "./subject.js";
import { overlappingSubnets } from "./subnets.js";

const CHECKS: CrossCheck[] = [
  namespaceOrBridge,
  internalNames,
  addressTwice,
  macTwice,
  bridgeLoop,
  overlappingSubnets,
  ipv6Off,
  ipv6Mtu,
  routeTwice,
  routeSource,
  forwardTwice,
  natWithoutForwarding,
];

/** Runs every cross-check over a resolved lab. */
export function runChecks({ lab, shared, loose }: Resolved, report: Report): void {
  const subject = { lab, shared, segments: segmentsOf(lab), loose };
  for (const check of CHECKS) check(subject, report);
}
