// The lock of the machine: flock(2) on its root network namespace. No file to leave behind, and free when the last
// process that holds it has ended, be it netlab or an orphan of a netlab that was killed.
import { closeSync, openSync } from "node:fs";
import { findHolder } from "./lock-holder.js";
import { MachineError } from "./machine.js";
import { flock } from "./process/flock.js";

const NAMESPACE = "/proc/self/ns/net";

export interface HeldLock {
  /** Children that change something inherit it. */
  fd: number;
  release(): void;
}

/**
 * Takes the lock, or waits for it.
 * @param timeout seconds to wait
 * @param waiting called once, before waiting, with who holds it
 * @throws MachineError naming the holder when it is not free in time
 */
export async function takeLock(timeout: number, waiting: (holder: string) => void): Promise<HeldLock> {
  const fd = openSync(NAMESPACE, "r");
  try {
    if (!(await locked(fd, ["-n"], 10))) {
      const holder = findHolder();
      waiting(holder);
      if (timeout <= 0 || !(await locked(fd, ["-w", String(timeout)], timeout + 10))) {
        throw new MachineError(`the networks of this machine are being changed by ${findHolder()}`, {
          hint: `wait until it has ended, or wait longer: --lock-timeout SECONDS (it was ${timeout})`,
        });
      }
    }
  } catch (error) {
    closeSync(fd);
    throw error;
  }
  let held = true;
  return {
    fd,
    release() {
      if (held) closeSync(fd);
      held = false;
    },
  };
}

/** False where another holds it. */
async function locked(fd: number, options: string[], timeout: number): Promise<boolean> {
  const end = await flock(fd, ["-x", ...options], timeout);
  if (end.exitCode === 0) return true;
  if (end.exitCode === 1 && end.output === "") return false;
  throw new MachineError(`cannot lock the machine's networks: ${end.output.trim()}`, {
    ...(end.exitCode === 127 ? { hint: "on Debian and Ubuntu: apt install util-linux" } : {}),
  });
}
