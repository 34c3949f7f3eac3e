// Completion scripts for bash, zsh and fish. Namespaces and labs are asked for when they are completed.
import { bashCompletion } from "./completion-bash.js";
import { fishCompletion } from "./completion-fish.js";
import { zshCompletion } from "./completion-zsh.js";

export interface Verb {
  name: string;
  about: string;
  options: { flags: string[]; about: string; value: string[] | "lab" | "any" | undefined }[];
  /** Of the first argument. */
  argument: string[] | "file" | "namespace" | undefined;
}

/** Names of network namespaces: ip-netns(8). The list is there without a process being started. */
export const NAMESPACES = "ls /run/netns 2>/dev/null";
export const LABS = "netlab list --names 2>/dev/null";

export function completionScript(shell: "bash" | "zsh" | "fish", verbs: Verb[]): string {
  return { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion }[shell](verbs);
}
