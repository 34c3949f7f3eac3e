// Which versions of the kernel and of the tools this machine has: what a bug report needs.
import { release } from "node:os";
import { exec } from "./process/exec.js";

export interface Versions {
  kernel: string;
  /** null: not installed, or it does not say. */
  ip: string | null;
  ovs: string | null;
  nft: string | null;
}

export async function toolVersions(): Promise<Versions> {
  const [ip, ovs, nft] = await Promise.all([
    ask("ip", ["-V"], /iproute2-(\S+?),?(?:\s|$)/),
    ask("ovs-vsctl", ["--version"], /Open vSwitch\) (\S+)/),
    ask("nft", ["--version"], /nftables v(\S+)/),
  ]);
  return { kernel: release(), ip, ovs, nft };
}

async function ask(file: string, args: string[], pattern: RegExp): Promise<string | null> {
  const { stdout, stderr } = await exec(file, args, { timeout: 10 });
  return pattern.exec(stdout + stderr)?.[1] ?? null;
}
