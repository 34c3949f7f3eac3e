// What a command talks through: data on standard output, talk on standard error, questions on the terminal.
import { type Paint, paint, wantsColor } from "../report/color.js";

export interface Session {
  /** Data. */
  out(text: string): void;
  /** Talk. */
  err(text: string): void;
  outPaint: Paint;
  errPaint: Paint;
  /** Standard error is a terminal: a line on it can be redrawn. */
  errTerminal: boolean;
  columns: number;
  /** Standard input is a terminal: somebody can answer. */
  interactive: boolean;
  /** NETLAB_LOG=debug */
  debug: boolean;
  /** One line from the terminal; undefined when it is closed or the question is aborted. */
  ask(question: string, signal?: AbortSignal): Promise<string | undefined>;
}

export function processSession(): Session {
  const { stdout, stderr, env } = process;
  return {
    out: quietly(stdout),
    err: quietly(stderr),
    outPaint: paint(wantsColor(stdout, env)),
    errPaint: paint(wantsColor(stderr, env)),
    errTerminal: stderr.isTTY === true && env.TERM !== "dumb",
    columns: stderr.columns ?? 80,
    // Node opens it when it is looked at.
    get interactive() {
      return process.stdin.isTTY === true;
    },
    debug: env.NETLAB_LOG === "debug",
    ask,
  };
}

/** A reader that has gone (`netlab show | head`) ends the talk, not the work: an apply in the middle goes on. */
function quietly(stream: NodeJS.WriteStream): (text: string) => void {
  let gone = false;
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE" && error.code !== "EIO") throw error;
    gone = true;
  });
  return (text) => {
    if (!gone) stream.write(text);
  };
}

async function ask(question: string, signal?: AbortSignal): Promise<string | undefined> {
  const { createInterface } = process.getBuiltinModule("node:readline/promises");
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  // readline takes Ctrl-C for itself while it reads: hand it on, to whoever listens for the signal.
  lines.on("SIGINT", () => process.kill(process.pid, "SIGINT"));
  let answered = false;
  const closed = new Promise<undefined>((resolve) => {
    lines.once("close", () => {
      // The end of input leaves the cursor behind the question.
      if (!answered) process.stderr.write("\n");
      resolve(undefined);
    });
  });
  try {
    const answer = await Promise.race([lines.question(question, signal ? { signal } : {}), closed]);
    answered = true;
    return answer;
  } catch (error) {
    if (signal?.aborted) return undefined;
    throw error;
  } finally {
    lines.close();
  }
}
