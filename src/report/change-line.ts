// One change of a plan, as the cells of a line and the lines under it.
import type { Change, FieldChange } from "../core/plan.js";
import type { Json, Resource } from "../core/resource.js";
import type { Paint } from "./color.js";
import { isMadeAgain } from "./plan-summary.js";
import { symbol } from "./symbol.js";
import { changed, set } from "./value.js";
import { count, oneLine, plural } from "./words.js";

export interface LineOptions {
  paint: Paint;
  verbose: boolean;
  /** Deletions that go with this one. */
  company: number;
}

/** netlab's own marks: on what is made they are a matter of course. */
const MARKS = new Set(["alias", "group", "registered", "protocol", "mark"]);
const LINES_SHOWN = 6;

/** What a change does to the traffic, in words; a creation and a deletion say it themselves. */
const TRAFFIC = {
  none: "",
  flap: "interrupts traffic for a moment",
  rebuild: "stops traffic until it is rebuilt",
} as const;

/** Table, destination, and metric where it is not the usual one, of a route's id. */
const ROUTE = /^(\d+)\/(.*?)(?:\/(metric \d+))?$/;
/** rt_tables(5); routes of it go without its number. */
const MAIN_TABLE = "254";

/**
 * The name of a resource within its place: `eth0/192.168.15.1/24` of `address:red/eth0/192.168.15.1/24`,
 * `10.0.0.0/8 table 100` of `route:red/100/10.0.0.0/8`.
 */
export function nameIn(place: string, id: string): string {
  const key = id.slice(id.indexOf(":") + 1);
  if (key === place) return "";
  const name = key.startsWith(`${place}/`) ? key.slice(place.length + 1) : key;
  return oneLine(id.startsWith("route:") ? routeName(name) : name);
}

function routeName(name: string): string {
  const [, table, to, metric] = ROUTE.exec(name) ?? [];
  if (to === undefined) return name;
  return [to, ...(table === MAIN_TABLE ? [] : [`table ${table}`]), ...(metric ? [metric] : [])].join(" ");
}

/** What is set, in one line: without netlab's marks and texts of several lines, unless all is asked for. */
export function fieldWords(fields: FieldChange[], verbose: boolean): string {
  const shown = fields.filter((one) => !isText(one) && (verbose || !MARKS.has(one.field)));
  return shown.flatMap(({ field, to }) => set(field, to) ?? []).join(", ");
}

/** Symbol, kind, name, what changes and why. */
export function changeCells(change: Change, { paint, verbose, company }: LineOptions): string[] {
  const { action, fields, kind, place, id, reason, traffic } = change;
  const facts = {
    // What is made again is as it was, but for what is said.
    create: () => paint.dim(reason ? changedWords(fields) : fieldWords(fields, verbose)),
    update: () => changedWords(fields),
    replace: () => changedWords(fields),
    delete: () => "",
  }[action]();
  const others =
    company > 0 ? paint.dim(`and ${plural(company, "thing")} that go${company === 1 ? "es" : ""} with it`) : "";
  const again = isMadeAgain(change) ? "made again " : "";
  const why = reason ? paint.dim(`${again}(${oneLine(reason)})`) : "";
  const cost = action === "update" || action === "replace" ? TRAFFIC[traffic] : "";
  const notes = [facts, others, why, cost && paint.yellow(`! ${cost}`)].filter(Boolean).join("  ");
  const name = nameIn(place, id);
  return [symbol(action, paint), kind, ...(name ? [paint.bold(name), notes] : [notes])];
}

/** Texts of several lines (rules of nftables): what comes and what goes. */
export function changeBody({ action, fields }: Change, { paint, verbose }: LineOptions): string[] {
  if (action === "delete") return [];
  const lines = fields.filter(isText).flatMap(({ field, from, to }) => {
    const [before, after] = [textOf(from, verbose), textOf(to, verbose)];
    return [
      ...before.filter((line) => !after.includes(line)).map((line) => paint.red(`- ${field}: ${oneLine(line)}`)),
      ...after.filter((line) => !before.includes(line)).map((line) => paint.green(`+ ${field}: ${oneLine(line)}`)),
    ];
  });
  if (verbose || lines.length <= LINES_SHOWN) return lines;
  return [...lines.slice(0, LINES_SHOWN - 1), paint.dim(`and ${count(lines.length - LINES_SHOWN + 1)} lines more`)];
}

/** The same of what is there. */
export function textLines(fields: Resource["fields"], { paint, verbose }: Omit<LineOptions, "company">): string[] {
  return Object.entries(fields).flatMap(([field, text]) =>
    textOf(text, verbose).map((line) => paint.dim(`${field}: ${oneLine(line)}`)),
  );
}

/** Netlab's marks too: one that is missing or another's is how a thing that is taken over is told from one of the lab's. */
const changedWords = (fields: FieldChange[]): string =>
  fields
    .filter((field) => !isText(field))
    .map(changed)
    .join(", ");

const isText = ({ from, to }: FieldChange): boolean => [from, to].some((one) => textOf(one, true).length > 0);

/** The head of a chain, nft(8): always the same, and said by the name of the field. */
const CHAIN_HEAD = /^type \w+ hook /;

/** The lines of a field that is a text: a list of strings with spaces in them. */
function textOf(json: Json | undefined, verbose: boolean): string[] {
  if (!Array.isArray(json)) return [];
  const lines = json.filter((one): one is string => typeof one === "string");
  if (!lines.some((line) => line.includes(" "))) return [];
  return verbose ? lines : lines.filter((line) => !CHAIN_HEAD.test(line));
}
