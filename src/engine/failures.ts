// What goes wrong after something else did: the first failure stays the first, later ones are told with it.
import { MachineError } from "../host/machine.js";
import type { Failure } from "./events.js";

/** What the machine threw. @throws any other error: a mistake in netlab */
export function failureFrom(error: unknown): Failure {
  if (!(error instanceof MachineError)) throw error;
  const { message, command, hint } = error;
  return { message, ...(command && { command }), ...(hint !== undefined && { hint }) };
}

/** Does work that may fail without undoing what was done before it. */
export async function failing(work: () => Promise<unknown>): Promise<Failure | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    return failureFrom(error);
  }
}

/** The first of them with what the second says; either may be absent. */
export function together(first: Failure | undefined, second: Failure | undefined): Failure | undefined {
  if (!first || !second) return first ?? second;
  return { ...first, also: [...(first.also ?? []), second.message, ...(second.also ?? [])] };
}
