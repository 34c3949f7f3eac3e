// One echo request from a namespace, by ping(8) of iputils.
import type { Place } from "../../topology/lab.js";
import { runChild } from "../process/child.js";
import { enterFailure, inPlace, NO_PING } from "./enter.js";
import type { Outcome } from "./outcome.js";

/** Seconds that the process may take besides waiting for the reply. */
const MARGIN = 10;

/** Pings `address` (IPv4 or IPv6) once and waits `seconds` (whole) for the reply. Never throws. */
export async function ping(
  place: Place,
  address: string,
  seconds: number,
  machine: string[],
  signal: AbortSignal,
): Promise<Outcome> {
  const argv = inPlace(place, ["ping", "-n", "-c1", `-W${seconds}`, address], machine);
  const end = await runChild(argv, { timeout: seconds + MARGIN, signal, onOutput: () => false });
  return readPing(place, end.exitCode, end.output);
}

/** What ping's exit code (0 a reply, 1 none, 2 another error: ping(8)) and words mean. */
export function readPing(place: Place, code: number, output: string): Outcome {
  const failure = enterFailure(place, output);
  if (failure !== undefined) return { is: "impossible", got: failure };
  if (code === 0) return { is: "ok", got: `1 reply${roundTrip(output)}` };
  // A router's answer: `From 10.0.0.254 icmp_seq=1 Destination Net Unreachable`.
  const router = /^From (\S+) icmp_seq=\d+ (.+)$/m.exec(output);
  if (router) return { is: "unreachable", got: `no reply; ${router[1]} says ${router[2]}` };
  const kernel = /^ping: (?:connect|sendmsg): (.+)$/m.exec(output)?.[1];
  if (kernel !== undefined) return { is: "unreachable", got: kernel };
  // How ping words the EACCES of a prohibit route, and of a broadcast address.
  if (output.includes("Do you want to ping broadcast?")) return { is: "unreachable", got: "Permission denied" };
  if (code === 1 && output.startsWith("PING ")) return { is: "unreachable", got: "no reply" };
  if (code === 127) return { is: "impossible", got: NO_PING };
  return { is: "impossible", got: output.trim().split("\n")[0] || `ping ended with ${code}` };
}

function roundTrip(output: string): string {
  const ms = /time[=<]([\d.]+) ms/.exec(output)?.[1];
  return ms === undefined ? "" : `, ${Number(Number(ms).toPrecision(2))} ms`;
}
