// Finds the topology file where none is named.
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { UnreadableError } from "./read.js";

/**
 * `netlab.yaml`, else the only `*.netlab.yaml`, else `topo.yaml`, of a directory.
 * @throws UnreadableError where there is none, or several could be meant
 */
export async function findTopology(directory = "."): Promise<string> {
  const names = new Set(await readdir(directory).catch(() => []));
  const path = (name: string) => (directory === "." ? name : join(directory, name));
  if (names.has("netlab.yaml")) return path("netlab.yaml");
  const candidates = [...names].filter((name) => name.endsWith(".netlab.yaml")).sort();
  if (candidates.length > 1) {
    throw new UnreadableError(
      "several-files",
      `There are several topology files here: ${candidates.join(", ")}.`,
      "name one of them",
    );
  }
  if (candidates[0] !== undefined) return path(candidates[0]);
  if (names.has("topo.yaml")) return path("topo.yaml");
  throw new UnreadableError(
    "no-such-file",
    "There is no topology file here: neither netlab.yaml, nor one *.netlab.yaml, nor topo.yaml.",
    "name the file, or - for standard input",
  );
}
