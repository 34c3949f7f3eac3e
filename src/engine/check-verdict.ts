// What one probe's outcome means for a check: pure.
import type { Outcome } from "../host/probe/outcome.js";
import type { Check } from "../topology/lab.js";

/** `again`: not yet; worth another probe. */
export type Verdict = "holds" | "fails" | "again";

/**
 * Judges the outcome of probe number `attempt` (from 1) of a check.
 *
 * `ok` and `refused` are waited for: a lab that comes up goes from silent to answering. `unreachable` is the other way
 * round: silence must be seen twice, and one answer of any sort proves that packets pass, so it fails at once.
 */
export function judge(check: Check, outcome: Outcome, attempt: number): Verdict {
  if (outcome.is === "impossible") return "fails";
  if (check.expect === "unreachable") {
    if (outcome.is !== "unreachable") return "fails";
    return attempt >= 2 ? "holds" : "again";
  }
  return outcome.is === check.expect && !seenAsAnother(check, outcome) ? "holds" : "again";
}

/** Why a check failed that ended with this outcome; one sentence without a full stop. */
export function failureReason(check: Check, outcome: Outcome): string {
  if (outcome.is === "impossible") return outcome.got;
  if (check.expect === "unreachable") return "an answer came, where none was expected";
  if (outcome.is === check.expect)
    return `the listener was to see ${check.seenAs}, and saw ${outcome.seenAs ?? "nobody"}`;
  const wanted = check.expect === "ok" ? answerWanted(check) : "a refusal (TCP reset)";
  return `${wanted} was expected within ${check.within} s`;
}

function seenAsAnother(check: Check, outcome: Outcome): boolean {
  return outcome.is === "ok" && check.seenAs !== undefined && check.seenAs !== outcome.seenAs;
}

function answerWanted(check: Check): string {
  if ("ping" in check.test) return "a reply";
  return check.listen ? "a connection that carries data" : "a connection";
}
