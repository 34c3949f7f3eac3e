// Drift: what a person changes by hand, and what netlab's plan must say of it. The cases are tables beside this file.
import path from "node:path";
import { beforeAll, expect, test } from "vitest";
import { Box, type BoxOptions } from "./box.js";
import { figure } from "./faults.js";

/**
 * A change by hand, as a shell script, and the lines of the plan that repairs it: `+ ID`, `- ID`, `~ ID: FIELD, FIELD`, `± ID: FIELD`,
 * where `*` stands for anything. Each line of the plan must be one of these, and each of these must be in the plan.
 */
export interface DriftCase {
  title: string;
  drift: string;
  plan: string[];
  /** Takes back what is none of netlab's business, and stays until then. */
  undo?: string;
  /** The mark is gone, so that netlab refuses to touch this resource, until `undo`. */
  conflict?: string;
}

export interface DriftFamily {
  about: string;
  box: BoxOptions;
  topology: string;
  /** A script that makes the machine what the lab expects to find. */
  before?: string;
  cases: DriftCase[];
}

interface Outcome {
  title: string;
  plan: string[];
  conflicts: string[];
  outcome?: string;
  left: string[];
  unlike?: string[];
  trouble?: string;
}

const DRIVER = path.resolve(import.meta.dirname, "drift-driver.mjs");

/** What netlab shows and repairs: the title, the script, and the lines of the plan. */
export const drifted = (title: string, drift: string, ...plan: string[]): DriftCase => ({ title, drift, plan });

/** What netlab leaves alone. */
export const ignored = (title: string, drift: string, undo: string): DriftCase => ({ title, drift, plan: [], undo });

/** Takes away a mark, and then gives it back. */
export const unmarked = (
  title: string,
  conflict: string,
  drift: string,
  undo: string,
  ...plan: string[]
): DriftCase => ({
  title,
  drift,
  plan,
  undo,
  conflict,
});

/** The tests of one family: one lab, in one box, for all its cases. */
export function testDrift({ about, box: options, topology, before, cases }: DriftFamily): void {
  const outcomes = new Map<string, Outcome>();
  beforeAll(async () => {
    const box = await Box.open(options);
    try {
      const input = JSON.stringify({ topology, before, cases });
      const { code, stdout, stderr } = await box.run([process.execPath, DRIVER], { input, timeout: 400 });
      for (const line of stdout.split("\n").filter(Boolean)) {
        const outcome: Outcome = JSON.parse(line);
        outcomes.set(outcome.title, outcome);
      }
      expect(code, `${about}\n${stderr}`).toBe(0);
    } finally {
      await box.close();
    }
  }, 420_000);

  test.each(cases.map((one) => [one.title, one] as const))("%s", (title, one) => {
    const outcome = outcomes.get(title);
    expect(outcome?.trouble).toBeUndefined();
    const { plan, conflicts, left, unlike } = outcome!;
    expect(plan.filter((line) => !one.plan.some((glob) => matches(line, glob)))).toEqual([]);
    expect(one.plan.filter((glob) => !plan.some((line) => matches(line, glob)))).toEqual([]);
    expect(conflicts).toEqual(one.conflict ? [one.conflict] : []);
    if (!one.conflict) expect(outcome!.outcome).toBe(one.plan.length ? "applied" : "unchanged");
    expect(left).toEqual([]);
    expect(unlike).toBeUndefined();
    if (one.plan.length && !one.conflict) figure("drifts injected and repaired", 1);
    else figure(one.conflict ? "marks removed by hand, and refused" : "changes by others left alone", 1);
  });
}

function matches(line: string, glob: string): boolean {
  const parts = glob.split("*").map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`).test(line);
}
