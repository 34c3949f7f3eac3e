// Whether this process may change the machine's networks.
import { readFileSync } from "node:fs";
import { MachineError } from "./machine.js";

// capability.h
const CAP_NET_ADMIN = 12n;
const CAP_SYS_ADMIN = 21n;

/** CAP_NET_ADMIN (links, addresses, routes) and CAP_SYS_ADMIN (to enter and make namespaces), capabilities(7). */
export function mayChange(status: string = readFileSync("/proc/self/status", "utf8")): boolean {
  const effective = BigInt(`0x${/^CapEff:\s*([0-9a-f]+)/m.exec(status)?.[1] ?? "0"}`);
  return [CAP_NET_ADMIN, CAP_SYS_ADMIN].every((bit) => (effective >> bit) & 1n);
}

/** @throws MachineError where this process may not do what `doing` says */
export function requireRights(doing: string): void {
  if (!mayChange()) throw notPermitted(doing);
}

export function notPermitted(doing: string): MachineError {
  const words = process.argv.slice(2).join(" ");
  return new MachineError(`${doing} needs root (CAP_NET_ADMIN and CAP_SYS_ADMIN)`, {
    hint: `run: sudo netlab ${words}`.trimEnd().concat("; or without root, in a sandbox: --sandbox"),
  });
}
