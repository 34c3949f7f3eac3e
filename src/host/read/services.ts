// The services of all labs: their supervisors, by their words in /proc, and logs that a dead one has left.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { uptime } from "node:os";
import type { ServiceRow } from "../../kinds/rows.js";
import { ownEnvironment, parseSupervisor, servicesFolder } from "../../kinds/service-words.js";
import type { Place } from "../../topology/lab.js";
import { hasEnded, processIds, statOf, textOf } from "../process/proc.js";
import { isReady } from "./service-ready.js";

/** What ends meanwhile, or may not be looked at, is left out. */
export async function listServices(inodes: Map<Place, number>): Promise<ServiceRow[]> {
  const running = processIds().flatMap((pid) => supervisorRow(pid, inodes));
  const known = new Set(running.filter(({ stray }) => !stray).map(folderOf));
  const left = logs().filter((row) => !known.has(folderOf(row)));
  const rows = await Promise.all(running.map(async (row) => ({ ...row, state: await stateOf(row) })));
  return [...rows, ...left].sort((a, b) => (folderOf(a) < folderOf(b) ? -1 : 1));
}

const folderOf = ({ lab, place, name }: Pick<ServiceRow, "lab" | "place" | "name">): string =>
  `${servicesFolder(lab)}/${place}/${name}`;

/**
 * Containers and sandboxes on this machine have users or processes of their own: what runs there is theirs. Anybody may
 * call a process as a supervisor is called: only one of netlab's own user is believed.
 */
function supervisorRow(pid: number, inodes: Map<Place, number>): ServiceRow[] {
  try {
    const said = parseSupervisor(wordsOf(pid, "cmdline"));
    if (!said) return [];
    const stat = statOf(pid);
    if (!stat || hasEnded(stat)) return [];
    const { session, start } = stat;
    const isHere = ["user", "pid"].every((kind) => inode(pid, kind) === inode("self", kind));
    const isOurs = statSync(`/proc/${pid}`).uid === process.geteuid?.();
    if (session !== pid || !isHere || !isOurs) return [];
    const pairs = wordsOf(pid, "environ").map((pair) => [
      pair.slice(0, pair.indexOf("=")),
      pair.slice(pair.indexOf("=") + 1),
    ]);
    const stray = inode(pid, "net") !== inodes.get(said.place);
    return [{ ...said, env: ownEnvironment(Object.fromEntries(pairs)), state: "running", pid, start, stray }];
  } catch {
    return [];
  }
}

async function stateOf(row: ServiceRow): Promise<string> {
  const log = `${folderOf(row)}/log`;
  const said = () => lastWords(log) || "it has said nothing";
  if (uptime() < Number(textOf(`${folderOf(row)}/failing`))) return `failing: ${said()}`;
  return (await isReady(row, log)) ? row.state : `starting: ${said()}`;
}

const inode = (pid: number | "self", kind: string): number => statSync(`/proc/${pid}/ns/${kind}`).ino;

/** Words end with a zero. */
const wordsOf = (pid: number, file: "cmdline" | "environ"): string[] =>
  readFileSync(`/proc/${pid}/${file}`, "utf8").split("\0").slice(0, -1);

/** One row for each log there is, as if its service were dead. */
function logs(): ServiceRow[] {
  return namesIn("/run/netlab").flatMap((lab) =>
    namesIn(servicesFolder(lab)).flatMap((place) =>
      namesIn(`${servicesFolder(lab)}/${place}`).map((name): ServiceRow => {
        const state = `dead: ${lastWords(`${servicesFolder(lab)}/${place}/${name}/log`) || "it has said nothing"}`;
        return { lab, place, name, restart: "never", directory: "/", command: [], env: {}, state, stray: false };
      }),
    ),
  );
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

/** The last three lines, as one. */
function lastWords(path: string): string {
  const lines = textOf(path).trimEnd().split("\n").slice(-3);
  return lines.map((line) => line.trim().slice(0, 200)).join(" | ");
}

/** Logs of a lab's services, in the order of their names: `PLACE/NAME` and the file. */
export function serviceLogs(lab: string): { service: string; path: string }[] {
  return logs()
    .filter((row) => row.lab === lab)
    .map((row) => ({ service: `${row.place}/${row.name}`, path: `${folderOf(row)}/log` }));
}
