// Open vSwitch: the machine's own, and its two datapaths.
import type { DoctorFacts } from "../../host/doctor/facts.js";
import { type Finding, topic } from "./finding.js";
import type { Needs } from "./needs.js";

const { ok, lack } = topic("Open vSwitch");

export function ovsFindings({ ovs }: DoctorFacts, needs?: Needs): Finding[] {
  const wanted = needs?.datapaths ?? new Set<string>();
  // In a sandbox it has one of its own.
  const isUsed = wanted.size > 0 && !needs!.sandbox;
  const { trouble, datapaths, bridges, kernel, userspace } = ovs;
  const kernelCure = "sudo modprobe openvswitch; else a kernel with CONFIG_OPENVSWITCH";
  const restart = "sudo systemctl restart openvswitch-switch";
  return [
    ...(trouble
      ? lack(isUsed, needs, "database", trouble.message, trouble.hint)
      : [
          ok("database", `it answers: ${bridges === 1 ? "1 bridge" : `${bridges} bridges`}`),
          ...(datapaths
            ? [ok("ovs-vswitchd", `it runs, with the datapaths ${datapaths.join(", ")}`)]
            : lack(isUsed, needs, "ovs-vswitchd", "it does not run", restart)),
        ]),
    ...(kernel.works
      ? [ok("kernel datapath", "works")]
      : lack(
          wanted.has("system"),
          needs,
          "kernel datapath",
          "not there: `datapath: auto` is the userspace one",
          kernelCure,
        )),
    ...(userspace.works
      ? [ok("userspace datapath", "works, tried in a sandbox")]
      : lack(wanted.has("netdev"), needs, "userspace datapath", userspace.words, cureOf(userspace.words))),
  ];
}

function cureOf(words: string): string {
  if (/not installed/.test(words)) return "sudo apt install openvswitch-switch";
  if (/\/dev\/net\/tun/.test(words)) return "sudo modprobe tun; sudo chmod 666 /dev/net/tun";
  return "look what it says: sudo journalctl -u ovs-vswitchd";
}
