// Puts many reads to the machine at once and judges the answers: vanished, stale, not allowed, missing, failed.
import { MachineError } from "../machine.js";
import { netnsPath } from "../namespaces.js";
import { expectedEntry } from "../process/entry.js";
import { runJobs } from "../process/jobs.js";
import { mayChange, notPermitted } from "../rights.js";
import { requireTools } from "../tools.js";
import { patience } from "../tuning.js";
import { asCommand, type Read } from "./questions.js";

/** Seconds in which at least one read must end. */
const TIMEOUT = patience(30);
const TRIES = 3;

export interface Unreadable {
  /** Places that vanished while they were read. */
  gone: Set<string>;
  /** Names behind which there is no namespace. */
  stale: Set<string>;
}

/**
 * Performs reads; each answer is taken by its read.
 * @throws MachineError for the first that fails otherwise than by the end of its namespace
 */
export async function askPlaces(reads: Read[]): Promise<Unreadable> {
  const places: Unreadable = { gone: new Set(), stale: new Set() };
  let open = reads;
  for (let round = 1; open.length > 0; round++) {
    const ends = await runJobs(
      open.map((read) => ({ netns: netnsPath(read.place), processes: [read.process] })),
      { timeout: TIMEOUT },
    );
    const again: Read[] = [];
    for (const [i, read] of open.entries()) {
      const end = ends[i]![0] ?? { exitCode: 143, output: "", timedOut: true };
      const entry = expectedEntry(end);
      if (entry) places[entry].add(read.place);
      else if (end.timedOut) throw problem(read, `did not end within ${TIMEOUT} s`);
      else if (round < TRIES && end.output.includes("Dump was interrupted")) again.push(read);
      else take(read, end);
    }
    open = again;
  }
  return places;
}

function take(read: Read, end: { exitCode: number; output: string }): void {
  try {
    read.take(end);
  } catch (cause) {
    requireTools([read.process.argv[0]!, "nsenter"]);
    throw problem(read, (cause as Error).message, cause);
  }
}

function problem(read: Read, words: string, cause?: unknown): MachineError {
  if (!mayChange() && /Operation not permitted|must be root/.test(words))
    return notPermitted("reading the machine's networks");
  const command = asCommand(read);
  const json = command.tool === "ip" && /Option "-|JSON|Usage|invalid option|unrecognized option/.test(words);
  return new MachineError(`cannot read ${read.place} with ${command.tool}: ${words}`, {
    command,
    ...(json
      ? { hint: "netlab needs the ip of iproute2 (5.0 or newer), which prints JSON: apt install iproute2" }
      : {}),
    cause,
  });
}
