// The named network namespaces of the machine, ip-netns(8).
import { lstatSync, readdirSync, statSync } from "node:fs";
import { HOST, type Place } from "../topology/lab.js";
import { textOf } from "./process/proc.js";

const FOLDER = "/run/netns";

export interface Namespaces {
  /** Place → inode of its namespace; `host` is among them. */
  inodes: Map<Place, number>;
  /** Names behind which there is no namespace. */
  stale: Place[];
  /** Names of a namespace that has another name already, or is the host's own: their links are listed there. */
  aliases: Map<Place, Place>;
}

/** Path of the file that stands for a place, or "" for the host: netlab is in it. */
export function netnsPath(place: Place): string {
  return place === HOST ? "" : `${FOLDER}/${place}`;
}

/**
 * Whether `ip netns add` has made the folder a mount: the first one does, and before iproute2 5.6 two at once mount it over
 * each other (https://bugs.debian.org/949235).
 */
export const isFolderMounted = (): boolean => mountPoints().includes(FOLDER);

/** proc_pid_mountinfo(5): the fifth field. */
const mountPoints = () =>
  textOf("/proc/self/mountinfo")
    .split("\n")
    .map((line) => line.split(" ")[4]);

/**
 * Lists the namespaces without entering them: a file on another file system than the kernel's nsfs is none.
 * A file named `host` there cannot be told from the root namespace and is left out.
 */
export function listNamespaces(): Namespaces {
  const own = statSync("/proc/self/ns/net");
  const found: Namespaces = { inodes: new Map([[HOST, own.ino]]), stale: [], aliases: new Map() };
  const known = new Map<number, Place>([[own.ino, HOST]]);
  for (const name of namesIn(FOLDER)) {
    const path = `${FOLDER}/${name}`;
    const file = statSync(path, { throwIfNoEntry: false });
    if (!file) {
      if (lstatSync(path, { throwIfNoEntry: false })) found.stale.push(name);
    } else if (file.dev !== own.dev) found.stale.push(name);
    else if (known.has(file.ino)) found.aliases.set(name, known.get(file.ino)!);
    else {
      known.set(file.ino, name);
      found.inodes.set(name, file.ino);
    }
  }
  return found;
}

/**
 * What tells the namespace behind a name from one that is made there later: its number in the kernel is given again, the
 * time at which it was first seen there is not. Undefined where there is none.
 */
export function identityOf(place: Place): string | undefined {
  const file = statSync(netnsPath(place), { bigint: true, throwIfNoEntry: false });
  return file && `${file.ino} ${file.ctimeNs}`;
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name !== HOST)
      .sort();
  } catch {
    return []; // Nobody has made a named namespace since the machine started.
  }
}
