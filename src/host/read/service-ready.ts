// Whether a service does what it is there for: it listens, an address answers, or its log says so.
import type { ServiceRow } from "../../kinds/rows.js";
import { LOG_CUT } from "../../kinds/service-words.js";
import { netnsPath } from "../namespaces.js";
import { exec } from "../process/exec.js";
import { entered } from "../process/job.js";
import { textOf } from "../process/proc.js";

/** TCP_LISTEN of include/net/tcp_states.h; a bound UDP socket is in the state TCP_CLOSE. */
const STATES: Record<string, string> = { tcp: "0A", udp: "07" };

/** A service without a test is ready when it runs. Never throws. */
export async function isReady({ ready, pid, place }: ServiceRow, log: string): Promise<boolean> {
  if (ready === undefined) return true;
  const [, test = "", value = ""] = /^(\w+):(.*)$/s.exec(ready) ?? [];
  // Who has said so much that its log was cut has long begun.
  if (test === "log") return new RegExp(`^${LOG_CUT}|${value}`, "m").test(textOf(log));
  if (test === "ping") return answers(place, value);
  return ["", "6"].some((family) =>
    hasSocket(textOf(`/proc/${pid}/net/${test}${family}`), Number(value), STATES[test]),
  );
}

async function answers(place: string, address: string): Promise<boolean> {
  const [file = "", ...args] = entered(netnsPath(place), ["ping", "-n", "-c", "1", "-W", "1", address]);
  return !(await exec(file, args, { timeout: 3 })).failed;
}

/** proc_net_tcp.rst: number, local address and port in hexadecimal, remote ones, state. */
function hasSocket(table: string, port: number, state: string | undefined): boolean {
  const hex = port.toString(16).toUpperCase().padStart(4, "0");
  return table.split("\n").some((line) => {
    const [, local, , is] = line.trim().split(/\s+/);
    return local?.endsWith(`:${hex}`) && is === state;
  });
}
