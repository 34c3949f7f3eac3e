// netlab shell: the user's shell in a namespace, with a prompt that says where it is.
import { basename } from "node:path";
import { insideSandbox } from "../host/sandbox/inside.js";
import { exec } from "./exec.js";
import type { Session } from "./session.js";

export async function shell(place: string, options: { lab?: string }, session: Session): Promise<number> {
  const lab = options.lab ?? insideSandbox();
  return exec(place, shellWords(process.env.SHELL || "/bin/sh", lab ? `${lab}/${place}` : place), options, session);
}

/**
 * The command that starts a shell with `where` before its prompt. Each has its own way that its start-up files leave
 * alone: bash(1) PROMPT_COMMAND, fish(1) --init-command; others take PS1 from the environment.
 */
export function shellWords(shell: string, where: string): string[] {
  const named = ["env", `NETLAB_PLACE=${where}`];
  if (basename(shell) === "fish") {
    const prompt = `functions -c fish_prompt netlab_prompt; function fish_prompt; echo -n "[$NETLAB_PLACE] "; netlab_prompt; end`;
    return [...named, shell, "--init-command", prompt];
  }
  if (basename(shell) === "bash")
    return [...named, `PROMPT_COMMAND=PS1="[$NETLAB_PLACE] $PS1"; unset PROMPT_COMMAND`, shell];
  return [...named, `PS1=[${where}] ${basename(shell) === "zsh" ? "%#" : "$"} `, shell];
}
