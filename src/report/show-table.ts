// The live lab as a table: place by place, with what differs from the file marked.
import type { Change } from "../core/plan.js";
import type { Resource, State } from "../core/resource.js";
import { HOST } from "../topology/lab.js";
import { fieldWords, nameIn } from "./change-line.js";
import type { Paint } from "./color.js";
import { groupBy } from "./group-by.js";
import { symbol } from "./symbol.js";
import { table } from "./table.js";
import { changed } from "./value.js";
import { natural } from "./words.js";

export interface ShowOptions {
  /** What apply would change; absent where no file is known. */
  drift?: Change[] | undefined;
  /** What the kernel made by itself too, and netlab's marks. */
  verbose?: boolean | undefined;
  paint: Paint;
}

interface Row {
  place: string;
  id: string;
  cells: string[];
}

/** Ends with a newline, unless there is nothing. */
export function showTable(state: State, options: ShowOptions): string {
  const drift = new Map((options.drift ?? []).map((change) => [change.id, change]));
  const live = Object.values(state)
    .filter((r) => options.verbose || r.owner !== "ambient" || drift.has(r.id))
    .map((r) => liveRow(r, drift.get(r.id), options));
  const missing = [...drift.values()].filter(({ id }) => !(id in state)).map((change) => missingRow(change, options));
  const places = groupBy([...live, ...missing], ({ place }) => place);
  return [...places]
    .sort(([a], [b]) => Number(b === HOST) - Number(a === HOST) || natural(a, b))
    .map(([place, rows]) => {
      const cells = rows.sort((a, b) => natural(a.id, b.id)).map((row) => row.cells);
      return `${options.paint.bold(place)}\n${table(cells, { indent: "  " })}\n`;
    })
    .join("\n");
}

function liveRow(r: Resource, change: Change | undefined, { paint, verbose = false }: ShowOptions): Row {
  const mark = change ? symbol(change.action, paint) : " ";
  const facts = fieldWords(
    Object.entries(r.fields).map(([field, to]) => ({ field, from: undefined, to })),
    verbose,
  );
  return {
    place: r.place,
    id: r.id,
    cells: [mark, r.kind, paint.bold(nameIn(r.place, r.id)), facts, differs(change, paint)],
  };
}

function missingRow(change: Change, { paint }: ShowOptions): Row {
  const { place, id, kind, action } = change;
  return { place, id, cells: [symbol(action, paint), kind, nameIn(place, id), "", paint.yellow("missing")] };
}

function differs(change: Change | undefined, paint: Paint): string {
  if (!change) return "";
  if (change.action === "delete") return paint.yellow("not in the file");
  return paint.yellow(`the file says: ${change.fields.map(changed).join(", ")}`);
}
