// The probes of a check run: pings, TCP connections and listeners in the namespaces of one machine.
import { setMaxListeners } from "node:events";
import type { Place } from "../../topology/lab.js";
import { PROBE_HELPER } from "../own-files.js";
import type { Outcome, Target } from "./outcome.js";
import { ping } from "./ping.js";
import { helperPool } from "./pool.js";
import type { HelperProcess } from "./process.js";

export interface Probes {
  /** One echo request; `seconds` are whole. */
  ping(place: Place, address: string, seconds: number): Promise<Outcome>;
  /** One connection; all of it within `seconds`. */
  connect(place: Place, target: Target, seconds: number): Promise<Outcome>;
  /** Opens a listener, or shares the one that is open there; each `ok` needs one `unlisten`. */
  listen(place: Place, port: number): Promise<Outcome>;
  unlisten(place: Place, port: number): Promise<void>;
  /** Ends every process that it started, also in the middle of a probe. */
  close(): Promise<void>;
}

export interface ProbeOptions {
  /** Words before each command that take it into the machine; default: none, this one. */
  machine?: string[];
  /** The built helper script. */
  helper?: string;
}

/** The name of a listener, in reports and on the wire. */
export function listenerName(place: Place, port: number): string {
  return `${place}:${port}`;
}

/** Probes in the namespaces of a machine. Processes start when they are first needed. */
export function openProbes({ machine = [], helper = PROBE_HELPER }: ProbeOptions = {}): Probes {
  const helpers = helperPool(helper, machine);
  const closed = new AbortController();
  setMaxListeners(0, closed.signal); // One for each ping that is under way.
  const listeners = new Map<string, { helper: HelperProcess; opened: Promise<Outcome>; users: number }>();

  const open = (place: Place, port: number, name: string) => {
    const helper = helpers.take(place);
    return { helper, opened: helper.ask({ do: "listen", port, name }), users: 0 };
  };

  const unlisten = async (place: Place, port: number) => {
    const name = listenerName(place, port);
    const entry = listeners.get(name);
    if (entry === undefined || --entry.users > 0) return;
    listeners.delete(name);
    await entry.helper.ask({ do: "close", port });
    helpers.giveBack(place);
  };

  return {
    ping: (place, address, seconds) => ping(place, address, seconds, machine, closed.signal),
    async connect(place, target, seconds) {
      const outcome = await helpers.take(place).ask({ do: "connect", target, seconds });
      helpers.giveBack(place);
      return outcome;
    },
    async listen(place, port) {
      const name = listenerName(place, port);
      const entry = listeners.get(name) ?? open(place, port, name);
      entry.users++;
      listeners.set(name, entry);
      const outcome = await entry.opened;
      if (outcome.is !== "ok") await unlisten(place, port);
      return outcome;
    },
    unlisten,
    async close() {
      closed.abort();
      await helpers.close();
    },
  };
}
