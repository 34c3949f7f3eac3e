// Takes out of a value what does not fit the schema, so that the rest can be checked further.
import { split } from "./pointer.js";
import type { SchemaError } from "./validate-schema.js";

/** An item that was taken out of a list keeps its place, so that pointers stay right. */
export const HOLE = Symbol("hole");

type Container = Record<string, unknown>;

/** Deletes, in place, every value that an error is about. Names of members are left: they are only names. */
export function prune(root: unknown, errors: SchemaError[]): void {
  for (const error of errors) {
    if (error.propertyName !== undefined || error.keyword === "propertyNames") continue;
    const path = split(error.instancePath);
    if (error.keyword === "additionalProperties") path.push(String(error.params.additionalProperty));
    remove(root, path);
  }
}

function remove(root: unknown, path: string[]): void {
  let parent = root as Container | undefined;
  for (const part of path.slice(0, -1)) {
    if (parent === undefined || parent === null || typeof parent !== "object") return;
    parent = parent[part] as Container | undefined;
  }
  const last = path.at(-1);
  if (last === undefined || parent === null || typeof parent !== "object") return;
  if (Array.isArray(parent)) (parent as unknown[])[Number(last)] = HOLE;
  else delete parent[last];
}

/** Items of a list that are there, with their place in the file. */
export function items<T>(list: T[] | null | undefined): [index: number, item: T][] {
  const result: [number, T][] = [];
  for (const [index, item] of (list ?? []).entries()) if ((item as unknown) !== HOLE) result.push([index, item]);
  return result;
}
