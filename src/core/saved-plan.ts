// A plan in a file: written by `netlab plan --out`, carried out by `netlab apply`, which plans again and compares.
import type { Plan } from "./plan.js";
import type { Resource, State } from "./resource.js";

/** Number of the form of the file; a newer one is refused. */
const SAVED_FORMAT = 1;
const CONTENT = "netlab plan";

export interface SavedPlan {
  /** Version of the netlab that wrote it. */
  netlab: string;
  /** It was made with `--adopt`. */
  adopt: boolean;
  /** It was made in the lab's sandbox, and is for it. */
  sandbox?: boolean;
  /** What the file says of the sandbox's uplink. */
  uplink?: boolean;
  plan: Plan;
  desired: State;
}

export type Parsed = { saved: SavedPlan } | { problem: string; hint: string };

const AGAIN = "make it again: netlab plan --out FILE";

export function savedPlanText({ netlab, adopt, sandbox, uplink, plan, desired }: SavedPlan): string {
  const saved = { content: CONTENT, format: SAVED_FORMAT, netlab, adopt, sandbox, uplink, plan, desired };
  return `${JSON.stringify(saved)}\n`;
}

/** Whether a text is meant to be a saved plan, whole or not. */
export const looksSaved = (text: string): boolean => /^\s*\{\s*"content"\s*:\s*"netlab plan"/.test(text);

/** The saved plan, or why it is none. What it says is not believed: apply compares it with a plan of its own. */
export function parseSavedPlan(text: string): Parsed {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    return { problem: "The saved plan is not whole: it was cut short or edited.", hint: AGAIN };
  }
  if (!isRecord(data) || data.content !== CONTENT) {
    const printed = isRecord(data) && "changes" in data;
    return printed
      ? { problem: "This is what `plan --json` prints, not a saved plan.", hint: AGAIN }
      : { problem: "This is not a saved plan.", hint: AGAIN };
  }
  const { format, netlab, adopt, sandbox, uplink, plan, desired } = data;
  if (typeof format === "number" && format > SAVED_FORMAT)
    return {
      problem: `The plan was saved by netlab ${netlab}, in a newer form.`,
      hint: `it needs netlab ${netlab} or later`,
    };
  const whole = format === SAVED_FORMAT && isPlan(plan) && isState(desired);
  if (!whole) return { problem: "The saved plan was edited, or is of another program.", hint: AGAIN };
  const inSandbox = sandbox === true ? { sandbox, ...(typeof uplink === "boolean" ? { uplink } : {}) } : {};
  return { saved: { netlab: String(netlab), adopt: adopt === true, ...inSandbox, plan, desired } };
}

type Fields = { [key: string]: unknown };
const isRecord = (data: unknown): data is Fields => typeof data === "object" && data !== null && !Array.isArray(data);
const hasLists = (data: Fields, ...names: string[]) => names.every((name) => Array.isArray(data[name]));

const isPlan = (data: unknown): data is Plan =>
  isRecord(data) && typeof data.lab === "string" && hasLists(data, "changes", "stages", "warnings", "conflicts");

const isState = (data: unknown): data is State =>
  isRecord(data) && Object.entries(data).every(([id, resource]) => isResource(resource) && resource.id === id);

const isResource = (data: unknown): data is Resource =>
  isRecord(data) &&
  [data.id, data.kind, data.place].every((one) => typeof one === "string") &&
  isRecord(data.fields) &&
  isRecord(data.at);
