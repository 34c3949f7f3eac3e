// From a JSON pointer to the range in the file.
import type { Pointer } from "./lab.js";
import { split } from "./pointer.js";
import type { Range } from "./source.js";
import { type Entry, follow, isMerge, type Mapping, type Tree } from "./tree.js";

export interface Place {
  tree: Tree;
  /** The key, where it is a member of a map. */
  key?: Tree;
}

/** The node that a pointer names; where it names nothing, the nearest node above. */
export function find(root: Tree, pointer: Pointer): Place {
  let place: Place = { tree: root };
  for (const part of split(pointer)) {
    const tree = follow(place.tree);
    const next: Place | undefined =
      tree?.type === "map"
        ? entryPlace(member(tree, part))
        : tree?.type === "seq" && tree.items[Number(part)] !== undefined
          ? { tree: tree.items[Number(part)]! }
          : undefined;
    if (next === undefined) return place;
    place = next;
  }
  return place;
}

/** What to underline for a pointer: the value, or its key where it is asked for or the value is a block of lines. */
export function rangeOf(root: Tree, pointer: Pointer, at: "key" | "value" = "value"): Range {
  const { tree, key } = find(root, pointer);
  if (key === undefined) return tree.range;
  const block = (tree.type === "map" || tree.type === "seq") && !tree.flow;
  const empty = tree.range[0] === tree.range[1];
  return at === "key" || block || empty ? key.range : tree.range;
}

const entryPlace = (entry: Entry | undefined): Place | undefined => entry && { tree: entry.value, key: entry.key };

function member(map: Mapping, name: string): Entry | undefined {
  const own = map.entries.find(({ key }) => !isMerge(key) && keyText(key) === name);
  if (own) return own;
  for (const { key, value } of map.entries) {
    if (!isMerge(key)) continue;
    const merged = follow(value);
    const maps = merged?.type === "seq" ? merged.items.map(follow) : [merged];
    for (const one of maps) {
      const found = one?.type === "map" ? member(one, name) : undefined;
      if (found) return found;
    }
  }
  return undefined;
}

function keyText(key: Tree): string | undefined {
  const leaf = follow(key);
  if (leaf?.type !== "scalar") return undefined;
  return typeof leaf.value === "string" ? leaf.value : leaf.text;
}
