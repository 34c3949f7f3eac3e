// Small plans for tests of what is printed.
import type { Change, Plan, Step } from "../../../src/core/plan.js";

export function change(action: Change["action"], id: string, more: Partial<Change> = {}): Change {
  const kind = id.slice(0, id.indexOf(":"));
  const place = id.slice(id.indexOf(":") + 1).split("/")[0]!;
  return { action, id, kind, place, fields: [], traffic: "none", ...more };
}

export function planOf(changes: Change[], more: Partial<Plan> = {}): Plan {
  return { format: 1, lab: "demo", changes, stages: [], warnings: [], conflicts: [], ...more };
}

/** One stage with one batch a step. */
export function stagesOf(steps: Omit<Step, "number">[]): Plan["stages"] {
  const batches = steps.map((step, index) => ({
    tool: step.commands[0]?.tool ?? "",
    place: step.commands[0]?.place ?? "host",
    steps: [{ number: index + 1, ...step }],
  }));
  return [{ batches }];
}
