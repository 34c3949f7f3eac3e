// Settings of a place (sysctls) on one line: a new namespace has several, and their names say it all.
import type { Change } from "../core/plan.js";
import { nameIn } from "./change-line.js";
import type { Paint } from "./color.js";
import { groupBy } from "./group-by.js";
import { symbol } from "./symbol.js";
import { value } from "./value.js";
import { count } from "./words.js";

const SHOWN = 2;

/** A setting has a `value`; those that are new and without a reason of their own are alike. */
export function splitSettings(changes: Change[]): { settings: Change[]; others: Change[] } {
  const isSetting = ({ action, reason, fields }: Change) =>
    action === "create" && reason === undefined && fields.some(({ field }) => field === "value");
  return { settings: changes.filter(isSetting), others: changes.filter((change) => !isSetting(change)) };
}

export function settingCells(settings: Change[], paint: Paint): string[][] {
  return [...groupBy(settings, ({ kind }) => kind)].map(([kind, changes]) => {
    const words = changes.map(({ place, id, fields }) => {
      const { to } = fields.find(({ field }) => field === "value")!;
      return `${nameIn(place, id)}=${value(to)}`;
    });
    const more = words.length > SHOWN ? [`and ${count(words.length - SHOWN)} more`] : [];
    return [symbol("create", paint), kind, [...words.slice(0, SHOWN), ...more].join(", ")];
  });
}
