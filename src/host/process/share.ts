// One `sh` that runs many jobs by itself: a fork of the small shell costs a third of a fork of Node.
import { randomBytes } from "node:crypto";
import { runChild } from "./child.js";
import type { Job, JobOptions, ProcessEnd } from "./job.js";

/**
 * `j ID NETNS INPUT ARGV...` runs one process and reports its end by a line that no output can contain.
 * On TERM it finishes what runs and starts nothing more.
 */
const PRELUDE = `stop=
trap 'stop=1' TERM
j() {
[ -z "$stop" ] || return 143
id=$1 netns=$2 input=$3
shift 3
[ -z "$netns" ] || set -- nsenter "--net=$netns" "$@"
"$@" 2>&1 <<END
$input
END
set -- $?
printf '\\036%s %s %s\\n' "$0" "$id" "$1"
return "$1"
}
`;

/**
 * The script of a share. It is constant but for numbers: names, inputs and arguments are the positional parameters
 * that the numbers refer to, so no text of theirs is ever read as shell code.
 */
export function shareScript(jobs: Job[]): { script: string; args: string[] } {
  const numbers = new Map<string, number>();
  const refer = (text: string) => {
    if (!numbers.has(text)) numbers.set(text, numbers.size + 1);
    return `"\${${numbers.get(text)}}"`;
  };
  let id = 0;
  const lines = jobs.map((job) =>
    job.processes
      .map(({ argv, input }) => `j ${id++} ${[job.netns, input, ...argv].map(refer).join(" ")}`)
      .join(" && "),
  );
  return { script: `${PRELUDE}${lines.join("\n")}\n`, args: [...numbers.keys()] };
}

/** Runs the jobs of one share in order; of each job, the ends of the processes that were run. */
export async function runShare(jobs: Job[], options: JobOptions): Promise<ProcessEnd[][]> {
  const nonce = randomBytes(8).toString("hex");
  const { script, args } = shareScript(jobs);
  const end = await runChild(["sh", "-c", script, nonce, ...args], {
    timeout: options.timeout,
    ...(options.inherit === undefined ? {} : { inherit: options.inherit }),
    ...(options.signal ? { signal: options.signal } : {}),
    onOutput: (chunk) => chunk.includes(0x1e),
  });
  const ends = parseShare(end.output, nonce);
  let id = 0;
  const results = jobs.map((job) => job.processes.map(() => ends.get(id++)));
  if (end.timedOut) markHung(results);
  return results.map((processes) => processes.filter((one) => one !== undefined));
}

function parseShare(output: string, nonce: string): Map<number, ProcessEnd> {
  const ends = new Map<number, ProcessEnd>();
  const mark = new RegExp(`\\x1e${nonce} (\\d+) (\\d+)\\n`, "g");
  let from = 0;
  for (const match of output.matchAll(mark)) {
    ends.set(Number(match[1]), { exitCode: Number(match[2]), output: output.slice(from, match.index) });
    from = match.index + match[0].length;
  }
  return ends;
}

/** The process that was ended because of the time is the last that reported, or the first that did not. */
function markHung(results: (ProcessEnd | undefined)[][]): void {
  for (const [j, processes] of results.entries()) {
    const open = processes.findIndex((end) => end === undefined || end.exitCode >= 128);
    const failed = processes.findIndex((end) => end !== undefined && end.exitCode !== 0);
    if (open < 0 || (failed >= 0 && failed < open)) continue;
    const end = processes[open] ?? { exitCode: 143, output: "" };
    results[j]![open] = { ...end, timedOut: true };
    return;
  }
}
