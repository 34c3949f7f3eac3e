// A plan in a file: written by `netlab plan --out`, carried out by `netlab apply`, which plans again and compares.
import type { Plan } from "../core/plan.js";
import type { Resource, State } from "../core/resource.js";
import { labOfAlias } from "../kinds/ownership.js";

// An import of it would load all that it can do, web crypto too.
const { createHash } = process.getBuiltinModule("node:crypto");

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
  return `${JSON.stringify({ ...saved, digest: digestOf(saved) })}\n`;
}

/**
 * SHA-256 over all that a saved plan says, as hex: the same however its JSON is laid out. It has no key: it is there against
 * accidents, and who makes another can make a right one. Then it is apply's own plan that judges.
 */
export function digestOf(saved: object): string {
  const { digest: _, ...said } = JSON.parse(JSON.stringify(saved)) as Fields;
  const sorted = (_key: string, value: unknown) =>
    isRecord(value) ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value;
  return createHash("sha256").update(JSON.stringify(said, sorted)).digest("hex");
}

/** Whether a text is meant to be a saved plan, whole or not. */
export const looksSaved = (text: string): boolean => /^\s*\{\s*"content"\s*:\s*"netlab plan"/.test(text);

/**
 * The saved plan, or why it is none. What it says is not believed either: apply compares it with a plan of its own.
 * @param version this netlab's: another may draw other names, or make other commands, of the same lab
 */
export function parseSavedPlan(text: string, version: string): Parsed {
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
  return ofAnotherVersion(data, version) ?? whole(data);
}

function ofAnotherVersion({ format, netlab }: Fields, version: string): Parsed | undefined {
  const writer = typeof netlab === "string" ? `netlab ${JSON.stringify(netlab).slice(1, -1)}` : "another netlab";
  if (typeof format === "number" && format > SAVED_FORMAT)
    return { problem: `The plan was saved by ${writer}, in a newer form.`, hint: `it needs ${writer} or later` };
  if (netlab === version) return undefined;
  return { problem: `The plan was saved by ${writer}, and this is netlab ${version}.`, hint: AGAIN };
}

function whole(data: Fields): Parsed {
  const { content: _, format, netlab, adopt, sandbox, uplink, plan, desired, digest, ...unknown } = data;
  const isWhole = format === SAVED_FORMAT && isPlan(plan) && isState(desired) && Object.keys(unknown).length === 0;
  if (!isWhole || !isDigest(digest, data))
    return { problem: "The saved plan was edited: its digest is not that of what it says.", hint: AGAIN };
  const other = Object.values(desired)
    .map(markOf)
    .find((lab) => lab !== undefined && lab !== plan.lab);
  if (other !== undefined)
    return { problem: `The saved plan is for lab ${plan.lab}, but what it makes is of lab ${other}.`, hint: AGAIN };
  const inSandbox = sandbox === true ? { sandbox, ...(typeof uplink === "boolean" ? { uplink } : {}) } : {};
  return { saved: { netlab: String(netlab), adopt: adopt === true, ...inSandbox, plan, desired } };
}

/** What is nested too deep for JSON.stringify, netlab has not written. */
function isDigest(digest: unknown, data: Fields): boolean {
  try {
    return digest === digestOf(data);
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** The lab whose mark a resource is to carry; undefined where its kind has none. */
const markOf = ({ fields: { alias, mark } }: Resource): string | undefined =>
  typeof alias === "string" ? labOfAlias(alias) : typeof mark === "string" ? mark : undefined;

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
