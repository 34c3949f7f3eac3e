// Plain data as YAML that a person would have written: short maps and lists on one line, others in blocks.
import type { Json } from "../core/resource.js";

type Map = { [key: string]: Json };

const WIDTH = 100;
/** Words that no reader of YAML, old or new, takes for anything but text; a colon only as in `red:eth0`. */
const PLAIN = /^(?!(?:true|false|null|yes|no|on|off|y|n)$)[a-z][\w./-]*(?::[a-z][\w.-]*)?$/i;
/** Addresses with a prefix length, and whole IPv4 addresses, are no numbers. */
const IPV4 = /^\d+\.\d+\.\d+\.\d+(?:\/\d+)?$/;

/** A map, with a newline at the end. Its own keys and those of the next level always get lines of their own. */
export function yaml(data: Map): string {
  return block(data, 0).join("");
}

function block(data: Map, depth: number): string[] {
  const indent = "  ".repeat(depth);
  return Object.entries(data).flatMap(([key, value]) => {
    const head = `${indent}${scalar(key)}:`;
    const line = `${head}${isEmptyMap(value) ? "" : ` ${flow(value)}`}\n`;
    if (isEmptyMap(value) || typeof value !== "object" || value === null) return [line];
    const short = line.length <= WIDTH && (Array.isArray(value) ? !value.some(isMap) : depth > 1 && !hasMaps(value));
    if (short) return [line];
    if (!Array.isArray(value)) return [`${head}\n`, ...block(value, depth + 1)];
    return [`${head}\n`, ...value.map((item) => `${indent}  - ${flow(item)}\n`)];
  });
}

function flow(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(", ")}]`;
  if (!isMap(value)) return scalar(value);
  const pairs = Object.entries(value).map(([key, one]) => `${scalar(key)}: ${flow(one)}`);
  return pairs.length === 0 ? "{}" : `{ ${pairs.join(", ")} }`;
}

function scalar(value: Json): string {
  if (typeof value !== "string") return String(value);
  return PLAIN.test(value) || IPV4.test(value) ? value : JSON.stringify(value);
}

const isMap = (value: Json | undefined): value is Map =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isEmptyMap = (value: Json) => isMap(value) && Object.keys(value).length === 0;
const hasMaps = (value: Map) =>
  Object.values(value).some((one) => isMap(one) || (Array.isArray(one) && one.some(isMap)));
