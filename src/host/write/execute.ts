// Carries out batches: packs their commands, hands them over, and judges how they ended.
import { setTimeout as sleep } from "node:timers/promises";
import type { Batch } from "../../core/plan.js";
import type { Command } from "../../core/resource.js";
import { HOST } from "../../topology/lab.js";
import type { BatchResult, RunOptions } from "../machine.js";
import { isFolderMounted, netnsPath } from "../namespaces.js";
import type { ProcessEnd } from "../process/job.js";
import { runJobs } from "../process/jobs.js";
import { type Reader, systemFor } from "../read/reader.js";
import { endProcess } from "./end-process.js";
import { leaving } from "./leaving.js";
import { namesIn } from "./netns-commands.js";
import type { Parcel } from "./parcel.js";
import { parcels } from "./parcels.js";
import { Progress } from "./progress.js";
import { writeSettings } from "./sysctl-write.js";

/** Milliseconds before the first repetition of what failed for a moment; twice as long before each next. */
const PAUSE = 20;
/** Namespaces with settings to be written, from which on this process writes them. */
const MANY = 50;

export interface Means {
  /** Descriptor of the lock, for every child. */
  lock?: number;
  /** Where the machine is read by netlink, settings of many namespaces are written without a program, too. */
  reader?: Reader;
}

/**
 * Runs batches that do not depend on each other side by side. Never throws for a command that fails or is refused.
 * Processes that have come into a namespace which they delete are ended.
 * A result with neither a failure nor all its steps done was not finished because of the signal, or because a batch
 * that travelled with it did not end in time.
 * @throws MachineError where such a process does not end
 */
export async function execute(batches: Batch[], options: RunOptions, means: Means): Promise<BatchResult[]> {
  const all = batches.map((batch) => new Progress(batch));
  let open = all.filter((progress) => !progress.finished);
  const places = leaving(batches);
  try {
    for (let round = 0; open.length > 0 && !options.signal?.aborted; round++) {
      if (round > 0) await sleep(PAUSE * 2 ** (round - 1));
      await runRound(open, options, means, round === 0 ? options.onCommand : undefined);
      open = open.filter((progress) => progress.again);
    }
    await places.empty(options.onCommand);
  } finally {
    places.release();
  }
  return all.map((progress) => progress.result());
}

/** A batch that is under way, and what of it is sent now. */
type Packed = [Progress, Parcel[]];

const commandsOf = (its: Parcel[]): Command[] => its.flatMap(({ commands }) => commands);

async function runRound(
  open: Progress[],
  { timeout, signal }: RunOptions,
  { lock: inherit, reader = "auto" }: Means,
  onCommand: ((command: Command) => void) | undefined,
): Promise<void> {
  const packed = open
    .map((progress): Packed => [progress, pack(progress, timeout)])
    .filter(([, its]) => its.length > 0);
  const written = new Set(await writtenHere(packed, reader));
  const kills = packed.filter(([{ batch }]) => batch.tool === "kill");
  const sent = packed.filter((one) => one[0].batch.tool !== "kill" && !written.has(one));
  const announce = (its: Parcel[]) => {
    for (const command of commandsOf(its)) onCommand?.(command);
  };
  for (const [progress, its] of written) {
    announce(its);
    progress.take(its, Array(its.length).fill({ exitCode: 0, output: "" }), timeout);
  }
  const jobs = sent.map(([progress, its]) => ({
    netns: netnsPath(progress.batch.place),
    processes: its.map((parcel) => parcel.process),
  }));
  const ended = kills.map(([, its]) => {
    announce(its);
    return Promise.all(its.map((parcel) => endProcess(parcel.commands[0]!)));
  });
  const inTurn = sent.filter(([{ batch }]) => namesIn([batch], "add").length > 0).length > 1 && !isFolderMounted();
  const ends: ProcessEnd[][] = [];
  for (const some of inTurn ? jobs.map((job) => [job]) : [jobs]) {
    const done = ends.length;
    const onStart = (job: number) => announce(sent[done + job]![1]);
    ends.push(...(await runJobs(some, { timeout, signal, inherit, onStart })));
  }
  for (const [i, [progress, its]] of sent.entries()) progress.take(its, ends[i]!, timeout);
  for (const [i, [progress, its]] of kills.entries()) progress.take(its, await ended[i]!, timeout);
}

/** Those of many settings that could be written without a program. */
async function writtenHere(packed: Packed[], reader: Reader): Promise<Packed[]> {
  const settings = packed.filter(([{ batch }]) => batch.tool === "sysctl" && batch.place !== HOST);
  const system = settings.length < MANY ? undefined : await systemFor(reader, settings.length);
  if (!system) return [];
  return settings.filter(([{ batch }, its]) => writeSettings(system, batch.place, commandsOf(its)));
}

function pack(progress: Progress, timeout: number): Parcel[] {
  try {
    return parcels(progress.open(), timeout);
  } catch (error) {
    progress.refuse((error as Error).message);
    return [];
  }
}
