// Runs one program and waits for it: probes and single commands. The only importer of execa, which is loaded on first use.
import { deadline } from "./deadline.js";
import { childEnvironment } from "./environment.js";

export interface ExecOptions {
  input?: string;
  /** Seconds; the whole process group is ended after it. */
  timeout: number;
  signal?: AbortSignal;
}

/** How a program ended; a failure has the same shape with a few fields more. */
export interface Execution {
  file: string;
  args: string[];
  stdout: string;
  stderr: string;
  failed: boolean;
  /** Absent where it did not start or was ended by a signal. */
  exitCode?: number;
  /** It is not installed. */
  missing?: boolean;
  timedOut?: boolean;
  /** What went wrong, one line: the program's words where it has some. */
  message?: string;
}

const OUTPUT_BOUND = 64 * 1024 * 1024;

/** What is known of a program that cannot be ended. */
const STUCK = { failed: true, stdout: "", stderr: "", shortMessage: "", code: undefined, exitCode: undefined };

/** Never throws for a program that fails, is missing, or does not end. */
export async function exec(file: string, args: string[], options: ExecOptions): Promise<Execution> {
  const { execa } = await import("execa");
  const child = execa(file, args, {
    input: options.input ?? "",
    env: childEnvironment(),
    extendEnv: false,
    reject: false,
    maxBuffer: OUTPUT_BOUND,
    detached: true,
    cancelSignal: options.signal,
  });
  let lost = () => {};
  const stuck = new Promise<typeof STUCK>((resolve) => {
    lost = () => resolve(STUCK);
  });
  const clock = deadline(
    () => child.pid,
    options.timeout * 1000,
    () => lost(),
  );
  const end = await Promise.race([child, stuck]);
  clock.stop();
  const stdout = String(end.stdout ?? "");
  const stderr = String(end.stderr ?? "");
  if (!end.failed) return { file, args, stdout, stderr, failed: false, exitCode: 0 };
  const missing = end.code === "ENOENT";
  const message = clock.passed()
    ? `${file} did not end within ${options.timeout} s`
    : missing
      ? `${file} is not installed`
      : firstLine(stderr) || firstLine(stdout) || firstLine(end.shortMessage ?? "");
  return {
    ...{ file, args, stdout, stderr, failed: true, message },
    ...(end.exitCode === undefined ? {} : { exitCode: end.exitCode }),
    ...(missing ? { missing } : {}),
    ...(clock.passed() ? { timedOut: true } : {}),
  };
}

function firstLine(text: string): string {
  return (
    text
      .split("\n")
      .find((line) => line.trim() !== "")
      ?.trim() ?? ""
  );
}
