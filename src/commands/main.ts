// Words of the command line in, exit code out. Whatever goes wrong is told in words.
import { CommanderError } from "commander";
import { complain } from "./complaint.js";
import { EXIT } from "./exit-codes.js";
import { netlabVersion } from "./netlab-version.js";
import { program } from "./program.js";
import { processSession, type Session } from "./session.js";

/** @returns the exit code */
export async function main(words: string[], session: Session = processSession()): Promise<number> {
  if (words[0] === "--version" || words[0] === "-V") {
    session.out(`${netlabVersion()}\n`);
    return EXIT.done;
  }
  if (process.env.NETLAB_SANDBOX_CALL !== undefined) await takeCall();
  let code: number = EXIT.done;
  const root = program(words, session, (result) => {
    code = result;
  });
  if (words.length === 0) {
    session.err(root.helpInformation());
    return EXIT.error;
  }
  try {
    await root.parseAsync(words, { from: "user" });
    return code;
  } catch (error) {
    // Its words are out already; help is no error.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.error;
    complain(error, session, words.includes("--json"));
    return EXIT.error;
  }
}

/** A netlab that was started in a sandbox does as if it were where it was called. */
async function takeCall(): Promise<void> {
  const handed = (await import("../host/sandbox/inside.js")).takeCall();
  if (handed) (await import("../topology/read.js")).remember(handed.name, handed.text);
}
