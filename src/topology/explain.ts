// Errors of the schema in the words of the topology.
import { asBoolean, rightType, translated } from "./meant.js";
import { join, split } from "./pointer.js";
import type { Problem } from "./problem.js";
import { didYouMean } from "./suggest.js";
import type { SchemaError } from "./validate-schema.js";
import { wordReason } from "./words.js";

/** Words of the format that mean something later. */
const RESERVED = new Set(["existing", "parent", "vlan", "vxlan", "impairments", "services", "machines"]);
const LATER_KINDS = new Set(["vlan", "vxlan", "dummy", "macvlan", "bond", "vrf", "veth"]);

const TYPES: Record<string, string> = {
  string: "text",
  integer: "a whole number",
  number: "a number",
  boolean: "true or false",
  object: "a map",
  array: "a list",
};

/** The problem that a schema error stands for; undefined where another error says it better. */
export function explain(error: SchemaError): Problem | undefined {
  const pointer = error.instancePath;
  const name = nameOf(pointer);
  const { params } = error;
  switch (error.keyword) {
    case "additionalProperties":
      return unknownKey(error, String(params.additionalProperty));
    case "required":
      if (params.missingProperty === "end" && splitEnd(error.data)) return undefined;
      return {
        pointer,
        at: "key",
        code: "missing-key",
        message: `${nounOf(error)} needs the key "${params.missingProperty}".`,
      };
    case "type":
      return { pointer, code: "wrong-type", ...wrongType(error) };
    case "enum":
      return { pointer, code: "unknown-word", ...wrongWord(error, name) };
    case "pattern":
      return wrongText(error);
    case "minimum":
    case "maximum":
      return { pointer, code: "out-of-range", message: `${name} must be ${rangeOf(error)}, not ${error.data}.` };
    case "minItems":
    case "maxItems":
      return { pointer, at: "key", code: "wrong-count", message: wrongCount(error, name) };
    default:
      return undefined;
  }
}

function unknownKey(error: SchemaError, key: string): Problem {
  const pointer = join(error.instancePath, key);
  const known = Object.keys((error.parentSchema.properties ?? {}) as object);
  const meant = translated(key, known);
  if (RESERVED.has(key) && !meant) {
    return { pointer, at: "key", code: "not-supported", message: `"${key}" is reserved, and not supported yet.` };
  }
  const glued = known.includes("end") ? splitEnd(error.data) : undefined;
  if (glued) {
    const message = `With a space after its colon, "${glued[0]}: ${glued[1]}" is a map; the end of a link is text.`;
    return { pointer, at: "key", code: "unknown-key", message, suggestion: `write ${glued.join(":")}` };
  }
  const fallback = known.length <= 10 ? `it has ${known.join(", ")}` : undefined;
  const message = `${nounOf(error)} has no key "${key}".`;
  return { pointer, at: "key", code: "unknown-key", message, suggestion: meant ?? didYouMean(key, known) ?? fallback };
}

/** `{ red: eth0 }` where `red:eth0` is meant: what is an end of a link in all but a space. */
function splitEnd(data: unknown): [place: string, name: string] | undefined {
  const [entry, ...more] = data !== null && typeof data === "object" ? Object.entries(data) : [];
  const isEnd = entry && more.length === 0 && /^[^\s:]+$/.test(entry[0]) && typeof entry[1] === "string";
  return isEnd ? (entry as [string, string]) : undefined;
}

function wrongType(error: SchemaError): Pick<Problem, "message" | "suggestion"> {
  const { instancePath, data, parentSchema } = error;
  const wanted = [parentSchema.type].flat().filter((type) => type !== "null") as string[];
  const message = `${nameOf(instancePath)} must be ${wanted.map((type) => TYPES[type]).join(" or ")}, not ${shown(data)}.`;
  return { message, suggestion: rightType(error) };
}

function wrongWord(error: SchemaError, name: string): Pick<Problem, "message" | "suggestion"> {
  const allowed = (error.params.allowedValues as unknown[]).map(String);
  const data = typeof error.data === "string" ? error.data : "";
  if (error.parentSchema.enum && allowed.includes("internal") && LATER_KINDS.has(data)) {
    const message =
      data === "veth"
        ? "The ends of veth pairs have no kind: a link makes them."
        : `Interfaces of kind "${data}" are not supported yet.`;
    return { message, ...(data === "veth" ? { suggestion: "remove the kind" } : {}) };
  }
  const choice = allowed.length === 1 ? allowed[0] : `${allowed.slice(0, -1).join(", ")} or ${allowed.at(-1)}`;
  const suggestion =
    translated(data, allowed) ??
    didYouMean(data, allowed) ??
    (allowed.includes("true") ? asBoolean(error.data) : undefined);
  return { message: `${name} must be ${choice}, not ${shown(error.data)}.`, suggestion };
}

function wrongText(error: SchemaError): Problem {
  const isKey = error.propertyName !== undefined;
  const text = isKey ? error.propertyName! : String(error.data);
  const pointer = isKey ? join(error.instancePath, text) : error.instancePath;
  const format = String(error.parentSchema.format);
  const reason = wordReason(format, text) ?? {
    code: "bad-text",
    message: `"${text}" is not a ${format.replaceAll("-", " ")}.`,
  };
  return { pointer, at: isKey ? "key" : "value", ...reason };
}

function wrongCount(error: SchemaError, name: string): string {
  const count = (error.data as unknown[]).length;
  if (error.parentSchema.maxItems === 2) return `A link has two ends, not ${count}.`;
  return `${name} is an empty list.`;
}

function rangeOf({ parentSchema }: SchemaError): string {
  const { minimum, maximum } = parentSchema;
  return maximum === undefined ? `${minimum} or more` : `from ${minimum} to ${maximum}`;
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
const nounOf = (error: SchemaError): string => capital(String(error.parentSchema.$comment ?? "this map"));

/** `"mtu"`, or `Item 2 of "addresses"`. */
function nameOf(pointer: string): string {
  const parts = split(pointer);
  const last = parts.at(-1);
  if (last === undefined) return "The file";
  return /^\d+$/.test(last) && parts.length > 1 ? `Item ${Number(last) + 1} of "${parts.at(-2)}"` : `"${last}"`;
}

function shown(data: unknown): string {
  if (data === null || data === undefined) return "empty";
  if (Array.isArray(data)) return "a list";
  if (typeof data === "object") return "a map";
  return typeof data === "string" ? `"${data}"` : `the ${typeof data} ${data}`;
}
