// Whether netlab may change networks here, and where not, whether a sandbox will do.
import type { DoctorFacts } from "../../host/doctor/facts.js";
import { type Finding, topic } from "./finding.js";
import type { Needs } from "./needs.js";

const { ok, note, problem, lack } = topic("rights");

export function rightsFindings(facts: DoctorFacts, needs?: Needs): Finding[] {
  const { rights, settings } = facts;
  const noSettings = rights.root && !settings.writable.settings;
  return [
    rootFinding(facts, needs),
    ...sandboxFinding(facts, needs),
    ...(noSettings && (needs?.tools.has("sysctl") ?? true)
      ? [problem("/proc/sys", "it is read-only", "run netlab on the host, or in a container with --privileged")]
      : []),
    ...(rights.root && !settings.writable.run
      ? [problem("/run", "it cannot be written", "mount -o remount,rw /run")]
      : []),
  ];
}

function rootFinding({ rights: { root, sandboxTrouble, inside } }: DoctorFacts, needs?: Needs): Finding {
  if (root) return ok("root", inside ? `as in the sandbox of lab ${inside}` : "CAP_NET_ADMIN and CAP_SYS_ADMIN");
  if (needs?.sandbox) return ok("root", "not root, and not needed in a sandbox");
  const cure = needs ? "sudo netlab apply FILE; or without root: netlab apply --sandbox FILE" : "sudo netlab doctor";
  if (sandboxTrouble) return problem("root", "not root, and no sandbox either", "sudo netlab …");
  return note("root", "not root: only labs in a sandbox can run", cure);
}

function sandboxFinding({ rights: { root, sandboxTrouble } }: DoctorFacts, needs?: Needs): Finding[] {
  if (!sandboxTrouble)
    return [ok("sandbox", root ? "namespaces can be made" : "user and network namespaces can be made")];
  const { message, hint } = sandboxTrouble;
  return lack(needs?.sandbox === true || !root, needs, "sandbox", message, hint);
}
