// The processes that run in network namespaces with a name: they would keep them alive.
import { readdirSync, readFileSync, statSync } from "node:fs";
import type { ProcessRow } from "../kinds/rows.js";
import { HOST, type Place } from "../topology/lab.js";

/**
 * Processes in every place but the host. netlab itself and its children are left out: a probe ends with netlab.
 * What ends meanwhile, or may not be looked at, is left out too.
 */
export function listProcesses(inodes: Map<Place, number>, self = process.pid): ProcessRow[] {
  const places = new Map([...inodes].filter(([place]) => place !== HOST).map(([place, inode]) => [inode, place]));
  if (places.size === 0) return [];
  const rows: ProcessRow[] = [];
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const place = places.get(inodeOf(`/proc/${name}/ns/net`));
    const row = place === undefined ? undefined : processRow(Number(name), place);
    if (row && row.parent !== self && row.pid !== self) {
      const { parent: _, ...plain } = row;
      rows.push(plain);
    }
  }
  return rows.sort((a, b) => a.pid - b.pid);
}

function processRow(pid: number, place: Place): (ProcessRow & { parent: number }) | undefined {
  try {
    const { parent, session, start, name } = parseStat(readFileSync(`/proc/${pid}/stat`, "utf8"));
    const words = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").join(" ").trim();
    return { pid, start, command: words || `[${name}]`, place, session, parent };
  } catch {
    return undefined;
  }
}

export interface Stat {
  name: string;
  state: string;
  parent: number;
  session: number;
  start: string;
}

/** proc(5) stat: the name, field 2, is in brackets and may have spaces and brackets itself. */
export function parseStat(stat: string): Stat {
  const close = stat.lastIndexOf(")");
  const fields = stat.slice(close + 2).split(" ");
  const name = stat.slice(stat.indexOf("(") + 1, close);
  const [parent, session] = [Number(fields[1]), Number(fields[3])];
  return { name, state: fields[0] ?? "", parent, session, start: fields[19] ?? "" };
}

function inodeOf(path: string): number {
  try {
    return statSync(path).ino;
  } catch {
    return -1;
  }
}
