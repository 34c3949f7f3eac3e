// How much a plan does, in numbers and in one line.
import type { Action, Plan } from "../core/plan.js";
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

/** `12 created, 1 changed`: what was done, the zeros left out. */
export function doneWords(plan: Plan): string {
  const numbers = summary(plan);
  const words: [Action, string][] = [
    ["create", "created"],
    ["update", "changed"],
    ["replace", "replaced"],
    ["delete", "deleted"],
  ];
  return words.flatMap(([action, word]) => (numbers[action] ? [`${count(numbers[action])} ${word}`] : [])).join(", ");
}
