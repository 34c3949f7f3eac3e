// JSON pointers (RFC 6901): the address of every value in the topology file.
import type { Pointer } from "./lab.js";

const escapePart = (part: string): string =>
  /[~/]/.test(part) ? part.replaceAll("~", "~0").replaceAll("/", "~1") : part;

/** The pointer of a member or item: `join("/a", "b/c")` is `/a/b~1c`. */
export function join(pointer: Pointer, ...parts: (string | number)[]): Pointer {
  let result = pointer;
  for (const part of parts) result += `/${typeof part === "number" ? part : escapePart(part)}`;
  return result;
}

/** The parts of a pointer, unescaped; none for the root. */
export function split(pointer: Pointer): string[] {
  if (pointer === "") return [];
  return pointer
    .slice(1)
    .split("/")
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
}
