// A plan as text: what will be made, changed and deleted, where, why, and what it does to the traffic.

import { groupBy } from "../core/group-by.js";
import { naturally } from "../core/naturally.js";
import type { Change, Plan } from "../core/plan.js";
import { isEmpty } from "../core/planner.js";
import { HOST } from "../topology/lab.js";
import { changeBody, changeCells, type LineOptions } from "./change-line.js";
import type { Paint } from "./color.js";
import type { Locate } from "./locate.js";
import { bulkLines, splitBulk } from "./plan-bulk.js";
import { settingCells, splitSettings } from "./plan-settings.js";
import { summaryLine } from "./plan-summary.js";
import { table } from "./table.js";
import { renderTrouble, troublesOf } from "./trouble.js";

export interface PlanTextOptions {
  paint: Paint;
  /** Every change, with all its fields; otherwise what is many and alike is counted. */
  verbose?: boolean;
  locate?: Locate | undefined;
}

/** Ends with a newline. */
export function planText(plan: Plan, options: PlanTextOptions): string {
  const troubles = troublesOf(plan).map((trouble) => renderTrouble(trouble, options));
  const parts = [...changeParts(plan, options), ...troubles];
  if (!isEmpty(plan)) parts.push(options.paint.bold(summaryLine(plan)));
  else if (plan.conflicts.length === 0) parts.push("No changes. The lab is as the file says.");
  return `${parts.join("\n\n")}\n`;
}

function changeParts(plan: Plan, { paint, verbose = false }: PlanTextOptions): string[] {
  const company = companyOf(plan.changes);
  const led = verbose ? plan.changes : plan.changes.filter(({ goesWith }) => goesWith === undefined);
  const { single, bulk } = verbose ? { single: led, bulk: [] } : splitBulk(led);
  const options = (change: Change): LineOptions => ({
    paint,
    verbose,
    company: verbose ? 0 : (company.get(change.id) ?? 0),
  });
  const parts = bulk.length > 0 ? [bulkLines(bulk, company, paint)] : [];
  for (const [place, changes] of byPlace(single)) {
    const { settings, others } = verbose ? { settings: [], others: changes } : splitSettings(changes);
    const cells = [...others.map((change) => changeCells(change, options(change))), ...settingCells(settings, paint)];
    const rows = table(cells, { indent: "  " }).split("\n");
    const bodies = others.map((change) => changeBody(change, options(change)));
    const lines = rows.flatMap((row, i) => [row, ...(bodies[i] ?? []).map((line) => `        ${line}`)]);
    parts.push([paint.bold(place), ...lines].join("\n"));
  }
  return parts;
}

/** The host first, then the namespaces by name; within one, the order of the plan. */
function byPlace(changes: Change[]): [string, Change[]][] {
  return [...groupBy(changes, ({ place }) => place)].sort(
    ([a], [b]) => Number(b === HOST) - Number(a === HOST) || naturally(a, b),
  );
}

/** For each deletion that others go with: how many, those that go with these counted too. */
function companyOf(changes: Change[]): Map<string, number> {
  const leader = new Map(
    changes.flatMap(({ id, goesWith }) => (goesWith === undefined ? [] : [[id, goesWith] as const])),
  );
  const tops = new Map<string, string>();
  const topOf = (id: string): string => {
    const known = tops.get(id);
    if (known !== undefined) return known;
    // A circle ends where it began.
    tops.set(id, id);
    const next = leader.get(id);
    const top = next === undefined ? id : topOf(next);
    tops.set(id, top);
    return top;
  };
  const company = new Map<string, number>();
  for (const top of [...leader.keys()].map(topOf)) company.set(top, (company.get(top) ?? 0) + 1);
  return company;
}
