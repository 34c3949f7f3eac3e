// Bounds how long a process group may live.

/** Milliseconds between TERM and KILL, and after KILL. */
const GRACE = 1000;

export interface Deadline {
  /** The time was up. */
  passed(): boolean;
  stop(): void;
  /** Gives the whole time again. */
  restart(): void;
  /** Does not wait for the time. */
  end(): void;
}

/**
 * Ends a process group when its time is up: TERM, then KILL.
 * @param lost called when not even that helps: a process that waits in the kernel, or one that left the group and
 *   keeps the output open
 */
export function deadline(leader: () => number | undefined, milliseconds: number, lost = () => {}): Deadline {
  let passed = false;
  let timer: NodeJS.Timeout;
  const after = (next: () => void, pause = GRACE) => {
    timer = setTimeout(next, pause);
  };
  const end = () => {
    clearTimeout(timer);
    passed = true;
    killGroup(leader(), "SIGTERM");
    after(() => {
      killGroup(leader(), "SIGKILL");
      after(lost);
    });
  };
  after(end, milliseconds);
  return {
    passed: () => passed,
    stop: () => clearTimeout(timer),
    restart: () => {
      if (passed) return;
      clearTimeout(timer);
      after(end, milliseconds);
    },
    end,
  };
}

function killGroup(leader: number | undefined, signal: NodeJS.Signals): void {
  if (leader === undefined) return;
  try {
    process.kill(-leader, signal);
  } catch {
    // It has just ended by itself.
  }
}
