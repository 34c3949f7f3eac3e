// What is done to a resource, as one sign: it says the same with colour and without.
import type { Action } from "../core/plan.js";
import type { Paint } from "./color.js";

const SYMBOLS: Record<Action, string> = { create: "+", update: "~", replace: "±", delete: "-" };
const COLORS = { create: "green", update: "yellow", replace: "yellow", delete: "red" } as const;

export function symbol(action: Action, paint: Paint): string {
  return paint[COLORS[action]](SYMBOLS[action]);
}
