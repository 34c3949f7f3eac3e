// Reads most of a large lab back before the last stage of its plan. A bridge comes up last, and then the kernel's work for
// IPv6 in a thousand namespaces (duplicate addresses, multicast, routers) holds for seconds the lock that readers need.
import type { Planned } from "../core/plan.js";
import type { State } from "../core/resource.js";
import { touched } from "../core/touched.js";
import type { Machine, Since } from "../host/machine.js";
import { model } from "./model.js";
import { liveRows, liveState } from "./state.js";

/** Places that a second look spares, to be worth a first one. */
const MANY = 50;

export interface ReadAhead {
  /** To be called before the last stage. */
  beforeLast(): Promise<void>;
  /** What is there: the first time, of places that the last stage cannot have changed, what was read before it. */
  look(): Promise<State>;
}

export function readAhead({ plan, desired, live }: Planned, machine: Machine, adopt?: boolean): ReadAhead {
  let since: Since | undefined;
  return {
    async beforeLast() {
      const last = plan.stages.at(-1)!;
      const places = new Set(plan.stages.flatMap(({ batches }) => batches.map(({ place }) => place)));
      if (places.size <= MANY) return;
      const changed = touched(model, last, desired, live);
      if (places.size - changed.size < MANY) return;
      since = { rows: await liveRows(plan.lab, desired, machine), changed };
    },
    async look() {
      const { state } = await liveState(plan.lab, desired, machine, adopt, since);
      since = undefined;
      return state;
    },
  };
}
