// Why a process of a batch failed: it hung, is not installed, could not enter its namespace, or says itself.
import { expectedEntry } from "../process/entry.js";
import type { ProcessEnd } from "../process/job.js";
import { packageOf } from "../tools.js";
import type { Blame, Parcel } from "./parcel.js";

export function blameProcess(parcel: Parcel, end: ProcessEnd, timeout: number): Blame & { timedOut?: boolean } {
  const [tool = ""] = parcel.process.argv;
  const first = (message: string) => ({ command: 0, done: 0, message });
  if (end.timedOut) return { ...first(`${tool} did not end within ${timeout} s`), timedOut: true };
  // What ovs-vsctl says when its own --timeout has passed; the transaction may have been committed all the same.
  if (/Alarm clock/.test(end.output))
    return {
      ...first(`${tool} got no answer within ${timeout} s: ovs-vswitchd does not run, or is stopped`),
      timedOut: true,
    };
  if (/database connection failed \((Connection refused|No such file)/.test(end.output))
    return first("ovsdb-server does not run: systemctl start openvswitch-switch");
  if (/^nsenter: (?!failed to execute)/m.test(end.output)) return first(entryProblem(end));
  if (end.exitCode === 127) {
    const missing = end.output.includes("nsenter: not found") ? "nsenter" : tool;
    return first(`${missing} is not installed (package ${packageOf(missing)})`);
  }
  return parcel.blame(end);
}

function entryProblem(end: ProcessEnd): string {
  try {
    const entry = expectedEntry(end);
    if (entry) return entry === "gone" ? "the namespace is not there" : "its file in /run/netns is no namespace";
  } catch (error) {
    return (error as Error).message;
  }
  return end.output.trim();
}
