// Which programs netlab calls, and the package that brings each.
import { MachineError } from "./machine.js";
import { which } from "./process/environment.js";

const PACKAGES: Record<string, string> = {
  ip: "iproute2",
  nft: "nftables",
  "ovs-vsctl": "openvswitch-switch",
  "ovs-dpctl": "openvswitch-switch",
  "iptables-legacy": "iptables",
  "ip6tables-legacy": "iptables",
  ethtool: "ethtool",
  sysctl: "procps",
  kill: "procps",
  ps: "procps",
  dnsmasq: "dnsmasq-base",
  dhclient: "isc-dhcp-client",
  setsid: "util-linux",
  env: "coreutils",
  ping: "iputils-ping",
  pasta: "passt",
  "ovs-vswitchd": "openvswitch-switch",
  "ovsdb-server": "openvswitch-switch",
  systemctl: "systemd",
  nsenter: "util-linux",
  unshare: "util-linux",
  flock: "util-linux",
  grep: "grep",
  sh: "dash",
};

/** What the scripts for services call. */
const CALLED: Record<string, string[]> = { sh: ["sh", "setsid", "env", "ps", "ip"] };

/** The Debian package of a program; most others have the same name. */
export function packageOf(tool: string): string {
  return PACKAGES[tool] ?? tool;
}

/**
 * Checks that programs are installed.
 * @throws MachineError one line that names all that are missing and the packages that bring them
 */
export function requireTools(tools: string[]): void {
  const missing = [...new Set(tools.flatMap((tool) => CALLED[tool] ?? [tool]))].filter((tool) => !which(tool)).sort();
  if (missing.length === 0) return;
  const packages = [...new Set(missing.map(packageOf))].sort().join(" ");
  throw new MachineError(`${missing.join(", ")} ${missing.length === 1 ? "is" : "are"} not installed`, {
    hint: `install ${packages}, on Debian and Ubuntu: apt install ${packages}`,
    details: { missing },
  });
}
