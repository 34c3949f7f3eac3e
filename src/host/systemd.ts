// Units of systemd: written, made known, removed.
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { MachineError } from "./machine.js";
import { exec } from "./process/exec.js";

/** Where an administrator's units are: "UNIT FILE LOAD PATH" in systemd.unit(5). */
export const UNIT_FOLDER = "/etc/systemd/system";

/** Starting and stopping a lab is no more than this, in seconds. */
const TIMEOUT = 600;

/** @throws MachineError where systemd is not the machine's init: sd_booted(3) */
export function requireSystemd(): void {
  if (existsSync("/run/systemd/system")) return;
  throw new MachineError("systemd does not run here: there is no /run/systemd/system", {
    hint: "let whatever starts services here run `netlab apply --yes FILE`, and `netlab destroy --yes FILE` at the end",
  });
}

/**
 * Writes a unit in one move.
 * @param mark first line of the units that may be replaced
 * @throws MachineError where somebody else's unit is there, or the folder cannot be written
 */
export function writeUnit(folder: string, name: string, text: string, mark: string): void {
  const path = join(folder, name);
  requireOurs(path, mark);
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(`${path}.new`, text);
    renameSync(`${path}.new`, path);
  } catch (cause) {
    throw unwritable(path, cause);
  }
}

/** @throws MachineError as writeUnit does */
export function removeUnit(folder: string, name: string): void {
  const path = join(folder, name);
  try {
    rmSync(path);
  } catch (cause) {
    throw unwritable(path, cause);
  }
}

/** @throws MachineError where it is somebody else's */
export function hasUnit(folder: string, name: string, mark: string): boolean {
  requireOurs(join(folder, name), mark);
  return existsSync(join(folder, name));
}

/** @throws MachineError with systemctl's words */
export async function systemctl(...args: string[]): Promise<void> {
  const end = await exec("systemctl", args, { timeout: TIMEOUT });
  if (!end.failed) return;
  throw new MachineError(`systemctl ${args.join(" ")}: ${end.message}`, {
    hint: end.missing ? "install systemd" : `look at: journalctl --unit ${args.at(-1)}`,
  });
}

function requireOurs(path: string, mark: string): void {
  if (!existsSync(path) || readFileSync(path, "utf8").startsWith(`${mark}\n`)) return;
  throw new MachineError(`${path} was not made by netlab`, { hint: "look what it is, and move it away" });
}

function unwritable(path: string, cause: unknown): MachineError {
  const { code, message } = cause as NodeJS.ErrnoException;
  const denied = code === "EACCES" || code === "EPERM";
  const hint = denied ? "run it as root: sudo netlab …" : "look whether the file system is writable";
  return new MachineError(`cannot change ${path}: ${message}`, { hint, cause });
}
