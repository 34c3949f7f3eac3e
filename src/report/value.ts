// A field's value and its change, as a person reads them.
import type { FieldChange } from "../core/plan.js";
import type { Json } from "../core/resource.js";
import { oneLine } from "./words.js";

const BARE = /^[^\s,"'()[\]{}]+$/;

/** Strings bare where that is clear, lists in brackets, an unset value as `-`. */
export function value(json: Json | undefined): string {
  if (json === undefined || json === null) return "-";
  if (typeof json === "string") return BARE.test(json) ? oneLine(json) : JSON.stringify(json);
  if (Array.isArray(json)) return `[${json.map(value).join(", ")}]`;
  if (typeof json === "object") {
    const pairs = Object.entries(json).filter(([, one]) => one !== null && one !== false);
    return pairs.map(([key, one]) => (one === true ? key : `${key} ${value(one)}`)).join(" ");
  }
  return String(json);
}

/** `mtu 1500 -> 1400` */
export const changed = ({ field, from, to }: FieldChange): string => `${field} ${value(from)} -> ${value(to)}`;

/** `mtu 1400`; what is off or unset is not worth a word. */
export function set(field: string, to: Json | undefined): string | undefined {
  if (to === undefined || to === null || to === false || (Array.isArray(to) && to.length === 0)) return undefined;
  return to === true ? field : `${field} ${value(to)}`;
}
