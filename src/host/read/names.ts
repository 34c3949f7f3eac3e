// The names that are taken, without asking rtnetlink(7): that waits where the kernel is at something large.
import { readFileSync } from "node:fs";
import { HOST } from "../../topology/lab.js";
import type { Names } from "../machine.js";
import { listNamespaces } from "../namespaces.js";

export function takenNames(): Names {
  const { inodes, stale, aliases } = listNamespaces();
  return {
    namespaces: [...inodes.keys(), ...stale, ...aliases.keys()].filter((place) => place !== HOST),
    // proc_pid_net(5): two lines of heading, then `name:` and counters; no name of a device has a colon.
    devices: Array.from(readFileSync("/proc/net/dev", "utf8").matchAll(/^ *([^\s:]+):/gm), ([, name]) => name!),
  };
}
