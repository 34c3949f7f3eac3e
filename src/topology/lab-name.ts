// The lab's name and nothing else, so that a lab can be removed whose file has errors elsewhere.
import { findTopology } from "./find.js";
import { find } from "./locate.js";
import { parsed } from "./parsed.js";
import { readText, UnreadableError } from "./read.js";
import { Source } from "./source.js";

const LAB = /^[a-z0-9-]{1,31}$/;
/** Where the rest is no YAML: a line of its own. */
const LINE = /^name:[ \t]*(["']?)([a-z0-9-]{1,31})\1[ \t]*(?:#.*)?$/gm;

/**
 * @param input a path, `-` for standard input, or nothing: the file is looked for
 * @throws UnreadableError where the file or the name in it cannot be read
 */
export async function readLabName(input?: string): Promise<string> {
  const file = input ?? (await findTopology());
  const name = await labNameIn(await readText(file));
  if (name !== undefined) return name;
  throw new UnreadableError("no-lab-name", `${file} has no readable \`name\`.`, "name the lab: --lab NAME");
}

export async function labNameIn(text: string): Promise<string | undefined> {
  const { tree } = await parsed(new Source("", text));
  const leaf = tree && find(tree, "/name");
  if (leaf?.key && leaf.tree.type === "scalar" && LAB.test(leaf.tree.text)) return leaf.tree.text;
  const lines = [...text.matchAll(LINE)].map((match) => match[2]!);
  return new Set(lines).size === 1 ? lines[0] : undefined;
}
