// How much a plan does, in numbers and in one line.
import type { Action, Change, Plan } from "../core/plan.js";
import { count } from "./words.js";

export type Summary = Record<Action, number>;

export function summary(plan: Plan): Summary {
  const numbers: Summary = { create: 0, update: 0, replace: 0, delete: 0 };
  for (const { action } of plan.changes) numbers[action]++;
  return numbers;
}

/** `Plan: 12 to create, 1 to change, 0 to replace, 3 to delete.` */
export function summaryLine(plan: Plan): string {
  const { create, update, replace, delete: gone } = summary(plan);
  return `Plan: ${count(create)} to create, ${count(update)} to change, ${count(replace)} to replace, ${count(gone)} to delete.`;
}

/** `12 created, 3 made again, 1 changed`: what was done, the zeros left out. What was lost with another is not new. */
export function doneWords(plan: Plan): string {
  const { create, update, replace, delete: gone } = summary(plan);
  const again = plan.changes.filter(isMadeAgain).length;
  const words: [number, string][] = [
    [create - again, "created"],
    [replace, "replaced"],
    [again, "made again"],
    [update, "changed"],
    [gone, "deleted"],
  ];
  return words.flatMap(([number, word]) => (number ? [`${count(number)} ${word}`] : [])).join(", ");
}

/** Lost with another thing, or by an update of it. */
export const isMadeAgain = ({ action, reason }: Change): boolean =>
  action === "create" && reason?.startsWith("lost ") === true;
