// The machine that netlab runs on: its root network namespace is the one netlab was started in.
import { noteMade, readJournal, writeJournal } from "./journal.js";
import { takeLock } from "./lock.js";
import { type Machine, MachineError } from "./machine.js";
import { findFacts } from "./read/facts.js";
import { takenNames } from "./read/names.js";
import { observe } from "./read/observe.js";
import { ovsMissing } from "./read/ovs.js";
import type { Reader } from "./read/reader.js";
import { requireRights } from "./rights.js";
import { requireTools } from "./tools.js";
import { requireWritableSettings } from "./writable-settings.js";
import { execute } from "./write/execute.js";

export interface MachineOptions {
  /** How the live state is read. */
  reader?: Reader;
}

export function thisMachine({ reader }: MachineOptions = {}): Machine {
  let lock: number | undefined;
  return {
    require(tools) {
      requireTools(tools);
      const missing = tools.includes("ovs-vsctl") ? ovsMissing() : undefined;
      if (missing) throw new MachineError(missing.message, { hint: missing.hint });
      if (tools.includes("sysctl")) requireWritableSettings();
    },
    facts: (wanted) => findFacts(wanted, reader),
    observe: (lab, sources, since) => observe(lab, sources, reader, since),
    names: async () => takenNames(),
    async run(batch, options) {
      const [result] = await execute([batch], options, { lock, reader });
      return result!;
    },
    runAll: (batches, options) => execute(batches, options, { lock, reader }),
    async lock(timeoutSeconds, waiting) {
      requireRights("changing a lab");
      requireTools(["flock"]);
      const held = await takeLock(timeoutSeconds, waiting);
      lock = held.fd;
      return {
        async release() {
          lock = undefined;
          held.release();
        },
      };
    },
    readJournal: async (lab) => readJournal(lab),
    writeJournal: async (lab, journal) => writeJournal(lab, journal),
    noteMade: async (lab, places) => noteMade(lab, places),
  };
}
