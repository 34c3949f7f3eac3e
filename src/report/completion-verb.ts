// What is completed: the verbs of the command line, and the shell commands that list namespaces and labs.

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
