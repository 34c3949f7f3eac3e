// Changes that are many and alike, as counts: a plan for 1,000 namespaces is read by people too.

import { groupBy } from "../core/group-by.js";
import { naturally } from "../core/naturally.js";
import type { Action, Change } from "../core/plan.js";
import { nameIn } from "./change-line.js";
import type { Paint } from "./color.js";
import { symbol } from "./symbol.js";
import { table } from "./table.js";
import { count, plural } from "./words.js";

/** So many changes of one action and kind are shown one by one. */
const SHOWN = 60;

export interface Bulk {
  action: Action;
  kind: string;
  changes: Change[];
}

export function splitBulk(changes: Change[]): { single: Change[]; bulk: Bulk[] } {
  const groups = groupBy(changes, ({ action, kind }) => `${action} ${kind}`);
  const bulk = [...groups.values()]
    .filter((group) => group.length > SHOWN)
    .map((group) => ({ action: group[0]!.action, kind: group[0]!.kind, changes: group }));
  const counted = new Set(bulk.flatMap((one) => one.changes));
  return { single: changes.filter((change) => !counted.has(change)), bulk };
}

/** One line a group, with its first and last by name. */
export function bulkLines(bulk: Bulk[], company: Map<string, number>, paint: Paint): string {
  const places = new Set(bulk.flatMap(({ changes }) => changes.map(({ place }) => place)));
  const rows = bulk.map(({ action, kind, changes }) => {
    const others = changes.reduce((sum, { id }) => sum + (company.get(id) ?? 0), 0);
    return [
      symbol(action, paint),
      count(changes.length),
      kind,
      ends(changes) + (others ? `  and ${count(others)} that go with them` : ""),
    ];
  });
  const head = paint.bold(`In ${plural(places.size, "place")}`);
  return `${head}${paint.dim("  (-v shows each)")}\n${table(rows, { indent: "  " })}`;
}

function ends(changes: Change[]): string {
  const names = changes.map(({ place, id }) => [place, nameIn(place, id)].filter(Boolean).join("/")).sort(naturally);
  return `${names[0]}, ${names[1]}, … ${names.at(-1)}`;
}
