// What netlab prints as JSON: stable shapes, each with a format number; docs/json.md describes them.
import type { Change, Plan } from "../core/plan.js";
import type { State } from "../core/resource.js";
import type { Event, Result } from "../engine/events.js";
import type { Details } from "../host/read/details.js";
import type { Diagnostic } from "../topology/diagnostic.js";
import { summary } from "./plan-summary.js";

const JSON_FORMAT = 1;

/** Pretty where a person may look, with a newline at the end. */
export const jsonText = (data: object): string => `${JSON.stringify({ format: JSON_FORMAT, ...data }, null, 2)}\n`;

/** One line: for streams of events. */
const jsonLine = (data: object): string => `${JSON.stringify({ format: JSON_FORMAT, ...data })}\n`;

export const planJson = (plan: Plan): string => jsonText({ ...plan, summary: summary(plan) });

export function diagnosticsJson(file: string, diagnostics: Diagnostic[]): string {
  return jsonText({ file, valid: !diagnostics.some(({ severity }) => severity === "error"), diagnostics });
}

/** The result without its plan, which came with the event `planned`. */
function resultJson({ plan, ...result }: Result): object {
  return { lab: plan.lab, ...result, summary: summary(plan) };
}

export function eventJson(event: Event): string {
  if (event.type === "done") return jsonLine({ type: "done", result: resultJson(event.result) });
  if (event.type === "planned") return jsonLine({ type: "planned", plan: event.plan, summary: summary(event.plan) });
  return jsonLine(event);
}

/** What ends a stream of events, or stands for the data, where there is nothing to report but an error. */
export function errorJson(error: {
  message: string;
  hint?: string | undefined;
  diagnostics?: Diagnostic[] | undefined;
}): string {
  return jsonLine({ type: "error", ...error });
}

export function stateJson(lab: string, state: State, drift?: Change[], details?: Details): string {
  return jsonText({ lab, resources: Object.values(state), ...(drift && { drift }), ...(details && { details }) });
}
