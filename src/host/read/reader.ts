// Which of the two ways of reading the machine is used: programs (`ip -j` …), or netlink in this process.
import { MachineError } from "../machine.js";
import { loadSystem, type System } from "../netlink/system.js";

/** `auto`: netlink where it can be had and pays. Both give the same rows. */
export type Reader = "auto" | "ip" | "netlink";

/** Up to so many places, loading koffi takes as long as the programs do. */
const FEW = 10;

/** A machine that was full when this process read it first is read that way to the end. */
let full = false;

/**
 * What is needed to read by netlink; undefined where programs are to be used.
 * @throws MachineError where netlink was asked for and cannot be had
 */
export async function systemFor(reader: Reader, places: number): Promise<System | undefined> {
  full ||= places > FEW;
  if (reader === "ip" || (reader === "auto" && !full)) return undefined;
  const system = await loadSystem();
  if (!system && reader === "netlink")
    throw new MachineError("the netlink reader needs koffi, which does not load here", {
      hint: "npm install koffi, or --reader ip",
    });
  return system;
}
