// The unit of work of this room: processes that run one after another in one network namespace.

export interface Process {
  argv: string[];
  /** What it reads from standard input. */
  input: string;
}

/** A process is started only when the one before it ended well. */
export interface Job {
  /** Path of the namespace's file, or "" for the namespace that netlab itself is in. */
  netns: string;
  processes: Process[];
}

export interface ProcessEnd {
  /** 127 where the program is not installed, as in sh(1). */
  exitCode: number;
  /** Standard output and error. */
  output: string;
  timedOut?: boolean;
}

export interface JobOptions {
  /** Seconds without any process of a share ending. */
  timeout: number;
  /** Aborted: nothing more is started; what runs may finish. */
  signal?: AbortSignal;
  /** An open file that every child inherits as descriptor 3: the lock. */
  inherit?: number;
  /** Called when a job is handed over, once. */
  onStart?: (job: number) => void;
}

/** `nsenter` does not copy the mount table, as `ip netns exec` and `ip -n` do. */
export function entered(netns: string, argv: string[]): string[] {
  return netns === "" ? argv : ["nsenter", `--net=${netns}`, ...argv];
}
