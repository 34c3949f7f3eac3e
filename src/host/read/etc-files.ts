// The files under /etc/netns, ip-netns(8).
import { readdirSync, readFileSync } from "node:fs";
import type { EtcFileRow } from "../../kinds/rows.js";

const FOLDER = "/etc/netns";

/** Plain files of all namespaces; what may not be read is left out. */
export function listEtcFiles(): EtcFileRow[] {
  return namesIn(FOLDER, "folder").flatMap((place) =>
    namesIn(`${FOLDER}/${place}`, "file").flatMap((name) => {
      try {
        return [{ place, name, text: readFileSync(`${FOLDER}/${place}/${name}`, "utf8") }];
      } catch {
        return [];
      }
    }),
  );
}

function namesIn(folder: string, what: "folder" | "file"): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => (what === "file" ? entry.isFile() : entry.isDirectory()))
      .map(({ name }) => name)
      .sort();
  } catch {
    return [];
  }
}
