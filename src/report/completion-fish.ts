// Completion for fish: complete(1) of fish.
import { LABS, NAMESPACES, type Verb } from "./completion-verb.js";

export function fishCompletion(verbs: Verb[]): string {
  const lines = verbs.flatMap((verb) => {
    const seen = `-n ${word(`__fish_seen_subcommand_from ${verb.name}`)}`;
    return [
      `complete -c netlab -n __fish_use_subcommand -a ${verb.name} -d ${word(verb.about)}`,
      ...verb.options.map((option) => `complete -c netlab ${seen} ${optionWords(option)}`),
      ...argumentWords(verb.argument).map((words) => `complete -c netlab ${seen} ${words}`),
    ];
  });
  return `# netlab: completion for fish. In ~/.config/fish/config.fish: netlab completion fish | source
complete -c netlab -f
complete -c netlab -n __fish_use_subcommand -l version -s V -d "print netlab's version"
${lines.join("\n")}
`;
}

function optionWords({ flags, about, value }: Verb["options"][number]): string {
  const names = flags.map((flag) => (flag.startsWith("--") ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`));
  const values =
    value === undefined
      ? []
      : value === "lab"
        ? [`-x -a ${word(`(${LABS})`)}`]
        : value === "any"
          ? ["-r -F"]
          : [`-x -a ${word(value.join(" "))}`];
  return [...names, ...values, `-d ${word(about)}`].join(" ");
}

function argumentWords(argument: Verb["argument"]): string[] {
  if (argument === undefined) return [];
  if (argument === "file") return ["-F"];
  return [`-a ${word(argument === "namespace" ? `host (${NAMESPACES})` : argument.join(" "))}`];
}

const word = (text: string) => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
