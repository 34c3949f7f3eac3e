// What apply and destroy share: events are shown, deletions are asked about, signals lead to a rollback, the end is told.
import type { Plan } from "../core/plan.js";
import { isEmpty } from "../core/planner.js";
import type { Event, Failure, Result } from "../engine/events.js";
import type { Reader } from "../host/read/reader.js";
import { tellOutcome } from "../host/sandbox/inside.js";
import { eventJson } from "../report/json.js";
import type { Locate } from "../report/locate.js";
import { summary } from "../report/plan-summary.js";
import { planText } from "../report/plan-text.js";
import { progress } from "../report/progress.js";
import { resultText } from "../report/result.js";
import { timingText } from "../report/timing.js";
import { renderTrouble, troublesOf } from "../report/trouble.js";
import { count, plural } from "../report/words.js";
import { EXIT } from "./exit-codes.js";
import { interruptible } from "./interrupt.js";
import type { Session } from "./session.js";

export interface ChangingOptions {
  yes?: boolean;
  json?: boolean;
  /** Absent: as the verb has it. */
  rollback?: boolean;
  lockTimeout: number;
  verbose?: boolean;
  reader?: Reader;
  timing?: boolean;
  /** Seconds in which it must be confirmed. */
  confirm?: number;
}

/** What the verbs of the engine take. */
export interface EngineOptions {
  on: (event: Event) => void;
  signal: AbortSignal;
  lockTimeout: number;
  rollback?: boolean;
  confirmWithin?: number;
  confirm: (plan: Plan) => Promise<boolean>;
}

export interface Changing {
  verb: "apply" | "destroy";
  options: ChangingOptions;
  locate?: Locate | undefined;
  run: (options: EngineOptions) => Promise<Result>;
  /** Where the file names what failed, where that is not known without reading it. */
  find?: (failure: Failure) => Promise<{ failure: Failure; locate: Locate } | undefined>;
}

/** To the second Ctrl-C. */
const AFTERWARDS = {
  apply: "Still putting the lab back as it was. It ends by itself.",
  destroy: "Still removing the lab. It ends by itself.",
};

/** @returns the exit code */
export async function change({ verb, options, locate, run, find }: Changing, session: Session): Promise<number> {
  const { errPaint: paint, err } = session;
  const lines = progress({
    write: err,
    paint,
    terminal: session.errTerminal && !options.json,
    columns: session.columns,
    verbose: options.verbose,
    debug: session.debug,
  });
  const interrupt = interruptible(session, AFTERWARDS[verb]);
  const on = (event: Event) => {
    if (options.json) return session.out(eventJson(event));
    if (event.type === "planned") {
      lines.rest();
      err(planWords(event.plan, { paint, verbose: options.verbose, locate }));
    } else lines.on(event);
  };
  const confirm = async (plan: Plan) => {
    const mayAsk = session.interactive && !options.json;
    const risk = plan.warnings.some((warning) => warning.risk) && options.confirm === undefined;
    if (risk && !options.yes && !mayAsk) {
      err(
        `Nobody can be asked here whether to go on: ${verb === "apply" ? "--confirm SECONDS takes it back unless you confirm, " : ""}--yes goes on.\n`,
      );
      return false;
    }
    const question = options.yes || !mayAsk ? undefined : questionOf(plan, verb, risk);
    if (question === undefined) return true;
    return /^y(es)?$/i.test(((await session.ask(question, interrupt.signal)) ?? "").trim());
  };
  try {
    const { lockTimeout, rollback, confirm: confirmWithin } = options;
    const result = await run({ on, signal: interrupt.signal, lockTimeout, rollback, confirm, confirmWithin });
    tellOutcome(result.outcome);
    lines.end();
    const found = result.failure && !options.json ? await find?.(result.failure) : undefined;
    if (!options.json)
      err(
        resultText({ ...result, ...found }, { verb, paint, locate: found?.locate ?? locate, kept: rollback === false }),
      );
    if (options.timing && !options.json) err(timingText(result.timing));
    const done = (result.outcome === "applied" || result.outcome === "unchanged") && !result.failure;
    return interrupt.exitCode(done ? EXIT.done : EXIT.error);
  } finally {
    lines.end();
    interrupt.dispose();
  }
}

/** The plan, or where there is nothing to do only its warnings: the result says the rest. */
function planWords(plan: Plan, options: Parameters<typeof planText>[1]): string {
  if (!isEmpty(plan) || plan.conflicts.length > 0) return `${planText(plan, options)}\n`;
  return troublesOf(plan)
    .map((trouble) => `${renderTrouble(trouble, options)}\n\n`)
    .join("");
}

/** Asked before anything is lost; creations and changes in place lose nothing. */
function questionOf(plan: Plan, verb: "apply" | "destroy", risk: boolean): string | undefined {
  const { delete: gone, replace } = summary(plan);
  if (gone + replace === 0) return risk ? "Go on, though you may be cut off? [y/N] " : undefined;
  if (verb === "destroy") return `Destroy lab ${plan.lab}? [y/N] `;
  const words = [
    ...(gone ? [`delete ${plural(gone, "thing")}`] : []),
    ...(replace ? [`replace ${count(replace)}`] : []),
  ].join(" and ");
  return `${words[0]!.toUpperCase()}${words.slice(1)}? [y/N] `;
}
