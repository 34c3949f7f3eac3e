// What the environment may set besides the command line: for slow machines, and for tests of netlab in trouble.

/**
 * Seconds that one command, one read, or the wait for late things may take: NETLAB_TIMEOUT where it is set.
 * @param usual what it is otherwise
 */
export function patience(usual: number): number {
  const given = Number(process.env.NETLAB_TIMEOUT);
  return given > 0 && given <= 3600 ? given : usual;
}

/** NETLAB_BATCH=single: every step travels alone, so that a failure or an end between any two of them can be tested. */
export const batching = (): "single" | "real" => (process.env.NETLAB_BATCH === "single" ? "single" : "real");
