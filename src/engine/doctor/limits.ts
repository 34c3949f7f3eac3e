// How much of everything the kernel gives.
import type { DoctorFacts } from "../../host/doctor/facts.js";
import { type Finding, topic } from "./finding.js";
import type { Needs } from "./needs.js";

const { ok, note, problem } = topic("limits");

/** BR_MAX_PORTS, net/bridge/br_private.h: port numbers have ten bits. */
const BRIDGE_PORTS = 1023;
/** netlab itself, and what it starts, in a large lab. */
const OPEN_FILES = 1024;

export function limitFindings(facts: DoctorFacts, needs?: Needs): Finding[] {
  return [bridgePorts(needs), ...namespaces(facts, needs), ...neighbours(facts, needs), openFiles(facts)];
}

function bridgePorts(needs?: Needs): Finding {
  const { bridge, count } = needs?.ports ?? { bridge: "", count: 0 };
  const name = "ports of a bridge";
  return count > BRIDGE_PORTS
    ? problem(
        name,
        `${bridge} has ${count}, a Linux bridge takes ${BRIDGE_PORTS}`,
        "join several bridges by links, or `kind: ovs`",
      )
    : ok(name, `${BRIDGE_PORTS} on one Linux bridge`);
}

function namespaces({ settings: { sysctls }, namespaces: present }: DoctorFacts, needs?: Needs): Finding[] {
  const key = "user.max_net_namespaces";
  const most = Number(sysctls[key]);
  if (sysctls[key] === undefined) return [];
  const wanted = present + (needs?.namespaces ?? 0);
  // Namespaces without a name count, too.
  const found = `${most} at most, ${present} with a name are there`;
  const cure = `sudo sysctl -w ${key}=${Math.max(15_000, wanted * 2)}`;
  return [wanted >= most ? problem(key, `${found}, ${needs?.namespaces ?? 0} are wanted`, cure) : ok(key, found)];
}

/** One table for all namespaces of the machine, arp(7); a talk between two addresses takes an entry on either side. */
function neighbours({ settings: { sysctls } }: DoctorFacts, needs?: Needs): Finding[] {
  return ([4, 6] as const).flatMap((family) => {
    const key = `net.ipv${family}.neigh.default.gc_thresh3`;
    const value = sysctls[key];
    if (value === undefined) return [];
    const wanted = 2 * (needs?.addresses[family] ?? 0);
    const cure = `sudo sysctl -w ${key}=${8 * wanted} net.ipv${family}.neigh.default.gc_thresh2=${4 * wanted}`;
    return [
      wanted > Number(value)
        ? note(
            key,
            `${value} neighbours, and the lab has ${wanted} and more: some will be forgotten again and again`,
            cure,
          )
        : ok(key, `${value} neighbours on the whole machine`),
    ];
  });
}

function openFiles({ settings: { openFiles: most } }: DoctorFacts): Finding {
  return most !== null && most < OPEN_FILES
    ? note("open files", `${most} in one process`, "ulimit -Hn 4096, or LimitNOFILE=4096 in the unit")
    : ok("open files", most === null ? "no limit" : `${most} in one process`);
}
