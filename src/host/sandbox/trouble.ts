// Why no sandbox can be made here: what was really found to forbid it, and the command that allows it.
import { accessSync, constants, existsSync, readFileSync } from "node:fs";
import { MachineError } from "../machine.js";
import { mayChange } from "../rights.js";

/** Where causes are looked for. */
export interface Signs {
  /** An ordinary user asks, who needs a user namespace: user_namespaces(7). Root does not. */
  user: boolean;
  /** The text of a file; undefined where there is none. */
  read: (file: string) => string | undefined;
  exists: (file: string) => boolean;
}

interface Setting {
  key: string;
  forbids: string;
  allows: string;
  /** Who is held by it. */
  holds: "user" | "all";
  /** What unshare(2) says then. */
  says: RegExp;
  who?: string;
}

const REFUSED = /Operation not permitted|Permission denied/i;
const USED_UP = /No space left on device|Too many users/i;
const UNKNOWN_TO_KERNEL = /Invalid argument|Function not implemented/i;
const KINDS = ["user", "net", "mnt", "pid"];

/** namespaces(7), "The /proc/sys/user directory"; Debian's kernels; Ubuntu's AppArmor. */
const SETTINGS: Setting[] = [
  ...KINDS.map((kind): Setting => {
    const holds = kind === "user" ? kind : "all";
    return { key: `user.max_${kind}_namespaces`, forbids: "0", allows: "15000", holds, says: USED_UP };
  }),
  { key: "kernel.unprivileged_userns_clone", forbids: "0", allows: "1", holds: "user", says: REFUSED },
  {
    key: "kernel.apparmor_restrict_unprivileged_userns",
    forbids: "1",
    allows: "0",
    holds: "user",
    says: REFUSED,
    who: "AppArmor",
  },
];

interface Cause {
  why: string;
  hint: string;
}

/**
 * The cause that fits what was said comes first; the command allows all that was found to forbid it.
 * @param words what unshare(1) or the holder said
 */
export function sandboxTrouble(words: string, found: Signs = signs()): MachineError {
  const { why, hint } = inSettings(words, found) ?? inKernel(found) ?? inContainer(words, found) ?? told(words, found);
  return new MachineError(`no sandbox can be made ${found.user ? "without root here" : "here"}: ${why}`, { hint });
}

/** Settings that forbid it, unless the words speak of something else. */
function inSettings(words: string, { user, read }: Signs): Cause | undefined {
  const sysctl = user ? "sudo sysctl -w" : "sysctl -w";
  const valued = SETTINGS.filter(({ holds }) => user || holds === "all").flatMap((setting) => {
    const value = read(`/proc/sys/${setting.key.replaceAll(".", "/")}`)?.trim();
    return value === undefined ? [] : [{ ...setting, value, is: `${setting.key} is ${value}` }];
  });
  const forbidding = valued.filter(({ value, forbids }) => value === forbids);
  const known = [REFUSED, USED_UP, UNKNOWN_TO_KERNEL].some((one) => one.test(words));
  const [causes, others] = [true, false].map((fits) =>
    forbidding.filter(({ says }) => (!known || says.test(words)) === fits),
  ) as [typeof forbidding, typeof forbidding];
  if (causes.length > 0) {
    const why = causes.map(({ is, who }) => (who ? `${who} forbids it (${is})` : is)).join(", and ");
    return { why, hint: [sysctl, ...[...causes, ...others].map(({ key, allows }) => `${key}=${allows}`)].join(" ") };
  }
  if (!USED_UP.test(words)) return undefined;
  const limits = valued.filter(({ says }) => says === USED_UP).map(({ is }) => is);
  return {
    why: `there are too many namespaces, or they are nested too deeply${limits.length > 0 ? ` (${limits.join(", ")})` : ""}`,
    hint: `netlab list shows your sandboxes; for more of them: ${sysctl} user.max_net_namespaces=… and the like`,
  };
}

function inKernel({ user, exists }: Signs): Cause | undefined {
  const missing = KINDS.filter((kind) => (user || kind !== "user") && !exists(`/proc/self/ns/${kind}`));
  if (missing.length === 0) return undefined;
  const options = missing.map((kind) => OPTIONS[kind]).join(", ");
  const root = missing.join() === "user" ? ", or run as root" : "";
  return { why: `this kernel has no ${missing.join(", ")} namespaces`, hint: `take a kernel with ${options}${root}` };
}

function inContainer(words: string, { read }: Signs): Cause | undefined {
  if (/mount.*\/proc|\/proc.*mount/.test(words)) {
    const hint =
      "a container hides parts of /proc: start it with --security-opt systempaths=unconfined, or as --privileged";
    return { why: `/proc cannot be mounted in it (${words})`, hint };
  }
  if (!REFUSED.test(words) || !/^Seccomp:\s*2$/m.test(read("/proc/self/status") ?? "")) return undefined;
  return {
    why: `a seccomp filter is on this process, and it seems to forbid it (${words})`,
    hint: "in a container: --security-opt seccomp=unconfined; in a unit of systemd: RestrictNamespaces=no",
  };
}

function told(words: string, { user }: Signs): Cause {
  const hint = "the kernel's log may say more: dmesg";
  return { why: words || "unshare ended without a word", hint: user ? `${hint}; or run as root` : hint };
}

const OPTIONS: { [kind: string]: string } = {
  user: "CONFIG_USER_NS",
  net: "CONFIG_NET_NS",
  mnt: "CONFIG_NAMESPACES",
  pid: "CONFIG_PID_NS",
};

const signs = (): Signs => ({ user: !mayChange(), read: readSetting, exists: existsSync });

function readSetting(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

/** The userspace datapath and an uplink make their devices through it. @throws MachineError with the cure */
export function requireTun(who: string, path = "/dev/net/tun", user = !mayChange()): void {
  const sudo = user ? "sudo " : "";
  if (!existsSync(path)) {
    throw new MachineError(`${who} needs ${path}, and there is none`, {
      hint: `${sudo}modprobe tun; in a container: --device ${path}`,
    });
  }
  try {
    accessSync(path, constants.R_OK | constants.W_OK);
  } catch {
    throw new MachineError(`${who} needs ${path}, which you may not read and write`, {
      hint: `${sudo}chmod 666 ${path} (as most distributions have it)`,
    });
  }
}
