// `ADDRESS`, `ADDRESS:PORT` and `[ADDRESS]:PORT`, already known to be well formed.
import { type Inet, parseAddress } from "../inet.js";

export function socketOf(text: string): { address: Inet; port?: number } {
  const bracketed = /^\[(.*)\]:(\d+)$/.exec(text) ?? /^([^:]*):(\d+)$/.exec(text);
  if (bracketed) return { address: parseAddress(bracketed[1]!)!, port: Number(bracketed[2]) };
  return { address: parseAddress(text)! };
}
