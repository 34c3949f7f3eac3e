// The recorded outputs of the tools, see test/recorded/record.sh.
import { readFileSync } from "node:fs";
import path from "node:path";
import { type JsonObject, jsonLines, objects } from "../../../src/host/read/tool-json.js";

export function recorded(file: string): string {
  return readFileSync(path.resolve(import.meta.dirname, "../../recorded", file), "utf8");
}

/** What `ip -j -d -batch` printed for `address show` and `route show table all` in one namespace. */
export function recordedNetwork(place: string): { links: JsonObject[]; routes: JsonObject[] } {
  const [links, routes] = jsonLines(recorded(`iproute2-6.1.0/${place}.json`)).map(objects);
  return { links: links ?? [], routes: routes ?? [] };
}
