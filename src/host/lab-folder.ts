// The folder of one lab in /run: gone with a reboot like the lab itself, and with its last file.
import { mkdirSync, readFileSync, renameSync, rmdirSync, rmSync, writeFileSync } from "node:fs";

export const FOLDER = "/run/netlab";

export function folderOf(lab: string): string {
  if (!/^[a-z0-9-]{1,31}$/.test(lab)) throw new Error(`refused to open the files of ${JSON.stringify(lab)}`);
  return `${FOLDER}/${lab}`;
}

/** Undefined where there is none. @throws what node:fs throws besides */
export function readLabFile(lab: string, name: string): string | undefined {
  try {
    return readFileSync(`${folderOf(lab)}/${name}`, "utf8");
  } catch (error) {
    if (isCode(error, "ENOENT", "ENOTDIR")) return undefined;
    throw error;
  }
}

/** In one move, so that a reader sees the old or the new one. @throws what node:fs throws; then nothing new is there */
export function writeLabFile(lab: string, name: string, text: string): void {
  const folder = folderOf(lab);
  try {
    makeFolders(folder);
    const draft = `${folder}/.${name}.new`;
    writeFileSync(draft, text);
    renameSync(draft, `${folder}/${name}`);
  } catch (error) {
    tidy(folder, name);
    throw error;
  }
}

/** With the folders, where nothing else is in them. */
export function removeLabFile(lab: string, name: string): void {
  const folder = folderOf(lab);
  for (const one of [name, `.${name}.new`]) rmSync(`${folder}/${one}`, { force: true });
  removeEmpty(folder);
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
function tidy(folder: string, name: string): void {
  try {
    rmSync(`${folder}/.${name}.new`, { force: true });
    removeEmpty(folder);
  } catch {
    // A read-only file system: then nothing was made.
  }
}

/** A read-only file system says EROFS even where nothing is. */
function removeEmpty(folder: string): void {
  for (const empty of [folder, FOLDER]) {
    try {
      rmdirSync(empty);
    } catch (error) {
      if (!isCode(error, "ENOENT", "ENOTEMPTY", "EBUSY", "EROFS")) throw error;
    }
  }
}

export function isCode(error: unknown, ...codes: string[]): boolean {
  return codes.includes((error as NodeJS.ErrnoException).code ?? "");
}
