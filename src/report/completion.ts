// Completion scripts for bash, zsh and fish. Namespaces and labs are asked for when they are completed.
import { bashCompletion } from "./completion-bash.js";
import { fishCompletion } from "./completion-fish.js";
import type { Verb } from "./completion-verb.js";
import { zshCompletion } from "./completion-zsh.js";

export function completionScript(shell: "bash" | "zsh" | "fish", verbs: Verb[]): string {
  return { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion }[shell](verbs);
}
