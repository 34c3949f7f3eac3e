// netlab check: tries what the file says must hold when the lab is up.
import type { Warning } from "../core/plan.js";
import { runChecks } from "../engine/check.js";
import type { CheckEvent, CheckResult } from "../engine/check-result.js";
import { firewallAdvice } from "../engine/firewall-advice.js";
import { thisMachine } from "../host/this-machine.js";
import { checkSummary, checkTable, checkWords } from "../report/check-text.js";
import { jsonText } from "../report/json.js";
import { renderTrouble } from "../report/trouble.js";
import { EXIT } from "./exit-codes.js";
import { interruptible } from "./interrupt.js";
import { type Good, goodLab } from "./lab-file.js";
import type { Session } from "./session.js";

export async function check(file: string | undefined, options: { json?: boolean }, session: Session): Promise<number> {
  const loaded = await goodLab(file, session);
  const interrupt = interruptible(session, "Ending what the checks have started.");
  try {
    const results = await runChecks(loaded.lab, { signal: interrupt.signal, on: counter(session) });
    const failed = results.filter(({ ok }) => !ok);
    const warnings = failed.length > 0 ? await firewallAdvice(loaded.lab, thisMachine()) : [];
    if (options.json) {
      session.out(
        jsonText({ lab: loaded.lab.name, ok: failed.length === 0, results, ...(warnings.length > 0 && { warnings }) }),
      );
    } else tell(results, failed, warnings, loaded, session);
    return failed.length === 0 ? EXIT.done : EXIT.error;
  } catch (error) {
    if (!interrupt.signal.aborted) throw error;
    session.err("Interrupted.\n");
    return interrupt.exitCode(EXIT.error);
  } finally {
    interrupt.dispose();
  }
}

function tell(
  results: CheckResult[],
  failed: CheckResult[],
  warnings: Warning[],
  { locate }: Good,
  session: Session,
): void {
  if (results.length > 0) session.out(checkTable(results, session.outPaint));
  for (const { check, got, reason } of failed) {
    const [from, what] = checkWords(check);
    const message = `From ${from}, ${what}: ${reason ?? got}.`;
    const trouble = { severity: "error" as const, code: "check-failed", message, origin: check.origin };
    session.err(`\n${renderTrouble(trouble, { paint: session.errPaint, locate })}\n`);
  }
  for (const warning of warnings)
    session.err(`\n${renderTrouble({ severity: "warning", ...warning }, { paint: session.errPaint, locate })}\n`);
  session.err(`${failed.length > 0 ? "\n" : ""}${checkSummary(results, session.errPaint)}`);
}

/** How many are done, on one line of the terminal that goes when all are. */
function counter({ err, errTerminal }: Session): (event: CheckEvent) => void {
  let done = 0;
  return ({ type, total }) => {
    if (!errTerminal || type !== "check-done") return;
    done++;
    err(done < total ? `\r\u001b[KChecking  ${done} of ${total}` : "\r\u001b[K");
  };
}
