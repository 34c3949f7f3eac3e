// What is completed: the verbs of the command line, and the shell commands that list namespaces and labs.

export interface Verb {
  name: string;
  about: string;
  options: { flags: string[]; about: string; value: string[] | "lab" | "any" | undefined }[];
  /** Of the first argument. */
  argument: string[] | "file" | "namespace" | undefined;
}

/** Namespaces of the machine, ip-netns(8), and of the labs in sandboxes. */
export const NAMESPACES = "{ ls /run/netns; netlab list --namespaces; } 2>/dev/null | sort -u";
export const LABS = "netlab list --names 2>/dev/null";
