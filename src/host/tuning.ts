// What the environment may set besides the command line: for slow machines, and for tests of netlab in trouble. And how V8 is to run.

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

/**
 * To be called by the command line when what a verb needs is loaded: V8's flags are part of the code that it keeps of that, and
 * of Node. It makes its best code of what has run for some milliseconds: a third of all processor time in a lab of a thousand
 * namespaces, and then the verb is over. Node 22 has a compiler between its first and its best.
 */
export function runOnce(): void {
  if (process.version.startsWith("v20."))
    process.getBuiltinModule("node:v8").setFlagsFromString("--interrupt-budget=600000");
}
