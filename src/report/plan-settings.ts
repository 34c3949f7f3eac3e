// Settings of a place (sysctls) on one line: a new namespace has several, and their names say it all.

import { groupBy } from "../core/group-by.js";
import type { Change } from "../core/plan.js";
import { nameIn } from "./change-line.js";
import type { Paint } from "./color.js";
import { symbol } from "./symbol.js";
import { value } from "./value.js";
import { count } from "./words.js";

/** Columns for the settings of one line, so that it fits on a terminal of 80. */
const ROOM = 60;

/** A setting has a `value`; those that are new and without a reason of their own are alike. */
export function splitSettings(changes: Change[]): { settings: Change[]; others: Change[] } {
  const isSetting = ({ action, reason, fields }: Change) =>
    action === "create" && reason === undefined && fields.some(({ field }) => field === "value");
  return { settings: changes.filter(isSetting), others: changes.filter((change) => !isSetting(change)) };
}

export function settingCells(settings: Change[], paint: Paint): string[][] {
  return [...groupBy(settings, ({ kind }) => kind)].map(([kind, changes]) => {
    const words = [...changes].sort(askedFirst).map(({ place, id, fields }) => {
      const { to } = fields.find(({ field }) => field === "value")!;
      return `${nameIn(place, id)}=${value(to)}`;
    });
    let shown = 1;
    while (shown < words.length && words.slice(0, shown + 1).join(", ").length <= ROOM) shown++;
    const more = words.length > shown ? [`and ${count(words.length - shown)} more`] : [];
    return [symbol("create", paint), kind, [...words.slice(0, shown), ...more].join(", ")];
  });
}

/** Those that the file names before those that come with their namespace. */
const askedFirst = (a: Change, b: Change): number => depth(b) - depth(a);
const depth = ({ origin = "" }: Change): number => origin.split("/").length;
