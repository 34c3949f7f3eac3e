// One helper process a namespace, started when it is first needed, kept while it is of use.
import type { Place } from "../../topology/lab.js";
import { type HelperProcess, startHelper } from "./process.js";

/** Helpers (some 40 MB each) that are kept though nobody uses them at the moment. */
const IDLE_HELPERS = 16;

export interface HelperPool {
  /** The helper of a place, started if it has none; each call needs one `giveBack`. */
  take(place: Place): HelperProcess;
  giveBack(place: Place): void;
  /** Resolves when every helper has ended, also those in use. */
  close(): Promise<void>;
}

/** `script` and `machine` as in `startHelper`. */
export function helperPool(script: string, machine: string[]): HelperPool {
  // Its order is that of the last use.
  const helpers = new Map<Place, { process: HelperProcess; users: number }>();
  const ending: Promise<void>[] = [];

  return {
    take(place) {
      const entry = helpers.get(place) ?? { process: startHelper(place, script, machine), users: 0 };
      entry.users++;
      helpers.delete(place);
      helpers.set(place, entry);
      return entry.process;
    },
    giveBack(place) {
      helpers.get(place)!.users--;
      const idle = [...helpers].filter(([, entry]) => entry.users === 0);
      for (const [name, { process }] of idle.slice(0, Math.max(0, idle.length - IDLE_HELPERS))) {
        helpers.delete(name);
        ending.push(process.close());
      }
    },
    async close() {
      for (const { process } of helpers.values()) ending.push(process.close());
      await Promise.all(ending);
    },
  };
}
