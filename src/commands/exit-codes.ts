// What netlab's exit code says.

export const EXIT = {
  done: 0,
  error: 1,
  /** `plan --detailed-exitcode`: there are changes. */
  changes: 2,
  /** 128 and the number of the signal, signal(7). */
  SIGINT: 130,
  SIGTERM: 143,
} as const;
