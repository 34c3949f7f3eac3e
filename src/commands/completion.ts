// netlab completion: completion scripts, made from the command line's own tree.
import type { Command } from "commander";
import { completionScript } from "../report/completion.js";
import type { Verb } from "../report/completion-verb.js";
import { EXIT } from "./exit-codes.js";
import type { Session } from "./session.js";

export type Shell = "bash" | "zsh" | "fish";

export const completion =
  (root: Command) =>
  async (shell: Shell, _: object, session: Session): Promise<number> => {
    session.out(
      completionScript(
        shell,
        root
          .createHelp()
          .visibleCommands(root)
          .filter((one) => one.name() !== "help")
          .map(verbOf),
      ),
    );
    return EXIT.done;
  };

function verbOf(command: Command): Verb {
  const [first] = command.registeredArguments;
  const options = command.options.map(({ long, short, description, argChoices, required }) => ({
    flags: [long, short].filter((flag): flag is string => flag !== undefined && flag !== null),
    about: description,
    value: required ? (argChoices ?? (long === "--lab" ? ("lab" as const) : ("any" as const))) : undefined,
  }));
  const help = { flags: ["--help", "-h"], about: "print this help", value: undefined };
  const argument =
    first?.argChoices ??
    (first?.name() === "file" ? ("file" as const) : first?.name() === "namespace" ? ("namespace" as const) : undefined);
  return { name: command.name(), about: command.summary(), options: [...options, help], argument };
}
