// Runs many jobs side by side with few processes of Node's own: Node's fork is what costs most.
import { runChild } from "./child.js";
import { entered, type Job, type JobOptions, type ProcessEnd } from "./job.js";
import { runShare } from "./share.js";

/** More than this at once gained nothing on two cores. */
const PARALLEL = 4;
/** Jobs in a namespace that are started by Node itself; more go through a shell. */
const FEW = 2;
/** Bounds of one share: execve(2) allows 128 KB for one argument (the script) and 2 MB in all. */
const SHARE_JOBS = 500;
const SHARE_BYTES = 500_000;

/** Of each job, the ends of the processes that were started, in order. Never throws. */
export async function runJobs(jobs: Job[], options: JobOptions): Promise<ProcessEnd[][]> {
  const results: ProcessEnd[][] = jobs.map(() => []);
  const numbers = jobs.map((_, number) => number);
  const inside = numbers.filter((number) => jobs[number]!.netns !== "");
  const shared = new Set(inside.length > FEW ? inside : []);
  const work = numbers
    .filter((number) => !shared.has(number))
    .map((number) => async () => {
      options.onStart?.(number);
      results[number] = await runAlone(jobs[number]!, options);
    });
  for (const share of cut([...shared], jobs)) {
    work.push(async () => {
      for (const number of share) options.onStart?.(number);
      const ends = await runShare(
        share.map((number) => jobs[number]!),
        options,
      );
      for (const [i, number] of share.entries()) results[number] = ends[i]!;
    });
  }
  await pool(work, options.signal);
  return results;
}

async function runAlone(job: Job, options: JobOptions): Promise<ProcessEnd[]> {
  const ends: ProcessEnd[] = [];
  for (const { argv, input } of job.processes) {
    if (ends.length > 0 && options.signal?.aborted) break;
    const end = await runChild(entered(job.netns, argv), { input, timeout: options.timeout, inherit: options.inherit });
    ends.push(end);
    if (end.exitCode !== 0) break;
  }
  return ends;
}

/**
 * At least as many shares as can run side by side. Jobs are dealt out: neighbours are of one tool, and where that waits for
 * the kernel (nft does, with the first rules of a namespace) all shares have some of it.
 */
function cut(numbers: number[], jobs: Job[]): number[][] {
  const each = Math.min(SHARE_JOBS, Math.max(4, Math.ceil(numbers.length / PARALLEL)));
  const hands = Math.ceil(numbers.length / each);
  const dealt = Array.from({ length: hands }, (_, hand) => numbers.filter((_, i) => i % hands === hand)).flat();
  const shares: number[][] = [];
  let bytes = 0;
  for (const number of dealt) {
    const size = jobs[number]!.processes.reduce((sum, one) => sum + one.input.length + one.argv.join().length, 0);
    const last = shares.at(-1);
    if (last && last.length < each && bytes + size < SHARE_BYTES) last.push(number);
    else {
      shares.push([number]);
      bytes = 0;
    }
    bytes += size;
  }
  return shares;
}

async function pool(work: (() => Promise<void>)[], signal?: AbortSignal): Promise<void> {
  const queue = [...work];
  const lane = async () => {
    for (let next = queue.shift(); next && !signal?.aborted; next = queue.shift()) await next();
  };
  await Promise.all(Array.from({ length: Math.min(PARALLEL, queue.length) }, lane));
}
