// What proc(5) says of processes.
import { readdirSync, readFileSync } from "node:fs";

export interface Stat {
  name: string;
  state: string;
  parent: number;
  session: number;
  /** Clock ticks from boot: with the number it tells a process from all others. */
  start: string;
}

/** Of all processes that this one may see. */
export const processIds = (): number[] =>
  readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number);

/**
 * Undefined where there is no such process.
 * @param proc the proc(5) that knows it by this number
 */
export function statOf(pid: number, proc = "/proc"): Stat | undefined {
  const text = textOf(`${proc}/${pid}/stat`);
  return text === "" ? undefined : parseStat(text);
}

/** A zombie, or what is just going: it holds nothing any more. */
export const hasEnded = ({ state }: Stat): boolean => state === "Z" || state === "X";

/** proc(5) stat: the name, field 2, is in brackets and may have spaces and brackets itself. */
export function parseStat(stat: string): Stat {
  const close = stat.lastIndexOf(")");
  const fields = stat.slice(close + 2).split(" ");
  const name = stat.slice(stat.indexOf("(") + 1, close);
  const [parent, session] = [Number(fields[1]), Number(fields[3])];
  return { name, state: fields[0] ?? "", parent, session, start: fields[19] ?? "" };
}

/** A file's text; empty where it is not there, or may not be read. */
export function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

/** How many files this process may have open, null where there is no limit: the hard one, to which Node raises the soft one. */
export function openFiles(): number | null {
  const hard = /^Max open files +\S+ +(\S+)/m.exec(textOf("/proc/self/limits"))?.[1];
  return hard === undefined || hard === "unlimited" ? null : Number(hard);
}
