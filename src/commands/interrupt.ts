// Ctrl-C and kill, as an AbortSignal: what was begun is put back before netlab ends.
import { EXIT } from "./exit-codes.js";
import type { Session } from "./session.js";

export type EndSignal = "SIGINT" | "SIGTERM";

export interface Interrupt {
  /** Aborted with the name of the signal as its reason. */
  signal: AbortSignal;
  /** The exit code of the signal that came, or else the given one. */
  exitCode(otherwise: number): number;
  /** Signals end the process at once again. */
  dispose(): void;
}

/** @param afterwards what is said to the second Ctrl-C, which does not end the process */
export function interruptible(session: Session, afterwards: string): Interrupt {
  const controller = new AbortController();
  let came: EndSignal | undefined;
  const on = (name: EndSignal) => () => {
    if (came) return session.err(`\n${afterwards}\n`);
    came = name;
    controller.abort(name);
  };
  // A terminal that was closed asks for the same as kill(1) does.
  const listeners = { SIGINT: on("SIGINT"), SIGTERM: on("SIGTERM"), SIGHUP: on("SIGTERM") };
  for (const [name, listener] of Object.entries(listeners)) process.on(name, listener);
  return {
    signal: controller.signal,
    exitCode: (otherwise) => (came ? EXIT[came] : otherwise),
    dispose() {
      for (const [name, listener] of Object.entries(listeners)) process.off(name, listener);
    },
  };
}
