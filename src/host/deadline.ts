// Bounds how long a process group may live.

/** Milliseconds between TERM and KILL. */
const GRACE = 1000;

/** Ends a process group when its time is up: TERM, then KILL. `restart` gives it the whole time again. */
export function deadline(leader: () => number | undefined, milliseconds: number) {
  let passed = false;
  let timer: NodeJS.Timeout;
  const kill = (signal: NodeJS.Signals) => {
    passed = true;
    killGroup(leader(), signal);
  };
  const start = () => {
    timer = setTimeout(() => {
      kill("SIGTERM");
      timer = setTimeout(kill, GRACE, "SIGKILL");
    }, milliseconds);
  };
  start();
  return {
    passed: () => passed,
    stop: () => clearTimeout(timer),
    restart: () => {
      if (passed) return;
      clearTimeout(timer);
      start();
    },
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
