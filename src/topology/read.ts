// Reads the bytes of a topology file, with a bound in size and time, and decodes them.
import { constants, type Stats } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import type { Reason } from "./problem.js";

export const MAX_BYTES = 16 * 1024 * 1024;
/** Seconds that a pipe may be silent. */
const PATIENCE = 10;

/** The file can't be read, or is no text. */
export class UnreadableError extends Error {
  readonly reason: Reason;
  constructor(code: string, message: string, suggestion?: string) {
    super(message);
    this.name = "UnreadableError";
    this.reason = { code, message, ...(suggestion === undefined ? {} : { suggestion }) };
  }
}

/** What was read before: standard input and pipes give their text once, and a sandbox does not see every file. */
const known = new Map<string, string>();

/** Later reads of this path are answered with this text. */
export function remember(path: string, text: string): void {
  known.set(path, text);
}

/**
 * The text of a file, or of standard input for `-`.
 * @throws UnreadableError for what is missing, too large, no text, or does not end
 */
export async function readText(path: string, patience = PATIENCE): Promise<string> {
  return known.get(path) ?? decode(path === "-" ? await collect(process.stdin) : await readPath(path, patience));
}

/** UTF-8 with or without a byte order mark. */
export function decode(bytes: Uint8Array): string {
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    throw new UnreadableError("not-utf8", "The file is UTF-16, not UTF-8.", "save it as UTF-8");
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new UnreadableError("not-utf8", "The file is not UTF-8 text.", "save it as UTF-8");
  }
}

async function readPath(path: string, patience: number): Promise<Uint8Array> {
  let file: FileHandle | undefined;
  try {
    // O_NONBLOCK: opening a FIFO that nobody writes to would block for ever (fifo(7)).
    file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const stat = await file.stat();
    if (stat.isDirectory()) throw new UnreadableError("not-a-file", "This is a directory, not a topology file.");
    if (stat.isFile() && stat.size > MAX_BYTES) throw tooLarge();
    return await collect(chunks(file, stat, patience));
  } catch (error) {
    if (error instanceof UnreadableError) throw error;
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ENOENT") throw new UnreadableError("no-such-file", "There is no such file.");
    if (code === "EACCES") throw new UnreadableError("unreadable-file", "Permission to read the file is denied.");
    throw new UnreadableError("unreadable-file", `The file cannot be read: ${(error as Error).message}.`);
  } finally {
    await file?.close();
  }
}

async function* chunks(file: FileHandle, stat: Stats, patience: number): AsyncGenerator<Uint8Array> {
  const buffer = new Uint8Array(Math.min(MAX_BYTES + 1, Math.max(stat.size + 1, 65536)));
  let deadline = Date.now() + patience * 1000;
  for (;;) {
    try {
      const { bytesRead } = await file.read(buffer, 0, buffer.length);
      if (bytesRead === 0) return;
      yield buffer.slice(0, bytesRead);
      deadline = Date.now() + patience * 1000;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
      if (Date.now() > deadline) {
        throw new UnreadableError("unreadable-file", `Nothing came through this pipe for ${patience} seconds.`);
      }
      await pause(20);
    }
  }
}

async function collect(stream: AsyncIterable<Uint8Array | string>): Promise<Uint8Array> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of stream) {
    parts.push(Buffer.from(part));
    size += part.length;
    if (size > MAX_BYTES) throw tooLarge();
  }
  return Buffer.concat(parts, size);
}

const tooLarge = (): UnreadableError =>
  new UnreadableError("too-large", `The file is larger than ${MAX_BYTES / 1024 / 1024} MiB.`);
