// The live lab as a table: place by place, with what differs from the file marked.

import { groupBy } from "../core/group-by.js";
import { naturally } from "../core/naturally.js";
import type { Change } from "../core/plan.js";
import type { Resource, State } from "../core/resource.js";
import { HOST } from "../topology/lab.js";
import { fieldWords, nameIn, textLines } from "./change-line.js";
import type { Paint } from "./color.js";
import { symbol } from "./symbol.js";
import { table } from "./table.js";
import { changed } from "./value.js";

export interface ShowOptions {
  /** What apply would change; absent where no file is known. */
  drift?: Change[] | undefined;
  /** What the kernel made by itself too, and netlab's marks. */
  verbose?: boolean | undefined;
  paint: Paint;
}

interface Row {
  place: string;
  cells: string[];
  /** Lines under it. */
  body: string[];
}

/** Ends with a newline, unless there is nothing. */
export function showTable(state: State, options: ShowOptions): string {
  const drift = new Map(driftOf(options.drift ?? [], state).map((change) => [change.id, change]));
  const live = Object.values(state)
    .filter((r) => options.verbose || r.owner !== "ambient" || drift.has(r.id))
    .map((r) => liveRow(r, drift.get(r.id), options));
  const missing = [...drift.values()].filter(({ id }) => !(id in state)).map((change) => missingRow(change, options));
  const places = groupBy([...live, ...missing], ({ place }) => place);
  return [...places]
    .sort(([a], [b]) => Number(b === HOST) - Number(a === HOST) || naturally(a, b))
    .map(([place, rows]) => {
      const lines = table(
        rows.map((row) => row.cells),
        { indent: "  " },
      ).split("\n");
      const all = lines.flatMap((line, i) => [line, ...rows[i]!.body.map((text) => `        ${text}`)]);
      return `${options.paint.bold(place)}\n${all.join("\n")}\n`;
    })
    .join("\n");
}

/** What differs now: what is only made again, because apply will tear it down on the way, does not. */
export function driftOf(changes: Change[], state: State): Change[] {
  return changes.filter(({ action, id }) => action !== "create" || !(id in state));
}

function liveRow(r: Resource, change: Change | undefined, { paint, verbose = false }: ShowOptions): Row {
  const mark = change ? symbol(change.action, paint) : " ";
  const fields = Object.entries(r.fields).map(([field, to]) => ({ field, from: undefined, to }));
  const facts = [fieldWords(fields, verbose), change ? paint.yellow(differs(change)) : ""].filter(Boolean).join("  ");
  return { place: r.place, body: textLines(r.fields, { paint, verbose }), cells: cells(mark, r, facts, paint) };
}

function missingRow(change: Change, { paint }: ShowOptions): Row {
  const words = change.action === "create" ? "missing" : differs(change);
  return {
    place: change.place,
    body: [],
    cells: cells(symbol(change.action, paint), change, paint.yellow(words), paint),
  };
}

function cells(mark: string, { kind, place, id }: Resource | Change, words: string, paint: Paint): string[] {
  const name = nameIn(place, id);
  return [mark, kind, ...(name ? [paint.bold(name)] : []), words];
}

const differs = ({ action, fields }: Change): string =>
  action === "delete" ? "not in the file" : `the file says: ${fields.map(changed).join(", ")}`;
