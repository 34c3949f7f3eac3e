// Settings and limits of the kernel that a lab can run into.
import { accessSync, constants, existsSync } from "node:fs";
import { release } from "node:os";
import { openFiles } from "../process/proc.js";
import { ownSysctls } from "../read/sysctl.js";

export interface SettingFacts {
  kernel: string;
  /** Those of KEYS that there are. */
  sysctls: Record<string, string>;
  /** Whether there is IPv6 at all. */
  ipv6: boolean;
  brNetfilter: boolean;
  /** Settings under /proc/sys can be written, and files under /run. */
  writable: { settings: boolean; run: boolean };
  /** The hard limit; Infinity is null in JSON. */
  openFiles: number | null;
}

const NEIGHBOURS = ["ipv4", "ipv6"].map((family) => `net.${family}.neigh.default.gc_thresh3`);
const KEYS = [
  ...["net.ipv4.ip_forward", "net.ipv6.conf.all.forwarding", "net.ipv4.conf.all.rp_filter"],
  ...["net.ipv6.conf.all.disable_ipv6", "net.core.devconf_inherit_init_net"],
  ...["net.bridge.bridge-nf-call-iptables", "net.bridge.bridge-nf-call-ip6tables"],
  ...["user.max_net_namespaces", "user.max_user_namespaces", ...NEIGHBOURS],
];

export function lookAtSettings(): SettingFacts {
  return {
    kernel: release(),
    sysctls: ownSysctls(KEYS),
    ipv6: existsSync("/proc/sys/net/ipv6"),
    brNetfilter: existsSync("/proc/sys/net/bridge"),
    writable: { settings: isWritable("/proc/sys/net/ipv4/ip_forward"), run: isWritable("/run") },
    openFiles: openFiles(),
  };
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
