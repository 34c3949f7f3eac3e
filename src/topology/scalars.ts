// Scalars that YAML itself has read as something else than what stands there.
import { find } from "./locate.js";
import { join } from "./pointer.js";
import type { Problem } from "./problem.js";
import { follow, type Leaf, type Tree } from "./tree.js";
import type { SchemaError } from "./validate-schema.js";
import { notText } from "./values.js";

const PLAIN_NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?$/;

/** Numbers, booleans and nulls where the schema has text, and numbers that are not written as YAML reads them. */
export function nonTexts(tree: Tree, errors: SchemaError[]): Problem[] {
  const problems: Problem[] = [];
  for (const { keyword, instancePath, parentSchema } of errors) {
    const types = [parentSchema.type].flat();
    if (keyword !== "type" || !types.includes("string") || types.includes("integer")) continue;
    const leaf = follow(find(tree, instancePath).tree);
    if (leaf?.type !== "scalar" || typeof leaf.value === "string" || leaf.text === "") continue;
    problems.push({ pointer: instancePath, ...notText(leaf) });
  }
  const seen = new Set(problems.map((problem) => problem.pointer));
  walk(tree, [], (leaf, path) => {
    const pointer = join("", ...path);
    if (seen.has(pointer)) return;
    const message = `YAML reads ${leaf.text} as the number ${leaf.value}.`;
    const suggestion = `write ${leaf.value}, or quote it: "${leaf.text}"`;
    problems.push({ pointer, code: "odd-number", message, suggestion });
  });
  return problems;
}

/** Calls back for every number that is not written as it is read. `path` is only good during the call. */
function walk(tree: Tree, path: (string | number)[], found: (leaf: Leaf, path: (string | number)[]) => void): void {
  if (tree.type === "scalar") {
    if (typeof tree.value === "number" && tree.plain && !PLAIN_NUMBER.test(tree.text)) found(tree, path);
    return;
  }
  if (tree.type === "alias") return;
  for (const [index, child] of (tree.type === "seq" ? tree.items : tree.entries).entries()) {
    if ("key" in child && child.key.type !== "scalar") continue;
    path.push("key" in child ? keyText(child.key as Leaf) : index);
    walk("key" in child ? child.value : child, path, found);
    path.pop();
  }
}

const keyText = ({ value, text }: Leaf): string => (typeof value === "string" ? value : text);
