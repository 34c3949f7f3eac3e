// Where commands run. One implementation a place: this host's root namespace, later a sandbox, later another host.
import type { Batch } from "../core/plan.js";
import type { Command, Json } from "../core/resource.js";
import type { Facts, JournalRows, Rows, Source } from "../kinds/rows.js";
import type { Place } from "../topology/lab.js";

/** How one command of a batch ended. */
export interface CommandFailure {
  /** Index into `batch.steps`, and into that step's `commands`. */
  step: number;
  command: number;
  /** The tool's own words, one line. */
  message: string;
  exitCode?: number;
  /** It did not end in time, and was ended. */
  timedOut?: boolean;
}

/** With neither a failure nor all steps done, it was cut short: by the signal, or by a batch that hung on its way. */
export interface BatchResult {
  /** Steps that are done for certain, from the beginning of the batch. */
  done: number;
  failure?: CommandFailure;
}

/** What a topology asks of the machine before it can be planned. */
export interface FactsWanted {
  /** sysctl keys whose value in a new namespace matters. */
  born: string[];
  /** There is an OVS bridge with `datapath: auto`. */
  ovsDatapath: boolean;
  /** The lab is to pass the packet filters of the host. */
  filters?: boolean;
  /** Interfaces of the host that the lab wants. */
  uplinks?: string[];
}

export interface Journal extends Omit<JournalRows, "others"> {
  format: 1;
  /** What tells the namespaces, since they are made, from others that somebody makes by their names. */
  made?: { [place: string]: string };
}

export interface Lock {
  release(): Promise<void>;
}

/** An earlier look, and the places where something may have been changed since. */
export interface Since {
  rows: Rows;
  changed: ReadonlySet<string>;
}

/** What has a name, whoever made it. */
export interface Names {
  namespaces: Place[];
  /** Of the host. */
  devices: string[];
}

export interface Machine {
  /** @throws MachineError naming the programs that are not installed, or the daemon that does not run, and the cure */
  require(tools: string[]): void;
  facts(wanted: FactsWanted): Promise<Facts>;
  /**
   * Reads the live state. What vanishes while it is read is left out.
   * @param since what the same sources gave before: only places that have changed since are read again
   * @throws MachineError with the command and its words, where a tool is missing or fails
   */
  observe(lab: string, sources: Source[], since?: Since): Promise<Rows>;
  /** The names that are taken: never waits for what the kernel is at. */
  names(): Promise<Names>;
  /**
   * Runs one batch: consecutive commands of one tool in one place, in as few processes as the tool allows.
   * Never throws for a command that fails.
   */
  run(batch: Batch, options: RunOptions): Promise<BatchResult>;
  /** Runs many batches that do not depend on each other, side by side. Same order of results. */
  runAll(batches: Batch[], options: RunOptions): Promise<BatchResult[]>;
  /** `flock` on the machine's root network namespace; children that change something inherit it. */
  lock(timeoutSeconds: number, waiting: (holder: string) => void): Promise<Lock>;
  /** Reads, and atomically writes, the journal of a lab; writing an empty one removes it. */
  readJournal(lab: string): Promise<Journal>;
  writeJournal(lab: string, journal: Journal): Promise<void>;
  /** Writes down which namespaces stand behind names that a journal has. */
  noteMade(lab: string, places: string[]): Promise<void>;
}

export interface RunOptions {
  /** Seconds after which a process is ended. */
  timeout: number;
  signal?: AbortSignal;
  /** Called for each command as it is handed over, in order. */
  onCommand?: (command: Command) => void;
}

/** A tool that is missing, may not, or does not answer: reading, probing and locking throw it. */
export class MachineError extends Error {
  readonly command: Command | undefined;
  readonly hint: string | undefined;
  readonly details: Json;
  constructor(message: string, options: { command?: Command; hint?: string; details?: Json; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.name = "MachineError";
    this.command = options.command;
    this.hint = options.hint;
    this.details = options.details ?? null;
  }
}
