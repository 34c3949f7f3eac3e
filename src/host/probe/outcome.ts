// How one probe (a ping, a TCP connection) ended, and what is said on the wire to the process that makes it.

export interface Outcome {
  /**
   * `ok`: an answer came. `refused`: the port said no. `unreachable`: nothing came, or a router or the kernel said no.
   * `broken`: connected, but the data did not come through. `impossible`: the probe could not be made at all.
   */
  is: "ok" | "refused" | "unreachable" | "broken" | "impossible";
  /** A few words: `1 reply, 0.08 ms`, `no reply`, `timed out`. */
  got: string;
  /** The client's address as the listener saw it. */
  seenAs?: string;
}

/** Where to connect to; `listener` is the name of the listener of ours that must be behind it. */
export interface Target {
  address: string;
  port: number;
  listener?: string;
}

/** What the helper process of a namespace is asked to do; each is answered by one Outcome. */
export type Ask =
  | { do: "connect"; target: Target; seconds: number }
  | { do: "listen"; port: number; name: string }
  | { do: "close"; port: number };

/** One line of JSON on the helper's standard input, and one on its standard output, in any order. */
export interface Question {
  id: number;
  ask: Ask;
}
export interface Answer {
  id: number;
  outcome: Outcome;
}
