// Completion for bash: complete(1) of bash(1), without the bash-completion package.
import { LABS, NAMESPACES, type Verb } from "./completion-verb.js";

export function bashCompletion(verbs: Verb[]): string {
  return `# netlab: completion for bash. In ~/.bashrc: eval "$(netlab completion bash)"
_netlab() {
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]} verb=\${COMP_WORDS[1]} i
  COMPREPLY=()
  if ((COMP_CWORD == 1)); then
    COMPREPLY=($(compgen -W ${quoted([...verbs.map(({ name }) => name), "--help", "--version"])} -- "$word"))
    return
  fi
  # After the namespace of exec: a command and its own arguments.
  if [[ $verb == exec ]]; then
    for ((i = 2; i < COMP_CWORD; i++)); do
      if [[ \${COMP_WORDS[i]} == -- ]]; then
        if ((i == COMP_CWORD - 1)); then COMPREPLY=($(compgen -c -- "$word")); else COMPREPLY=($(compgen -f -- "$word")); fi
        return
      fi
    done
  fi
  case $verb:$before in
${verbs.flatMap(values).join("\n")}
  esac
  case $verb:$word in
${verbs.map(({ name, options }) => `    ${name}:-*) COMPREPLY=($(compgen -W ${quoted(options.flatMap(({ flags }) => flags))} -- "$word")) ;;`).join("\n")}
${verbs.map(argument).join("\n")}
  esac
}
complete -o filenames -F _netlab netlab
`;
}

function values({ name, options }: Verb): string[] {
  return options.flatMap(({ flags, value }) => {
    if (value === undefined) return [];
    const words = value === "lab" ? `"$(${LABS})"` : value === "any" ? undefined : quoted(value);
    const reply = words ? `COMPREPLY=($(compgen -W ${words} -- "$word"))` : 'COMPREPLY=($(compgen -f -- "$word"))';
    return [`    ${flags.map((flag) => `${name}:${flag}`).join("|")}) ${reply}; return ;;`];
  });
}

function argument({ name, argument: what }: Verb): string {
  if (what === undefined) return `    ${name}:*) ;;`;
  if (what === "file") return `    ${name}:*) COMPREPLY=($(compgen -f -- "$word")) ;;`;
  const words = what === "namespace" ? `"host $(${NAMESPACES})"` : quoted(what);
  return `    ${name}:*) COMPREPLY=($(compgen -W ${words} -- "$word")) ;;`;
}

const quoted = (words: string[]): string => `'${words.join(" ")}'`;
