// Reads back: what was declared must be there, within a bound.
import { diff } from "../core/diff.js";
import type { State } from "../core/resource.js";
import { patience } from "../host/tuning.js";
import type { Difference } from "./events.js";
import { model } from "./model.js";

/** Milliseconds that late things (deleted namespaces, OVS devices, address detection) may take. */
const BOUND = patience(10) * 1000;

/**
 * What still differs after the bound; empty when all is as declared. The bound counts from the end of the first look,
 * which itself takes longer than that in a large lab on a busy machine: there is always a second one.
 */
export async function verify(desired: State, look: () => Promise<State>, bound = BOUND): Promise<Difference[]> {
  let until: number | undefined;
  for (let pause = 5; ; pause = Math.min(pause * 1.25, 500)) {
    const left = diff(model, desired, await look());
    until ??= Date.now() + bound;
    if (left.length === 0 || Date.now() >= until) return left;
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}
