// What the kernel cannot remember for a lab: one small file in /run, gone with a reboot like the lab itself.
import { mkdirSync, readdirSync, readFileSync, renameSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import type { JournalRows } from "../kinds/rows.js";
import { type Journal, MachineError } from "./machine.js";

const FOLDER = "/run/netlab";
const FORMAT = 1;
const NAME = "journal.json";

function folderOf(lab: string): string {
  if (!/^[a-z0-9-]{1,31}$/.test(lab)) throw new Error(`refused to open the journal of ${JSON.stringify(lab)}`);
  return `${FOLDER}/${lab}`;
}

/**
 * One lab's journal; an empty one where it has none.
 * @throws MachineError where it cannot be read, is broken, or is newer than this netlab
 */
export function readJournal(lab: string): Journal {
  const path = `${folderOf(lab)}/${NAME}`;
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if (isCode(error, "ENOENT", "ENOTDIR"))
      return { format: FORMAT, namespaces: [], devices: [], sysctls: {}, routes: [], uplinks: {} };
    throw new MachineError(`cannot read the journal ${path}: ${(error as Error).message}`, { cause: error });
  }
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
  // Older ones know no devices and no uplinks.
  const { namespaces, devices = [], sysctls, routes, uplinks = {} } = json ?? {};
  const objects = [sysctls, uplinks].every((one) => typeof one === "object" && one !== null);
  const lists = [namespaces, devices, routes].every((list) => Array.isArray(list));
  if (json?.format !== FORMAT || !namespaces || !routes || !sysctls || !lists || !objects) throw broken(path);
  return { format: FORMAT, namespaces, devices, sysctls, routes, uplinks };
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
  const folder = folderOf(lab);
  const { format: _, ...parts } = journal;
  const empty = Object.values(parts).every((part) => Object.keys(part).length === 0);
  try {
    if (empty) {
      remove(folder);
      return;
    }
    makeFolders(folder);
    const draft = `${folder}/.${NAME}.new`;
    writeFileSync(draft, `${JSON.stringify(journal, null, 2)}\n`);
    renameSync(draft, `${folder}/${NAME}`);
  } catch (error) {
    tidy(folder);
    throw new MachineError(`cannot write the journal in ${folder}: ${(error as Error).message}`, {
      hint: "netlab writes down what it is about to change: /run must be writable and have space",
      cause: error,
    });
  }
}

/** One by one: with `recursive`, Node calls a read-only file system a missing folder. */
function makeFolders(folder: string): void {
  for (const path of [FOLDER, folder]) {
    try {
      mkdirSync(path);
    } catch (error) {
      if (!isCode(error, "EEXIST")) throw error;
    }
  }
}

/** Takes away a draft, and what was made for it. */
function tidy(folder: string): void {
  try {
    rmSync(`${folder}/.${NAME}.new`, { force: true });
    removeEmpty(folder);
  } catch {
    // A read-only file system: then nothing was made.
  }
}

function remove(folder: string): void {
  for (const name of [NAME, `.${NAME}.new`]) rmSync(`${folder}/${name}`, { force: true });
  removeEmpty(folder);
}

function removeEmpty(folder: string): void {
  for (const empty of [folder, FOLDER]) {
    try {
      rmdirSync(empty);
    } catch (error) {
      if (!isCode(error, "ENOENT", "ENOTEMPTY", "EBUSY")) throw error;
    }
  }
}

/**
 * A lab's journal, with what those of the others name, and the sysctls of all labs: each key with the labs that need
 * it, and the value from before the first; and with the interfaces that any lab has taken.
 */
export function journalRows(lab: string): JournalRows {
  const { namespaces, devices, routes } = readJournal(lab);
  const sysctls: JournalRows["sysctls"] = {};
  const uplinks: JournalRows["uplinks"] = {};
  const others: JournalRows["others"] = { namespaces: {}, routes: {} };
  for (const other of labsWithJournal()) {
    const theirs = readJournal(other);
    Object.assign(uplinks, theirs.uplinks);
    for (const [key, { previous }] of Object.entries(theirs.sysctls)) {
      const known = sysctls[key];
      if (known) known.labs.push(other);
      else sysctls[key] = { previous, labs: [other] };
    }
    if (other === lab) continue;
    for (const place of theirs.namespaces) others.namespaces[place] = other;
    for (const id of theirs.routes) others.routes[id] = other;
  }
  return { namespaces, devices, routes, sysctls, uplinks, others };
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

function isCode(error: unknown, ...codes: string[]): boolean {
  return codes.includes((error as NodeJS.ErrnoException).code ?? "");
}
