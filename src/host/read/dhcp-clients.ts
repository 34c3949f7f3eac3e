// DHCP clients that the machine runs for its interfaces: dhclient(8), dhcpcd(8), udhcpc(8).
import { readFileSync, statSync } from "node:fs";
import { processIds, textOf } from "../process/proc.js";

/** By program, the options whose value is a word of its own. */
const VALUED: Record<string, RegExp> = {
  dhclient: /^(-[Degps]|-(4o6|cf|df|lf|pf|sf)|--(address-prefix-len|dad-wait-time|prefix-len-hint|decline-wait-time))$/,
  dhcpcd:
    /^(-[146ABbDdEGgHJKLMNPpqTVw]*[CcFefhIijlmOoQSstuvWXyZz]|--(config|script|env|fqdn|hostname|clientid|logfile|metric|option|timeout|denyinterfaces|allowinterfaces))$/,
  udhcpc: /^-[abBCfnoqRSvO]*[cFHhiOPprsTtAVx]$/,
};
/** Helpers of dhcpcd, which sets their titles: setproctitle(3bsd). */
const HELPER = /^dhcpcd: \[(privileged|network|control|BPF)/;

/** Who asks by DHCP for an interface, if anybody does: `dhclient (process 812)`. Clients of other namespaces are theirs. */
export function dhcpClients(): (name: string) => string | undefined {
  const named = new Map<string, string>();
  const general: { who: string; spares: string[] }[] = [];
  const here = statSync("/proc/self/ns/net").ino;
  for (const pid of processIds()) {
    try {
      // The first 15 bytes of the program's name, also of a script's.
      const program = readFileSync(`/proc/${pid}/comm`, "utf8").trim();
      if (!(program in VALUED) || statSync(`/proc/${pid}/ns/net`).ino !== here) continue;
      const asked = askedFor(program, readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").filter(Boolean));
      for (const name of asked?.names ?? []) named.set(name, `${program} (process ${pid})`);
      if (asked?.names.length === 0)
        general.push({ who: `${program} (process ${pid}, for every interface)`, spares: asked.spares });
    } catch {
      // It has ended meanwhile.
    }
  }
  return (name) => named.get(name) ?? general.find(({ spares }) => !spares.some((glob) => isLike(name, glob)))?.who;
}

/**
 * What a client's words ask for: no `names` for every interface but those it `spares`. Undefined of a mere helper.
 * @param words those of proc(5) cmdline
 */
export function askedFor(program: string, words: string[]): { names: string[]; spares: string[] } | undefined {
  if (HELPER.test(words[0] ?? "")) return undefined;
  const title = /^dhcpcd: ([^[ ]+)/.exec(words[0] ?? "");
  if (title) return { names: [title[1]!], spares: [] };
  const start = words.findIndex((word) => word.split("/").at(-1) === program) + 1;
  const names: string[] = [];
  const spares = program === "dhcpcd" ? deniedInterfaces(textOf("/etc/dhcpcd.conf")) : [];
  for (let i = Math.max(start, 1); i < words.length; i++) {
    const [word, value] = [words[i]!, words[i + 1]];
    if (!word.startsWith("-")) names.push(word);
    else if (VALUED[program]!.test(word)) {
      if (program === "udhcpc" && word.endsWith("i")) names.push(value ?? "");
      if (program === "dhcpcd" && /Z$|denyint/.test(word)) spares.push(value ?? "");
      i++;
    } else if (program === "udhcpc" && /^-i./.test(word)) names.push(word.slice(2));
  }
  // udhcpc(8) has a default.
  return { names: program === "udhcpc" && names.length === 0 ? ["eth0"] : names, spares };
}

/** dhcpcd.conf(5) */
export const deniedInterfaces = (text: string): string[] =>
  [...text.matchAll(/^\s*denyinterfaces\s+(.+)$/gm)].flatMap(([, globs]) => globs!.trim().split(/\s+/));

/** fnmatch(3): a bracket that nothing closes is itself. */
export function isLike(name: string, glob: string): boolean {
  const parts = [...glob.matchAll(/\[([!^]?)(\]?[^\]]*)\]|[\s\S]/g)].map(([part, not, set]) =>
    set !== undefined
      ? `[${not && "^"}${set.replaceAll(/[\\\]^[]/g, "\\$&")}]`
      : part === "*"
        ? ".*"
        : part === "?"
          ? "."
          : part.replace(/[.+^${}()|[\]\\]/, "\\$&"),
  );
  try {
    return new RegExp(`^${parts.join("")}$`).test(name);
  } catch {
    // A range from back to front has nothing in it.
    return false;
  }
}
