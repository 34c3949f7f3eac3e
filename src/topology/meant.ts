// What somebody will have meant: words of other tools for keys and values, and values of the wrong type made right.
import type { SchemaError } from "./validate-schema.js";

/** ip(8), ovs-vsctl(8), netplan(5), containerlab and Mininet, to the topology's own words. */
const WORDS: Record<string, string> = {
  gateway: "via",
  gw: "via",
  nexthop: "via",
  dst: "to",
  destination: "to",
  device: "dev",
  interface: "dev",
  ip: "addresses",
  ipv4: "addresses",
  ipv6: "addresses",
  macaddress: "mac",
  hwaddr: "mac",
  vlan: "tag",
  vlans: "trunks",
  nodes: "namespaces",
  hosts: "namespaces",
  netns: "namespaces",
  switches: "bridges",
  cables: "links",
  dnat: "forward",
  snat: "masquerade",
  ip_forward: "forwarding",
  tests: "checks",
  openvswitch: "ovs",
  "ovs-bridge": "ovs",
  bridge: "linux",
};

/** The known word that another tool's word stands for. */
export function translated(word: string, known: string[]): string | undefined {
  const meant = Object.hasOwn(WORDS, word.toLowerCase()) ? WORDS[word.toLowerCase()]! : "";
  return known.includes(meant) ? `write ${meant}` : undefined;
}

/** rt_tables(5). */
const TABLES: Record<string, number> = { main: 254, default: 253 };

/** What to write for a value that is of the wrong type. */
export function rightType({ instancePath, data, parentSchema }: SchemaError): string | undefined {
  const wanted = [parentSchema.type].flat() as string[];
  if (wanted.includes("array")) return asList(data, parentSchema, instancePath);
  if (wanted.includes("object")) return asMap(data, parentSchema, wanted.includes("string"));
  if (wanted.includes("boolean")) return asBoolean(data);
  if (!wanted.includes("integer") && !wanted.includes("number")) return undefined;
  if (typeof data === "boolean") return `write ${Number(data)}`;
  if (typeof data !== "string") return undefined;
  if (/^\d+$/.test(data)) return "remove the quotes";
  if (instancePath.endsWith("/table") && Object.hasOwn(TABLES, data)) return `write ${TABLES[data]}`;
  const number = /^(\d+)\s*[A-Za-z]{1,5}$/.exec(data)?.[1];
  return number && `write ${number}`;
}

/** `yes` is text in YAML 1.2, and `1` is a number. */
export function asBoolean(data: unknown): string | undefined {
  if (typeof data !== "string" && typeof data !== "number") return undefined;
  const word = String(data).toLowerCase();
  if (["yes", "on", "1"].includes(word)) return "write true";
  return ["no", "off", "0"].includes(word) ? "write false" : undefined;
}

function asList(data: unknown, { examples }: SchemaError["parentSchema"], pointer: string): string | undefined {
  const [example] = ([examples].flat()[0] ?? []) as unknown[];
  if (typeof data === "number" || typeof data === "string") {
    if (typeof example === "number" && /^\d+-\d+$/.test(String(data))) return "list each number";
    return typeof example === typeof data
      ? `write [${String(data)
          .trim()
          .split(/[\s,]+/)
          .join(", ")}]`
      : undefined;
  }
  if (data === null || typeof data !== "object") return undefined;
  const entries = Object.entries(data);
  if (pointer.endsWith("/endpoints") && entries.length === 2 && entries.every(([, name]) => typeof name === "string"))
    return `write [${entries.map(([place, name]) => `${place}:${name}`).join(", ")}]`;
  return "begin each item with `- `";
}

function asMap(data: unknown, schema: SchemaError["parentSchema"], orText: boolean): string | undefined {
  if (!Array.isArray(data) || data.length === 0) return undefined;
  const isWords = data.length <= 5 && data.every((item) => typeof item === "string" && /^[\w.-]+$/.test(item));
  // The end of a link as a pair.
  if (orText) return isWords && data.length === 2 ? `write ${data.join(":")}` : undefined;
  if (isWords && typeof schema.additionalProperties === "object")
    return `write { ${data.map((item) => `${item}: {}`).join(", ")} }`;
  return "each name is a key, without `- `";
}
