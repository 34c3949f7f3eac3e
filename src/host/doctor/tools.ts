// Which of the programs that netlab can use are here, and their versions.
import { which } from "../process/environment.js";
import { exec } from "../process/exec.js";
import { patience } from "../tuning.js";

export interface ToolFacts {
  [tool: string]: {
    path: string | null;
    /** null: it does not say. */
    version: string | null;
  };
}

interface Question {
  args: string[];
  pattern: RegExp;
}

const plain = (pattern: RegExp, ...args: string[]): Question => ({
  args: args.length > 0 ? args : ["--version"],
  pattern,
});
const UTIL_LINUX = plain(/util-linux (\S+)/);
const OVS = plain(/\(Open vSwitch\) (\S+)/);

const TOOLS: Record<string, Question | undefined> = {
  ip: plain(/iproute2-(\S+?),?(?:\s|$)/, "-V"),
  nsenter: UTIL_LINUX,
  unshare: UTIL_LINUX,
  flock: UTIL_LINUX,
  sysctl: plain(/procps\S* (\S+)/),
  grep: plain(/(\d[\d.]*)/),
  nft: plain(/nftables v(\S+)/),
  ping: plain(/iputils (\S+)/, "-V"),
  "ovs-vsctl": OVS,
  "ovs-vswitchd": OVS,
  "ovsdb-server": OVS,
  ethtool: plain(/version (\S+)/),
  conntrack: plain(/v(\S+)/),
  dnsmasq: plain(/version (\S+)/),
  udhcpc: plain(/BusyBox v(\S+)/, "--help"),
  dhclient: plain(/isc-dhclient-(\S+)/),
  dhcpcd: plain(/dhcpcd (\S+)/),
  pasta: plain(/pasta (\S+)/),
  slirp4netns: plain(/version (\S+)/),
  "iptables-legacy": plain(/v(\S+)/),
  systemctl: plain(/systemd (\S+)/),
};

/** Seconds. */
const TIMEOUT = patience(5);

/** @param others by name, of which no version is asked */
export async function lookAtTools(others: string[]): Promise<ToolFacts> {
  const looks = [...new Set([...Object.keys(TOOLS), ...others])].map(async (tool) => {
    const question = TOOLS[tool];
    const path = which(tool) ?? null;
    return [tool, { path, version: path && question ? await versionOf(path, question) : null }] as const;
  });
  return Object.fromEntries(await Promise.all(looks));
}

async function versionOf(path: string, { args, pattern }: Question): Promise<string | null> {
  const { stdout, stderr } = await exec(path, args, { timeout: TIMEOUT });
  return pattern.exec(stdout + stderr)?.[1] ?? null;
}
