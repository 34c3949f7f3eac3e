// What the kernel cannot remember for a lab: one small file in /run, gone with a reboot like the lab itself.
import { readdirSync } from "node:fs";
import type { JournalRows } from "../kinds/rows.js";
import { HOST } from "../topology/lab.js";
import { FOLDER, folderOf, isCode, readLabFile, removeLabFile, writeLabFile } from "./lab-folder.js";
import { type Journal, MachineError } from "./machine.js";
import { identityOf } from "./namespaces.js";

const FORMAT = 1;
const NAME = "journal.json";

/**
 * One lab's journal; an empty one where it has none.
 * @throws MachineError where it cannot be read, is broken, or is newer than this netlab
 */
export function readJournal(lab: string): Journal {
  const path = `${folderOf(lab)}/${NAME}`;
  let text: string | undefined;
  try {
    text = readLabFile(lab, NAME);
  } catch (error) {
    throw new MachineError(`cannot read the journal ${path}: ${(error as Error).message}`, { cause: error });
  }
  if (text === undefined) return { format: FORMAT, namespaces: [], devices: [], sysctls: {}, routes: [], uplinks: {} };
  return parseJournal(text, path);
}

/** @throws MachineError with the path and the cure */
export function parseJournal(text: string, path: string): Journal {
  let json: Partial<Omit<Journal, "format">> & { format?: unknown };
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw broken(path, cause);
  }
  if (typeof json?.format === "number" && json.format > FORMAT) {
    throw new MachineError(`the journal ${path} has format ${json.format}, this netlab knows ${FORMAT} at most`, {
      hint: "use the netlab that wrote it, or a newer one",
    });
  }
  // Older ones know no devices, no uplinks, and not which namespaces were made.
  const { namespaces, devices = [], sysctls, routes, uplinks = {}, made = {} } = json ?? {};
  const objects = [sysctls, uplinks, made].every((one) => typeof one === "object" && one !== null);
  const lists = [namespaces, devices, routes].every((list) => Array.isArray(list));
  if (json?.format !== FORMAT || !namespaces || !routes || !sysctls || !lists || !objects) throw broken(path);
  return {
    format: FORMAT,
    namespaces,
    devices,
    sysctls,
    routes,
    uplinks,
    ...(Object.keys(made).length > 0 && { made }),
  };
}

function broken(path: string, cause?: unknown): MachineError {
  return new MachineError(`the journal ${path} is broken`, {
    hint: `look what it still says, put host settings back by hand, then remove it: rm ${path}`,
    cause,
  });
}

/**
 * Writes a lab's journal in one move, so that a reader sees the old or the new one; an empty one is removed with its folders.
 * @throws MachineError where /run is full or read-only
 */
export function writeJournal(lab: string, journal: Journal): void {
  const { format: _, ...parts } = journal;
  const empty = Object.values(parts).every((part) => Object.keys(part).length === 0);
  try {
    if (empty) removeLabFile(lab, NAME);
    else writeLabFile(lab, NAME, `${JSON.stringify(journal, null, 2)}\n`);
  } catch (error) {
    throw new MachineError(`cannot write the journal in ${folderOf(lab)}: ${(error as Error).message}`, {
      hint: "netlab writes down what it is about to change: /run must be writable and have space",
      cause: error,
    });
  }
}

/** @throws MachineError where /run is full or read-only */
export function noteMade(lab: string, places: string[]): void {
  const journal = readJournal(lab);
  const found = places.map((place) => [place, identityOf(place)] as const).filter(([, identity]) => identity);
  writeJournal(lab, { ...journal, made: { ...journal.made, ...(Object.fromEntries(found) as Journal["made"]) } });
}

/** Those of its namespaces that nobody has made again since. */
const standing = ({ namespaces, made = {} }: Journal): string[] =>
  namespaces.filter((place) => made[place] === undefined || made[place] === identityOf(place));

/**
 * A lab's journal, with what those of the others name, and the sysctls of the host of all labs: each key with the labs
 * that need it, what they want, and the value from before the first; and with the interfaces that any lab has taken.
 */
export function journalRows(lab: string): JournalRows {
  const journal = readJournal(lab);
  const { devices, routes } = journal;
  const sysctls: JournalRows["sysctls"] = {};
  const uplinks: JournalRows["uplinks"] = {};
  const others: JournalRows["others"] = { namespaces: {}, routes: {} };
  for (const other of labsWithJournal()) {
    const theirs = readJournal(other);
    Object.assign(uplinks, theirs.uplinks);
    for (const [key, { previous, wanted, changed }] of Object.entries(theirs.sysctls)) {
      if (other !== lab && !key.startsWith(`${HOST} `)) continue;
      const known = (sysctls[key] ??= { previous, labs: [] });
      known.labs.push(other);
      known.wanted = { ...known.wanted, ...wanted };
      if (changed) known.changed = true;
    }
    if (other === lab) continue;
    for (const place of standing(theirs)) others.namespaces[place] = other;
    for (const id of theirs.routes) others.routes[id] = other;
  }
  return { namespaces: standing(journal), devices, routes, sysctls, uplinks, others };
}

function labsWithJournal(): string[] {
  try {
    return readdirSync(FOLDER)
      .filter((name) => /^[a-z0-9-]{1,31}$/.test(name))
      .sort();
  } catch (error) {
    if (isCode(error, "ENOENT", "ENOTDIR")) return [];
    throw error;
  }
}
