// `ip netns list-id` → which number each namespace has for which other; ip-netns(8).
import type { Place } from "../../topology/lab.js";
import type { Namespaces } from "../namespaces.js";
import { askPlaces } from "./ask-places.js";
import type { Netnsids } from "./peers.js";
import { jsonLines, objects, text } from "./tool-json.js";

/**
 * Reads the numbers in the places given. `ip` tries every name in /run/netns for it, so a call costs more with each
 * namespace of the machine: only for pairs that indexes leave open.
 */
export async function readNetsids(places: Place[], namespaces: Namespaces): Promise<Netnsids> {
  const ids: Netnsids = {};
  const known = namespaces.inodes;
  await askPlaces(
    places.map((place) => ({
      place,
      process: { argv: ["ip", "-j", "netns", "list-id"], input: "" },
      take(end) {
        if (end.exitCode !== 0) throw new Error(end.output.trim());
        const pairs = objects(jsonLines(end.output)[0]).map(
          (id) => [Number(id.nsid), known.has(text(id.name) ?? "") ? text(id.name) : undefined] as const,
        );
        ids[place] = new Map(pairs);
      },
    })),
  );
  return ids;
}
