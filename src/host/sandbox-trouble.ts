// Why an ordinary user may not make a sandbox here: the setting that forbids it, and the command that allows it.
import { accessSync, constants, existsSync, readFileSync } from "node:fs";
import { MachineError } from "./machine.js";

interface Setting {
  file: string;
  forbids: string;
  message: string;
  hint: string;
}

const SETTINGS: Setting[] = [
  {
    file: "/proc/sys/user/max_user_namespaces",
    forbids: "0",
    message: "user.max_user_namespaces is 0",
    hint: "sudo sysctl -w user.max_user_namespaces=15000",
  },
  {
    file: "/proc/sys/kernel/unprivileged_userns_clone",
    forbids: "0",
    message: "kernel.unprivileged_userns_clone is 0",
    hint: "sudo sysctl -w kernel.unprivileged_userns_clone=1",
  },
  {
    file: "/proc/sys/kernel/apparmor_restrict_unprivileged_userns",
    forbids: "1",
    message: "AppArmor forbids it (kernel.apparmor_restrict_unprivileged_userns is 1)",
    hint: "sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0",
  },
];

/**
 * @param words what unshare(1) or the holder said, for what no setting explains
 * @param read the text of a file; undefined where there is none
 */
export function sandboxTrouble(words: string, read: (file: string) => string | undefined = readSetting): MachineError {
  const found = SETTINGS.find(({ file, forbids }) => read(file)?.trim() === forbids);
  if (found) {
    return new MachineError(`no sandbox can be made without root here: ${found.message}`, { hint: found.hint });
  }
  if (/mount.*\/proc|\/proc.*mount/.test(words)) {
    return new MachineError(`no sandbox can be made here: /proc cannot be mounted in it (${words})`, {
      hint: "a container hides parts of /proc: start it with --security-opt systempaths=unconfined, or as --privileged",
    });
  }
  return new MachineError(`no sandbox can be made here: ${words || "unshare ended without a word"}`, {
    hint: "in a container, its seccomp profile may forbid it: --security-opt seccomp=unconfined; else run as root",
  });
}

function readSetting(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

/** The userspace datapath and an uplink make their devices through it. @throws MachineError with the cure */
export function requireTun(who: string, path = "/dev/net/tun"): void {
  if (!existsSync(path)) {
    throw new MachineError(`${who} needs ${path}, and there is none`, { hint: "sudo modprobe tun" });
  }
  try {
    accessSync(path, constants.R_OK | constants.W_OK);
  } catch {
    throw new MachineError(`${who} needs ${path}, which you may not read and write`, {
      hint: `sudo chmod 666 ${path} (as most distributions have it)`,
    });
  }
}
