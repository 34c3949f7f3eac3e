// A plan stopped somewhere: whole stages, then of one stage as much of each batch as had been done.
import type { Plan, Stage, Step } from "../../src/core/plan.js";

/** The steps that were done, in an order in which they may have been: batches of a stage run side by side. */
export function interrupted({ stages }: Plan, choice: number): Step[] {
  if (stages.length === 0) return [];
  const reached = choice % stages.length;
  const partly = mixed(stages[reached]!, choice);
  return [...stages.slice(0, reached).flatMap((stage) => mixed(stage, choice)), ...partly.slice(0, choice % 7)];
}

/** The steps of a stage in one of the orders that its batches allow. */
export function mixed({ batches }: Stage, choice: number): Step[] {
  const waiting = batches.map(({ steps }) => [...steps]).filter((steps) => steps.length > 0);
  const order: Step[] = [];
  for (let turn = choice; waiting.length > 0; turn = (turn * 31 + 7) % 1009) {
    const at = turn % waiting.length;
    order.push(waiting[at]!.shift()!);
    if (waiting[at]!.length === 0) waiting.splice(at, 1);
  }
  return order;
}
