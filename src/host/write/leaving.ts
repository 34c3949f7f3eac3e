// Namespaces that are deleted: who has come into one since the plan was made would keep it alive without a name.
import { closeSync, fstatSync, openSync, statSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { Batch } from "../../core/plan.js";
import type { Command } from "../../core/resource.js";
import type { ProcessRow } from "../../kinds/rows.js";
import { MachineError } from "../machine.js";
import { netnsPath } from "../namespaces.js";
import { openFiles } from "../process/proc.js";
import { listProcesses } from "../read/processes.js";
import { endProcess } from "./end-process.js";
import { namesIn } from "./netns-commands.js";

/** Rounds of ending what those that were ended before have started. */
const ROUNDS = 5;
/** Milliseconds until it is looked again: who has opened a namespace's file, but not yet entered, is in none that shows. */
const PAUSE = 10;

export interface Leaving {
  /**
   * When their names are gone, and nobody comes in any more: ends who is inside (SIGTERM, then SIGKILL).
   * @throws MachineError naming what does not end
   */
  empty(onCommand?: (command: Command) => void): Promise<void>;
  release(): void;
}

/**
 * The namespaces that batches delete, held open meanwhile: the kernel would give the number of one that has ended to
 * the next that anybody makes. Half of the files that this process may have open are left to its children; who comes
 * into a namespace past that is not looked for, and keeps it alive without a name.
 */
export function leaving(batches: Batch[]): Leaving {
  const files: number[] = [];
  const inodes = new Map<string, number>();
  const most = (openFiles() ?? Number.POSITIVE_INFINITY) / 2;
  for (const place of namesIn(batches, "delete")) {
    if (files.length >= most) break;
    const file = opened(netnsPath(place));
    if (file === undefined) continue;
    files.push(file);
    inodes.set(place, fstatSync(file).ino);
  }
  return {
    async empty(onCommand) {
      const nameless = new Map([...inodes].filter(([place, inode]) => inodeOf(netnsPath(place)) !== inode));
      if (nameless.size === 0) return;
      for (let round = 0, wasEmpty = false; round < ROUNDS; round++) {
        const inside = listProcesses(nameless);
        if (inside.length === 0 && wasEmpty) return;
        wasEmpty = inside.length === 0;
        if (wasEmpty) await sleep(PAUSE);
        await Promise.all(inside.map((row) => end(row, onCommand)));
      }
      const [one] = listProcesses(nameless);
      if (one) throw stays(one);
    },
    release: () => files.forEach(closeSync),
  };
}

/** Undefined where it is gone already. */
function opened(path: string): number | undefined {
  try {
    return openSync(path, "r");
  } catch {
    return undefined;
  }
}

const inodeOf = (path: string): number | undefined => statSync(path, { throwIfNoEntry: false })?.ino;

async function end(row: ProcessRow, onCommand?: (command: Command) => void): Promise<void> {
  const command = { tool: "kill", place: row.place, args: ["-TERM", String(row.pid)], stdin: row.start };
  onCommand?.(command);
  if ((await endProcess(command)).exitCode !== 0) throw stays(row);
}

const stays = ({ place, pid, command }: ProcessRow): MachineError =>
  new MachineError(`the namespace ${place} has lost its name and lives on: process ${pid} (${command}) does not end`, {
    hint: `end it: kill -KILL ${pid}`,
  });
