// Scalars that YAML itself has read as something else than what stands there.
import type { Pointer } from "./lab.js";
import { find } from "./locate.js";
import { join } from "./pointer.js";
import type { Problem } from "./problem.js";
import { follow, type Tree } from "./tree.js";
import type { SchemaError } from "./validate-schema.js";
import { notText } from "./values.js";

const PLAIN_NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?$/;

/** Numbers, booleans and nulls where the schema has text, and numbers that are not written as YAML reads them. */
export function nonTexts(tree: Tree, errors: SchemaError[]): Problem[] {
  const problems: Problem[] = [];
  for (const { keyword, instancePath, parentSchema } of errors) {
    const types = [parentSchema?.type].flat();
    if (keyword !== "type" || !types.includes("string") || types.includes("integer")) continue;
    const leaf = follow(find(tree, instancePath).tree);
    if (leaf?.type !== "scalar" || typeof leaf.value === "string" || leaf.text === "") continue;
    problems.push({ pointer: instancePath, ...notText(leaf) });
  }
  walk(tree, "", problems);
  return problems;
}

function walk(tree: Tree, pointer: Pointer, problems: Problem[]): void {
  if (tree.type === "seq") {
    for (const [index, item] of tree.items.entries()) walk(item, join(pointer, index), problems);
  } else if (tree.type === "map") {
    for (const { key, value } of tree.entries) {
      if (key.type === "scalar")
        walk(value, join(pointer, typeof key.value === "string" ? key.value : key.text), problems);
    }
  } else if (tree.type === "scalar" && typeof tree.value === "number" && tree.plain && !PLAIN_NUMBER.test(tree.text)) {
    if (problems.some((problem) => problem.pointer === pointer)) return;
    const message = `YAML reads ${tree.text} as the number ${tree.value}.`;
    problems.push({
      pointer,
      code: "odd-number",
      message,
      suggestion: `write ${tree.value}, or quote it: "${tree.text}"`,
    });
  }
}
