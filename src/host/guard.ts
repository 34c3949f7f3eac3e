// The second guard against hostile names: refuses a command that could mean something else to the tool that reads it.
import type { Command } from "../core/resource.js";
import { REMOVE, WRITE } from "../kinds/etc-file.js";
import { CLEAN, START, STOP } from "../kinds/service-words.js";

/** What no name of netlab's has: what a shell, a pattern or a script could take for more than a letter. */
const SUSPECT = /[$`\\{}*]|[^\x00-\x7f]/;
/** ovs-vsctl needs quotes around the colons of a value. */
const QUOTED_MAC = /^[a-z_:]+="[0-9a-f:]+"$/;
const CONTROL = /[\x00-\x1f\x7f]/;
/** What `ip -batch` takes for a separator, a quotation, a continuation or a comment (lib/utils.c of iproute2). */
const BATCH_SYNTAX = /[\s'"\\#]/;

const OPTIONS: Record<string, RegExp> = {
  ip: /^(?!)/,
  "ovs-vsctl": /^--((if-exists|may-exist|no-wait|all|id=@\w+)?)$/,
  nft: /^(-f|-)$/,
  sysctl: /^-(w|q|qw|e|eq|eqw)$/,
  ethtool: /^-K$/,
  kill: /^-(TERM|KILL)$/,
};

/**
 * Checks one command before it is handed to a tool.
 * @throws Error with the argument, quoted, and what is wrong with it
 */
export function guard(command: Command): void {
  const { tool, args, place } = command;
  if (!/^[a-z][a-z0-9-]*$/.test(tool)) refuse(command, tool, "is no tool's name");
  if (SUSPECT.test(place) || /\s/.test(place)) refuse(command, place, "is no namespace's name");
  if (place === "" || place === "." || place === ".." || /[/\0\n]/.test(place)) {
    refuse(command, place, "is no namespace's name");
  }
  if (tool === "sh") {
    guardScript(command);
    return;
  }
  for (const [index, arg] of args.entries()) {
    // The one word that may be empty: it takes an alias off.
    if (arg === "" && tool === "ip" && args[index - 1] === "alias") continue;
    if (arg === "") refuse(command, arg, "is empty");
    if (CONTROL.test(arg)) refuse(command, arg, "has a control character");
    if (SUSPECT.test(arg)) refuse(command, arg, "has a character that no name has");
    if (tool === "ip" && BATCH_SYNTAX.test(arg)) refuse(command, arg, "has white space, a quote, a backslash or a #");
    if (/["']/.test(arg) && !(tool === "ovs-vsctl" && QUOTED_MAC.test(arg))) refuse(command, arg, "has a quote");
    const options = OPTIONS[tool];
    if (options && arg.startsWith("-") && !options.test(arg)) refuse(command, arg, "would be taken for an option");
  }
  if (tool === "kill") guardKill(command);
  if (tool === "sysctl") guardSysctl(command);
  if (tool === "nft") for (const line of command.stdin?.split("\n") ?? []) guardLine(command, line);
  if (command.stdin?.includes("\0")) refuse(command, "standard input", "has a NUL byte");
}

/** Folders of services; neither names nor labs can begin with a dot. */
const SERVICE = /^\/run\/netlab\/[a-z0-9-]+\/services\/[A-Za-z0-9][A-Za-z0-9_.-]*\/[A-Za-z0-9][A-Za-z0-9_.-]*$/;

const ETC_FILE = /^\/etc\/netns\/[A-Za-z0-9][A-Za-z0-9_.-]*\/[A-Za-z0-9][A-Za-z0-9_.-]*$/;

/** netlab's own scripts, and what they are about. The words of a service's command are the user's, and are read by no shell. */
function guardScript(command: Command): void {
  const [option, script = "", name = "", subject = "", ...rest] = command.args;
  if (option !== "-c" || ![START, STOP, CLEAN, WRITE, REMOVE].includes(script))
    refuse(command, script, "is no script of netlab's");
  if (command.args.some((arg) => arg.includes("\0"))) refuse(command, name, "has a NUL byte among its words");
  if (script === STOP) {
    if (rest.length !== 1 || subject === "1" || ![subject, ...rest].every((word) => /^[1-9][0-9]*$/.test(word)))
      refuse(command, subject, "is no process");
  } else if (script === WRITE || script === REMOVE) {
    if (!ETC_FILE.test(subject)) refuse(command, subject, "is no file of a namespace");
  } else if (!SERVICE.test(subject)) refuse(command, subject, "is no folder of a service");
}

/** With what netlab's lines to nft(8) begin, and what it never deletes. */
const NFT_LINE = /^\s*((add|insert|delete|table|chain|type|ip6?|meta|fib|ct|[io]ifname|masquerade)\b|\}?$)/;
const NFT_FOREIGN = /^\s*delete (?!rule |table inet netlab_)/;

function guardLine(command: Command, line: string): void {
  const frame = line
    .replace(/^(\s*(table|chain)\b.*) \{$|^\s*\}$/, "$1")
    .replace(/^( *type nat hook .*; policy \w+);$/, "$1");
  const bare = frame.replace(/"[^"]*"/g, "").replace(/^( *type nat hook [a-z]+ priority -?\d+);/, "$1");
  if (CONTROL.test(line)) refuse(command, line, "has a control character");
  if (SUSPECT.test(frame) || /["'#;]/.test(bare) || !NFT_LINE.test(line) || NFT_FOREIGN.test(line))
    refuse(command, line, "is no line of netlab's to nft");
}

/** Only single processes: kill(1) takes 0 and negative numbers for groups, and 1 is init. */
function guardKill(command: Command): void {
  for (const arg of command.args) {
    if (!arg.startsWith("-") && !(/^[1-9][0-9]*$/.test(arg) && arg !== "1")) refuse(command, arg, "is no process");
  }
}

function guardSysctl(command: Command): void {
  for (const arg of command.args) {
    if (arg.startsWith("-")) continue;
    const [key = ""] = arg.split("=", 1);
    if (!arg.includes("=") || !isSysctlKey(key)) refuse(command, arg, "is no assignment to a sysctl key");
    if (!/^[\w.,:/+ -]*$/.test(arg.slice(key.length + 1))) refuse(command, arg, "has a value that is none");
  }
}

/** Dotted, with `/` for a dot inside a name; no part of it leaves the folder /proc/sys. sysctl(8) */
export function isSysctlKey(key: string): boolean {
  const parts = key.split(".");
  return parts.length > 1 && !CONTROL.test(key) && parts.every((part) => part !== "" && !/^\/{1,2}$/.test(part));
}

function refuse(command: Command, arg: string, why: string): never {
  throw new Error(`refused to run ${command.tool} in ${command.place}: ${JSON.stringify(arg)} ${why}`);
}
