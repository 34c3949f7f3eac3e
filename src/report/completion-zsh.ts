// Completion for zsh: zshcompsys(1), _arguments and _describe.
import { LABS, NAMESPACES, type Verb } from "./completion-verb.js";

export function zshCompletion(verbs: Verb[]): string {
  return `#compdef netlab
# netlab: completion for zsh. In ~/.zshrc, after compinit: eval "$(netlab completion zsh)"
_netlab_namespaces() { local -a names; names=(host \${(f)"$(${NAMESPACES})"}); compadd -a names }
_netlab_labs() { local -a names; names=(\${(f)"$(${LABS})"}); compadd -a names }
_netlab() {
  if ((CURRENT == 2)); then
    local -a verbs
    verbs=(
${verbs.map(({ name, about }) => `      ${word(`${name}:${about}`)}`).join("\n")}
    )
    _describe command verbs
    return
  fi
  local verb=$words[2]
  shift words
  ((CURRENT--))
  case $verb in
${verbs.map(verbText).join("\n")}
  esac
}
# Read through eval it is registered; as a file of $fpath it is called.
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then _netlab "$@"; else compdef _netlab netlab; fi
`;
}

function verbText({ name, options, argument }: Verb): string {
  const flags = options.flatMap(({ flags, about, value }) =>
    flags.map((flag) => word(`${flag}[${bracketed(about)}]${valueText(value)}`)),
  );
  return `    ${name}) _arguments ${[...flags, ...argumentText(argument)].join(" ")} ;;`;
}

function valueText(value: Verb["options"][number]["value"]): string {
  if (value === undefined) return "";
  return value === "lab" ? ":lab:_netlab_labs" : value === "any" ? ":value:_files" : `:value:(${value.join(" ")})`;
}

function argumentText(argument: Verb["argument"]): string[] {
  if (argument === undefined) return [];
  if (argument === "file") return [word("1:file:_files")];
  if (argument === "namespace") return [word("1:namespace:_netlab_namespaces"), word("*::command:_normal")];
  return [word(`1:value:(${argument.join(" ")})`)];
}

const bracketed = (text: string) => text.replace(/[[\]:\\]/g, "\\$&");
const word = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
