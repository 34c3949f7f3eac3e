// Programs: those that every lab needs, and those that some do.
import type { DoctorFacts } from "../../host/doctor/facts.js";
import { packageOf } from "../../host/tools.js";
import { type Finding, topic } from "./finding.js";
import type { Needs } from "./needs.js";

const { ok, problem, lack } = topic("tools");

/** Without these there is no lab. */
const ALWAYS = new Set(["ip", "nsenter", "unshare", "flock", "sysctl", "grep"]);

/** One of them will do. */
const WAYS_OUT = ["pasta", "slirp4netns"];
const isWayOut = (tool: string) => WAYS_OUT.includes(tool);
/** Of these too; the first is the one that is asked for. */
const DHCP_CLIENTS = ["udhcpc", "dhclient", "dhcpcd"];

const PURPOSE: Record<string, string> = {
  nft: "for NAT and firewalls",
  ping: "for checks",
  "ovs-vsctl": "for Open vSwitch bridges",
  "ovs-vswitchd": "for Open vSwitch bridges",
  "ovsdb-server": "for Open vSwitch bridges",
  ethtool: "for veth ports of userspace Open vSwitch",
  conntrack: "to end connections that are still on an old NAT (conntrack -D)",
  dnsmasq: "for DHCP and DNS",
  udhcpc: "for addresses by DHCP; dhclient or dhcpcd will do, too",
  pasta: "for a way out of a sandbox, instead of slirp4netns",
  slirp4netns: "for a way out of a sandbox",
  systemctl: "for netlab enable",
};

export function toolFindings(facts: DoctorFacts, needs?: Needs): Finding[] {
  const { tools, features } = facts;
  const found = Object.entries(tools).flatMap(([tool, { path, version }]) => {
    if (path === null) return missing(tool, facts, needs);
    return [ok(tool, version === null || version === "unknown" ? path : `${version}, ${path}`)];
  });
  const isOld = tools.ip?.path != null && features["ip -j"]?.works === false;
  const old = problem("ip -j", "ip prints no JSON: it is not iproute2's, or too old", "sudo apt install iproute2");
  return isOld ? [...found, old] : found;
}

function missing(tool: string, { tools, filters }: DoctorFacts, needs?: Needs): Finding[] {
  const hasLegacy = filters?.chains.some(({ family }) => family.startsWith("legacy-")) ?? false;
  // Nobody misses it where there are no such tables; where there are, the firewalls say so.
  if (tool === "iptables-legacy" && !hasLegacy) return [];
  const isClient = DHCP_CLIENTS.includes(tool);
  if (isClient && (tool !== DHCP_CLIENTS[0] || DHCP_CLIENTS.some((one) => tools[one]?.path))) return [];
  const purpose = PURPOSE[tool] ?? (needs ? `for lab ${needs.lab}` : "to see its tables");
  const isNeeded = (needs?.tools.has(tool) ?? ALWAYS.has(tool)) || (isWayOut(tool) && needs?.uplink === true);
  if (isWayOut(tool) && WAYS_OUT.some((one) => tools[one]?.path)) return [];
  return lack(isNeeded, needs, tool, `not installed: ${purpose}`, `sudo apt install ${packageOf(tool)}`);
}
