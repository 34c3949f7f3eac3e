// `ovs-vsctl --format=json list ...` → OvsRows: decodes the sets, maps and references of RFC 7047 section 5.1.
import type { Json } from "../../core/resource.js";
import type { OvsRows } from "../../kinds/rows.js";
import { isObject, parseToolJson, strings } from "./tool-json.js";

type Cells = Record<string, Json | undefined>;

/** Three lines of output: Bridge, Port, Interface; the columns as in ovs.ts. */
export function ovsRows(output: string): OvsRows {
  const [bridges = [], ports = [], interfaces = []] = output
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => table(parseToolJson(line)));
  const portNames = namesByUuid(ports);
  const interfaceNames = namesByUuid(interfaces);
  return {
    bridges: bridges.map((row) => ({
      name: String(row.name),
      datapath_type: String(row.datapath_type ?? ""),
      external_ids: map(row.external_ids),
      other_config: map(row.other_config),
      ports: references(row.ports, portNames),
    })),
    ports: ports.map((row) => ({
      name: String(row.name),
      tag: optional(row.tag, Number),
      trunks: set(row.trunks)
        .map(Number)
        .sort((a, b) => a - b),
      vlan_mode: optional(row.vlan_mode, String),
      external_ids: map(row.external_ids),
      interfaces: references(row.interfaces, interfaceNames),
    })),
    interfaces: interfaces.map((row) => ({
      name: String(row.name),
      type: String(row.type ?? ""),
      ofport: optional(row.ofport, Number),
      error: optional(row.error, String),
      mac: optional(row.mac, String),
      mtu_request: optional(row.mtu_request, Number),
      external_ids: map(row.external_ids),
    })),
  };
}

function table(json: Json): Cells[] {
  if (!isObject(json)) return [];
  const headings = strings(json.headings);
  const data = Array.isArray(json.data) ? json.data : [];
  return data
    .filter((row) => Array.isArray(row))
    .map((row) => Object.fromEntries(headings.map((heading, i) => [heading, row[i]])));
}

/** A set with one element is printed as the element. */
function set(value: Json | undefined): Json[] {
  if (value === undefined) return [];
  return Array.isArray(value) && value[0] === "set" ? (value[1] as Json[]) : [value];
}

function optional<T>(value: Json | undefined, as: (value: Json) => T): T | null {
  const [only] = set(value);
  return only === undefined ? null : as(only);
}

function map(value: Json | undefined): Record<string, string> {
  const pairs = Array.isArray(value) && value[0] === "map" ? (value[1] as [string, string][]) : [];
  return Object.fromEntries(pairs);
}

function uuid(value: Json | undefined): string {
  return Array.isArray(value) && value[0] === "uuid" ? String(value[1]) : "";
}

function namesByUuid(rows: Cells[]): Map<string, string> {
  return new Map(rows.map((row) => [uuid(row._uuid), String(row.name)]));
}

function references(value: Json | undefined, names: Map<string, string>): string[] {
  return set(value)
    .map((reference) => names.get(uuid(reference)))
    .filter((name) => name !== undefined)
    .sort();
}
