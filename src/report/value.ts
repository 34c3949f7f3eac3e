// A field's value and its change, as a person reads them.
import type { FieldChange } from "../core/plan.js";
import type { Json } from "../core/resource.js";
import { oneLine } from "./words.js";

const BARE = /^[^\s,"'()[\]{}]+$/;

/** Strings bare where that is clear, lists in brackets, an unset value as `-`. */
export function value(json: Json | undefined): string {
  if (json === undefined || json === null) return "-";
  if (typeof json === "string") return BARE.test(json) ? oneLine(json) : JSON.stringify(json);
  if (Array.isArray(json)) {
    if (json.length === 0) return "-";
    return isOneMap(json) ? value(json[0]) : `[${json.map(value).join(", ")}]`;
  }
  if (typeof json === "object") {
    const pairs = Object.entries(json).flatMap(([key, one]) => set(key, one) ?? []);
    return pairs.join(" ");
  }
  return String(json);
}

const isOneMap = (json: Json[]) => json.length === 1 && json[0] !== null && typeof json[0] === "object";

/** `mtu 1500 -> 1400` */
export const changed = ({ field, from, to }: FieldChange): string => `${field} ${value(from)} -> ${value(to)}`;

/** Values that are the rule are not worth a word. */
const USUAL: { [field: string]: Json } = {
  type: "unicast",
  weight: 1,
  mtu: 1500,
  alive: true,
  restart: "on-failure",
  state: "running",
  lifetime: "forever",
};

/** `mtu 1400`; what is off, unset or as always says nothing; the words of a single map (`via …`) need no other name. */
export function set(field: string, to: Json | undefined): string | undefined {
  if (field === "up" && to === false) return "down";
  if (to === undefined || to === null || to === false || to === USUAL[field]) return undefined;
  if (Array.isArray(to) && to.length === 0) return undefined;
  if (Array.isArray(to) && isOneMap(to)) return value(to);
  return to === true ? field : `${field} ${value(to)}`;
}
