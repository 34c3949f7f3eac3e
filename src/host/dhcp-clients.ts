// DHCP clients that the machine runs for its interfaces: dhclient(8), dhcpcd(8), udhcpc(8).
import { readFileSync, statSync } from "node:fs";
import { processIds } from "./proc.js";

const CLIENTS = new Set(["dhclient", "dhcpcd", "udhcpc"]);

/** By interface, as far as the client's words name it: `dhclient (process 812)`. Those of other namespaces are theirs. */
export function dhcpClients(): Map<string, string> {
  const found = new Map<string, string>();
  const here = statSync("/proc/self/ns/net").ino;
  for (const pid of processIds()) {
    try {
      // The first 15 bytes of the program's name, also of a script's.
      const name = readFileSync(`/proc/${pid}/comm`, "utf8").trim();
      if (!CLIENTS.has(name) || statSync(`/proc/${pid}/ns/net`).ino !== here) continue;
      for (const word of readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").slice(1))
        found.set(word, `${name} (process ${pid})`);
    } catch {
      // It has ended meanwhile.
    }
  }
  return found;
}
