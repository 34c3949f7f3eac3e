// Rules as nft(8) JSON (libnftables-json(5)) turned into the text that `nft list` prints, so that live and wanted ones compare.
import type { Json } from "../core/resource.js";

type Object = { [key: string]: Json };

/** The statement or expression in nft's own words; one that netlab never writes comes back as JSON, and so differs. */
export function ruleText(expr: Json[]): string {
  return expr.map((statement) => statementText(statement as Object)).join(" ");
}

function statementText(statement: Object): string {
  if ("masquerade" in statement && statement.masquerade === null) return "masquerade";
  if (isObject(statement.match)) return matchText(statement.match) ?? JSON.stringify(statement);
  if (isObject(statement.dnat)) return dnatText(statement.dnat) ?? JSON.stringify(statement);
  return JSON.stringify(statement);
}

function matchText({ op, left, right }: Object): string | undefined {
  const subject = isObject(left) ? subjectText(left) : undefined;
  const object = valueText(right, subject === "oifname" || subject === "iifname");
  if (subject === undefined || object === undefined) return undefined;
  return [subject, ...(op === "==" || op === "in" ? [] : [String(op)]), object].join(" ");
}

function subjectText(left: Object): string | undefined {
  if (isObject(left.payload)) return `${left.payload.protocol} ${left.payload.field}`;
  if (isObject(left.fib)) return `fib ${(left.fib.flags as string[]).join(" . ")} ${left.fib.result}`;
  if (isObject(left.ct)) return `ct ${left.ct.key}`;
  if (isObject(left.meta)) return left.meta.key === "nfproto" ? "meta nfproto" : String(left.meta.key);
  return undefined;
}

function valueText(right: Json | undefined, quoted: boolean): string | undefined {
  if (typeof right === "string") return quoted ? `"${right}"` : right;
  if (typeof right === "number") return String(right);
  if (isObject(right) && isObject(right.prefix)) return `${right.prefix.addr}/${right.prefix.len}`;
  return undefined;
}

function dnatText({ family, addr, port, ...rest }: Object): string | undefined {
  if (typeof addr !== "string" || Object.keys(rest).length > 0) return undefined;
  return `dnat ${family} to ${endpoint(addr, port as number | undefined)}`;
}

/** `192.0.2.1:80`, `[2001:db8::1]:80`, or the address alone. */
export function endpoint(address: string, port: number | undefined): string {
  if (port === undefined) return address;
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}

const isObject = (value: Json | undefined): value is Object =>
  typeof value === "object" && value !== null && !Array.isArray(value);
