// Starts one process and collects its output; plain spawn, because batches are too frequent for more.
import { spawn } from "node:child_process";
import { deadline } from "./deadline.js";
import { childEnvironment } from "./environment.js";
import type { ProcessEnd } from "./job.js";

/** A lab of 10,000 namespaces is read as 25 MB. */
const OUTPUT_BOUND = 256 * 1024 * 1024;

export interface ChildOptions {
  input?: string;
  /** Seconds; started again by each call of `onOutput` that returns true. */
  timeout: number;
  inherit?: number;
  onOutput?: (chunk: Buffer) => boolean;
  /** Aborted: the child itself, not its children, gets SIGTERM. */
  signal?: AbortSignal;
}

/**
 * Runs a program in a process group of its own, so that Ctrl-C on the terminal does not cut a batch in the middle.
 * Never throws. `input` should fit into the socket's buffer (64 KB): if netlab is killed, the child then has all or nothing.
 */
export function runChild(argv: string[], options: ChildOptions): Promise<ProcessEnd> {
  const [file = "", ...args] = argv;
  return new Promise((resolve) => {
    const stdio: ("pipe" | number)[] = ["pipe", "pipe", "pipe"];
    if (options.inherit !== undefined) stdio.push(options.inherit);
    const chunks: Buffer[] = [];
    let size = 0;
    const child = spawn(file, args, { stdio, env: childEnvironment(), detached: true });
    const stop = () => child.kill("SIGTERM");
    const end = (exitCode: number, message = "") => {
      clock.stop();
      options.signal?.removeEventListener("abort", stop);
      const output = Buffer.concat(chunks).toString("utf8") + message;
      resolve({ exitCode, output, ...(clock.passed() ? { timedOut: true } : {}) });
    };
    const clock = deadline(
      () => child.pid,
      options.timeout * 1000,
      () => {
        for (const stream of [child.stdin, child.stdout, child.stderr]) stream?.destroy();
        child.unref();
        end(137);
      },
    );
    const collect = (chunk: Buffer) => {
      chunks.push(chunk);
      size += chunk.length;
      if (size > OUTPUT_BOUND) clock.end();
      if (options.onOutput?.(chunk)) clock.restart();
    };
    if (options.onOutput) options.signal?.addEventListener("abort", stop);
    child.stdout?.on("data", collect);
    child.stderr?.on("data", collect);
    child.stdin?.on("error", () => {}); // EPIPE: it ended before it had read everything, and says why itself
    child.on("error", (error: NodeJS.ErrnoException) =>
      error.code === "ENOENT" ? end(127, `${file}: not found`) : end(126, error.message),
    );
    child.on("close", (code) => end(code ?? 128));
    child.stdin?.end(options.input ?? "");
  });
}
