// What the programs that netlab starts see of the world: a search path with the administrator's folders, and plain English.
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

const ADMIN_FOLDERS = ["/usr/local/sbin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];

/** Folders in which tools are looked for: the caller's first, so that a wrapper there is respected. */
export function searchPath(path: string = process.env.PATH ?? ""): string[] {
  return [...new Set([...path.split(delimiter).filter((folder) => folder.startsWith("/")), ...ADMIN_FOLDERS])];
}

/** Environment of every child: the tools' messages are recognised by their English words. */
export function childEnvironment(): NodeJS.ProcessEnv {
  return { ...process.env, PATH: searchPath().join(delimiter), LC_ALL: "C", LANGUAGE: "" };
}

/** Full path of a program, or undefined where it is not installed. */
export function which(program: string): string | undefined {
  return searchPath()
    .map((folder) => join(folder, program))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}
