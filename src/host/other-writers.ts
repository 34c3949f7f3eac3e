// Who besides root may change a file: by its mode, or by those of the folders above, in which it can be replaced.
import { realpathSync, statSync } from "node:fs";
import { dirname } from "node:path";

type Look = (path: string) => { uid: number; gid: number; mode: number };

/** As writersOf, of the name and of what it leads to. */
export const otherWriters = (file: string): string | undefined => writersOf(file) ?? writersOf(realpathSync(file));

/**
 * Why others than root may change a file, if they may: path_resolution(7). In a folder with the sticky bit everybody
 * replaces only what is his own: inode(7).
 * @param file absolute
 */
export function writersOf(file: string, look: Look = statSync): string | undefined {
  for (let path = file; ; path = dirname(path)) {
    const { uid, gid, mode } = look(path);
    if (uid !== 0) return `${path} belongs to user ${uid}`;
    const isSticky = path !== file && (mode & 0o1000) !== 0;
    if (!isSticky && mode & 0o002) return `everybody may write ${path}`;
    if (!isSticky && mode & 0o020 && gid !== 0) return `group ${gid} may write ${path}`;
    if (path === dirname(path)) return undefined;
  }
}
