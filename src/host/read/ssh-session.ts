// The SSH session that netlab runs in: its own environment, or that of the processes above it (sudo takes the variable away).
import { readFileSync } from "node:fs";

/** This machine's address in that session; undefined where there is none. SSH_CONNECTION, ssh(1). */
export function sessionAddress(): string | undefined {
  const own = process.env.SSH_CONNECTION;
  if (own) return own.split(" ")[2];
  try {
    for (let pid = process.ppid, steps = 0; pid > 1 && steps < 32; steps++) {
      const connection = /(?:^|\0)SSH_CONNECTION=([^\0]+)/.exec(readFileSync(`/proc/${pid}/environ`, "latin1"))?.[1];
      if (connection) return connection.split(" ")[2];
      pid = Number(/^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "latin1"))?.[1] ?? 0);
    }
  } catch {
    // Another user's process, or one that has just ended.
  }
  return undefined;
}
