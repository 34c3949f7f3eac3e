// Who is at work in a sandbox, and whether a lab was ever finished in it: one that came to nothing may be in use by others.
import { closeSync, existsSync, openSync, rmSync, writeFileSync } from "node:fs";
import { flock } from "../process/flock.js";
import type { Sandbox } from "./record.js";

/** In the sandbox's own /run, until an apply has succeeded in it. */
const fresh = ({ pid }: Sandbox): string => `/proc/${pid}/root/run/netlab-fresh`;

export const markFresh = (sandbox: Sandbox): void => writeFileSync(fresh(sandbox), "");
export const isFresh = (sandbox: Sandbox): boolean => existsSync(fresh(sandbox));
/** From now on there is something to lose in it. */
export const settle = (sandbox: Sandbox): void => rmSync(fresh(sandbox), { force: true });

export interface Use {
  /** Nobody else uses it, nor changes its networks, as the orphan of a netlab that was killed may. It is asked last. */
  isAlone(): Promise<boolean>;
  end(): void;
}

/** Only with the lock of the records. A shared flock(2) on the sandbox's mount namespace, which ends with this process. */
export async function startUse({ pid }: Sandbox): Promise<Use> {
  const fd = openSync(`/proc/${pid}/ns/mnt`, "r");
  await holds(fd, "-s");
  const isUnlocked = async () => {
    const network = openSync(`/proc/${pid}/ns/net`, "r");
    const isFree = await holds(network, "-x");
    closeSync(network);
    return isFree;
  };
  return { isAlone: async () => (await holds(fd, "-x")) && isUnlocked(), end: () => closeSync(fd) };
}

async function holds(fd: number, kind: "-s" | "-x"): Promise<boolean> {
  return (await flock(fd, [kind, "-n"], 10)).exitCode === 0;
}
