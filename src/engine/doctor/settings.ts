// Settings of the host that a lab meets.
import type { DoctorFacts } from "../../host/doctor/facts.js";
import { HOST } from "../../topology/lab.js";
import { type Finding, topic } from "./finding.js";
import type { Needs } from "./needs.js";

const { ok, lack } = topic("settings");

/** A lab that wants them otherwise writes them, and puts them back. */
const SHOWN = ["net.ipv4.ip_forward", "net.ipv6.conf.all.forwarding", "net.ipv4.conf.all.rp_filter"];

export function settingFindings(facts: DoctorFacts, needs?: Needs): Finding[] {
  const { sysctls } = facts.settings;
  return [
    ...ipv6(facts, needs),
    ...SHOWN.flatMap((key) => (sysctls[key] === undefined ? [] : [ok(key, sysctls[key])])),
  ];
}

function ipv6({ settings: { sysctls, ipv6: isThere } }: DoctorFacts, needs?: Needs): Finding[] {
  const isWanted = (needs?.addresses[6] ?? 0) > 0;
  const onHost = Object.values(needs?.desired ?? {}).some(
    ({ kind, place, at }) => kind === "address" && place === HOST && at.family === 6,
  );
  const key = "net.ipv6.conf.all.disable_ipv6";
  if (!isThere) return lack(isWanted, needs, "IPv6", "the kernel has none", "boot without ipv6.disable=1");
  if (sysctls[key] === "1")
    return lack(onHost, needs, "IPv6", `switched off on the host by ${key}`, `sudo sysctl -w ${key}=0`);
  return [ok("IPv6", "there")];
}
