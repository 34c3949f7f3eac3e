// The second guard against hostile names: refuses a command that could mean something else to the tool that reads it.
import type { Command } from "../../core/resource.js";
import { CLIMBS, nftTrouble } from "./nft.js";
import { scriptTrouble } from "./script.js";

/** A command that is not run: a name got past validation, or a kind made what no kind of netlab's makes. */
export class GuardError extends Error {}

/** What no name of netlab's has: what a shell, a pattern or a script could take for more than a letter. */
const SUSPECT = /[$`\\{}*;]|[^\x00-\x7f]/;
const CONTROL = /[\x00-\x1f\x7f]/;
/** ovs-vsctl needs quotes around the colons of a value. */
const QUOTED_MAC = /^[a-z_:]+="[0-9a-f:]+"$/;
/** `ip -batch` takes it for a comment (lib/utils.c of iproute2); quotes and white space no tool gets at all. */
const COMMENT = /#/;

const VERBS = new Set(["add-br", "del-br", "add-port", "del-port", "set", "clear", "remove", "add"]);

/** Options that netlab gives to a tool, all of them before its first word. */
const OPTIONS: Record<string, RegExp> = {
  "ovs-vsctl": /^--(if-exists|may-exist|no-wait)$/,
  sysctl: /^-(w|q|qw|e|eq|eqw)$/,
  ethtool: /^-K$/,
  kill: /^-(TERM|KILL)$/,
};

/** Where each word of a firewall's rule stands: iptables-extensions(8). */
const LEGACY = /^-w (-I|-D) (?!-)\S+ (-i|-o) (?!-)\S+( -o (?!-)\S+)? -m comment --comment netlab:\S+ -j ACCEPT$/;

/** The words at fault, and what is wrong with them. */
export type Trouble = [words: string, why: string] | undefined;

/**
 * Checks one command before it is handed to a tool.
 * @throws GuardError with the argument, quoted, and what is wrong with it
 */
export function guard(command: Command): void {
  const [words, why] = troubleOf(command) ?? [];
  if (words !== undefined)
    throw new GuardError(`refused to run ${command.tool} in ${command.place}: ${JSON.stringify(words)} ${why}`);
}

function troubleOf({ tool, args, place, stdin = "" }: Command): Trouble {
  if (!/^[a-z][a-z0-9-]*$/.test(tool)) return [tool, "is no tool's name"];
  if (!/^[A-Za-z0-9][A-Za-z0-9_.-]*$/.test(place)) return [place, "is no namespace's name"];
  if (tool === "sh") return scriptTrouble(args);
  if (tool === "nft") return args.join(" ") === "-f -" ? nftTrouble(stdin) : [args.join(" "), "is none of netlab's"];
  if (CONTROL.test(stdin)) return [stdin, "has a control character"];
  return first(args, (arg, index) => wordTrouble(tool, arg, args[index - 1])) ?? toolTrouble(tool, args);
}

function toolTrouble(tool: string, args: string[]): Trouble {
  switch (tool) {
    case "iptables-legacy":
    case "ip6tables-legacy":
      return LEGACY.test(args.join(" ")) ? undefined : [args.join(" "), "is no rule of netlab's"];
    case "ovs-vsctl":
      return clauseTrouble(args);
    case "kill":
      return optionTrouble(tool, args) ?? first(args, pidTrouble);
    case "sysctl":
      return optionTrouble(tool, args) ?? first(args, assignmentTrouble);
    default:
      return optionTrouble(tool, args);
  }
}

function first(args: string[], troubleOf: (arg: string, index: number) => string | undefined): Trouble {
  for (const [index, arg] of args.entries()) {
    const why = troubleOf(arg, index);
    if (why) return [arg, why];
  }
  return undefined;
}

function wordTrouble(tool: string, arg: string, before: string | undefined): string | undefined {
  // The one word that may be empty: it takes an alias off.
  if (arg === "") return tool === "ip" && before === "alias" ? undefined : "is empty";
  if (CONTROL.test(arg)) return "has a control character";
  if (SUSPECT.test(arg)) return "has a character that no name has";
  if (/\s/.test(arg) && tool !== "sysctl") return "has white space";
  if (COMMENT.test(arg)) return "has a #";
  if (CLIMBS.test(arg)) return "leads to another folder";
  if (/["']/.test(arg) && !(tool === "ovs-vsctl" && QUOTED_MAC.test(arg))) return "has a quote";
  return undefined;
}

function optionTrouble(tool: string, args: string[]): Trouble {
  const begin = args.findIndex((arg) => !arg.startsWith("-"));
  return first(args, (arg, index) =>
    arg.startsWith("-") && !((begin < 0 || index < begin) && OPTIONS[tool]?.test(arg))
      ? "would be taken for an option"
      : undefined,
  );
}

/** Each clause of a transaction begins with a verb of netlab's: ovs-vsctl(8). */
function clauseTrouble(args: string[]): Trouble {
  const end = args.indexOf("--");
  const clause = end < 0 ? args : args.slice(0, end);
  const verb = clause.find((word) => !word.startsWith("-")) ?? "";
  if (!VERBS.has(verb)) return [verb, "is no verb that netlab says to ovs-vsctl"];
  return optionTrouble("ovs-vsctl", clause) ?? (end < 0 ? undefined : clauseTrouble(args.slice(end + 1)));
}

/** Only single processes: kill(1) takes 0 and negative numbers for groups, and 1 is init. */
const pidTrouble = (arg: string) =>
  arg.startsWith("-") || (/^[1-9][0-9]*$/.test(arg) && arg !== "1") ? undefined : "is no process";

function assignmentTrouble(arg: string): string | undefined {
  if (arg.startsWith("-")) return undefined;
  const [key = ""] = arg.split("=", 1);
  if (!arg.includes("=") || !isSysctlKey(key)) return "is no assignment to a sysctl key";
  return /^[\w.,:/+ -]+$/.test(arg.slice(key.length + 1)) ? undefined : "has a value that is none";
}

/** Dotted, with `/` for a dot inside a name; no part of it leaves the folder /proc/sys. sysctl(8) */
export function isSysctlKey(key: string): boolean {
  const parts = key.split(".");
  const isPart = (part: string) => part !== "" && !/^\/{1,2}$/.test(part);
  return parts.length > 1 && !/[\s\x00-\x1f\x7f]/.test(key) && parts.every(isPart);
}
