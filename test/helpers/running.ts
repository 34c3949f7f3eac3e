// A command that runs in a box: its output so far, signals for it, and its end.
import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { readFileSync } from "node:fs";
import { constants } from "node:os";
import type { Readable } from "node:stream";
import type { Ran, RunOptions } from "./box.js";

export class Running {
  readonly ended: Promise<Ran>;
  private readonly out;
  private readonly err;

  constructor(
    /** nsenter(1), whose only child is the command. */
    private readonly child: ChildProcessWithoutNullStreams,
    private readonly command: string[],
    options: RunOptions,
  ) {
    this.out = collect(child.stdout);
    this.err = collect(child.stderr);
    child.stdin.on("error", () => {}); // it ended without reading
    child.stdin.end(options.input ?? "");
    this.ended = this.end(options.timeout ?? 120);
  }

  get stdout(): string {
    return this.out.text();
  }

  get stderr(): string {
    return this.err.text();
  }

  /** Sends a signal to the command itself (not to its children). False where it has ended. */
  kill(signal: NodeJS.Signals): boolean {
    const pid = this.pid();
    return pid !== undefined && process.kill(pid, signal);
  }

  /** Waits until standard output or standard error holds the pattern; rejects where the command ends without. */
  async until(pattern: RegExp): Promise<void> {
    const found = () => pattern.test(this.stdout) || pattern.test(this.stderr);
    const seen = new Promise<void>((resolve) => {
      const look = () => found() && resolve();
      this.child.stdout.on("data", look);
      this.child.stderr.on("data", look);
      look();
    });
    await Promise.race([seen, this.ended]);
    if (!found()) throw new Error(`${this.command.join(" ")} ended without ${pattern}:\n${this.stdout}${this.stderr}`);
  }

  /** Number of the command as seen from here. */
  private pid(): number | undefined {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return undefined;
    const children = readFileSync(`/proc/${this.child.pid}/task/${this.child.pid}/children`, "utf8").trim();
    return children === "" ? undefined : Number(children.split(" ")[0]);
  }

  private end(seconds: number): Promise<Ran> {
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => {
        this.child.kill("SIGKILL");
        reject(new Error(`${this.command.join(" ")} still ran after ${seconds} s:\n${this.stdout}${this.stderr}`));
      }, seconds * 1000);
      this.child.once("error", reject);
      this.child.once("close", (code, signal) => {
        clearTimeout(late);
        resolve({ code: code ?? 128 + constants.signals[signal!], stdout: this.stdout, stderr: this.stderr });
      });
    });
  }
}

/** Keeps what a stream gives. */
function collect(stream: Readable): { text: () => string } {
  const chunks: Buffer[] = [];
  stream.on("data", (chunk: Buffer) => chunks.push(chunk));
  return { text: () => Buffer.concat(chunks).toString("utf8") };
}
