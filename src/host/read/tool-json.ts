// Reads JSON as the tools really print it.
import type { Json } from "../../core/resource.js";

export type JsonObject = { [key: string]: Json };

/**
 * Parses one JSON text of `ip -j`, `nft -j` or `ovs-vsctl`.
 * iproute2 escapes an apostrophe as `\'` and leaves other control characters alone (lib/json_writer.c), neither of which
 * is JSON; both can be in the name or alias of an interface.
 * @throws SyntaxError
 */
export function parseToolJson(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return JSON.parse(repair(text)) as Json;
  }
}

function repair(text: string): string {
  return text
    .replace(/\\(.)/g, (pair, char) => (char === "'" ? "'" : pair))
    .replace(/[\x00-\x09\x0b-\x1f]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** The JSON arrays or objects that a batch of commands printed, one a line; anything else on the way is left out. */
export function jsonLines(output: string): Json[] {
  const lines = output.split("\n").filter((line) => line.startsWith("[") || line.startsWith("{"));
  return lines.map(parseToolJson);
}

export function objects(value: Json | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function text(value: Json | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

export function strings(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}
