// Reads most of a large lab back before the last stage of its plan. A bridge comes up last, and then the kernel's work for
// IPv6 in a thousand namespaces (duplicate addresses, multicast, routers) holds for seconds the lock that readers need.
import { setImmediate as nextTurn } from "node:timers/promises";
import { diff } from "../core/diff.js";
import type { Planned } from "../core/plan.js";
import type { Resource, State } from "../core/resource.js";
import { touched } from "../core/touched.js";
import type { Machine, Since } from "../host/machine.js";
import type { Place } from "../topology/lab.js";
import type { Difference } from "./events.js";
import { model } from "./model.js";
import { liveRows, liveState, stateIn } from "./state.js";
import { verify } from "./verify.js";

/** Places that a second look spares, to be worth a first one. */
const MANY = 50;

export interface ReadAhead {
  /** To be called before the last stage. */
  beforeLast(): Promise<void>;
  /** Reads back when the last stage is done; see verify.ts. */
  verify(): Promise<Difference[]>;
}

/** What was read before the last stage. */
interface Early {
  since: Since;
  /** Services, files and the like, which are read whole each time; undefined where not all that it cannot change is as declared. */
  whole: Promise<State | undefined>;
}

export function readAhead({ plan, desired, live }: Planned, machine: Machine, adopt = false): ReadAhead {
  const { lab, stages } = plan;
  let early: Early | undefined;

  async function readEarly(changed: Set<string>): Promise<Early> {
    const rows = await liveRows(lab, desired, machine);
    // While the processes of the last stage run.
    const whole = nextTurn().then(() => {
      const state = stateIn(rows.places, rows, lab, desired);
      const agrees = diff(model, desired, state).every(({ id }) => changed.has((desired[id] ?? state[id]!).place));
      return agrees ? stateIn([], rows, lab, desired) : undefined;
    });
    whole.catch(() => {}); // told where it is waited for
    return { since: { rows, changed }, whole };
  }

  /** Whether all was as declared then, and what is read now is. */
  async function agreesNow({ since, whole: seen }: Early): Promise<boolean> {
    const { changed } = since;
    const rows = await liveRows(lab, desired, machine, since);
    const whole = await seen;
    if (!whole) return false;
    const there = new Set(rows.places);
    // What was not read again is the very same list; a namespace that somebody has made again is another one.
    const isKnown = (place: Place) => !changed.has(place) && rows.route[place] === since.rows.route[place];
    if (since.rows.places.some((place) => !changed.has(place) && !there.has(place))) return false;
    const places = rows.places.filter((place) => !isKnown(place));
    const state = stateIn(places, rows, lab, desired);
    const open = new Set(places);
    const isOpen = ({ id, place }: Resource) => open.has(place) || id in state || id in whole;
    const wanted = Object.fromEntries(Object.entries(desired).filter(([, r]) => isOpen(r)));
    return diff(model, wanted, state).length === 0;
  }

  return {
    async beforeLast() {
      const places = new Set(stages.flatMap(({ batches }) => batches.map(({ place }) => place)));
      if (adopt || places.size <= MANY) return;
      const changed = touched(model, stages.at(-1)!, desired, live);
      if (places.size - changed.size >= MANY) early = await readEarly(changed);
    },
    async verify() {
      if (early && (await agreesNow(early))) return [];
      return verify(desired, async () => (await liveState(lab, desired, machine, adopt)).state);
    },
  };
}
