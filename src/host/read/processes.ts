// The processes that run in network namespaces with a name: they would keep them alive.
import { readFileSync, statSync } from "node:fs";
import type { ProcessRow } from "../../kinds/rows.js";
import { HOST, type Place } from "../../topology/lab.js";
import { processIds, statOf } from "../process/proc.js";

/**
 * Processes in every place but the host. netlab itself and its children are left out: a probe ends with netlab.
 * What ends meanwhile, or may not be looked at, is left out too.
 */
export function listProcesses(inodes: Map<Place, number>, self = process.pid): ProcessRow[] {
  const places = new Map([...inodes].filter(([place]) => place !== HOST).map(([place, inode]) => [inode, place]));
  if (places.size === 0) return [];
  const rows: ProcessRow[] = [];
  for (const pid of processIds()) {
    const place = places.get(inodeOf(`/proc/${pid}/ns/net`));
    const row = place === undefined ? undefined : processRow(pid, place);
    if (row && row.parent !== self && row.pid !== self) {
      const { parent: _, ...plain } = row;
      rows.push(plain);
    }
  }
  return rows.sort((a, b) => a.pid - b.pid);
}

function processRow(pid: number, place: Place): (ProcessRow & { parent: number }) | undefined {
  const stat = statOf(pid);
  if (!stat) return undefined;
  const { parent, session, start, name } = stat;
  try {
    const words = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").join(" ").trim();
    return { pid, start, command: words || `[${name}]`, place, session, parent };
  } catch {
    return undefined;
  }
}

function inodeOf(path: string): number {
  try {
    return statSync(path).ino;
  } catch {
    return -1;
  }
}
