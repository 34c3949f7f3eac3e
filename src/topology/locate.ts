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

/** Members of a map by name, so that a file with thousands of errors is not searched from the top for each. */
const indexes = new WeakMap<Mapping, Map<string, Entry>>();

function member(map: Mapping, name: string): Entry | undefined {
  let index = indexes.get(map);
  if (index === undefined) {
    index = new Map();
    indexes.set(map, index);
    for (const entry of allEntries(map)) {
      const text = keyText(entry.key);
      if (text !== undefined && !index.has(text)) index.set(text, entry);
    }
  }
  return index.get(name);
}

/** The entries of a map, then those that it merges. */
function* allEntries(map: Mapping): Generator<Entry> {
  for (const entry of map.entries) if (!isMerge(entry.key)) yield entry;
  for (const { key, value } of map.entries) {
    const merged = isMerge(key) ? follow(value) : undefined;
    const maps = merged?.type === "seq" ? merged.items.map(follow) : [merged];
    for (const one of maps) if (one?.type === "map") yield* allEntries(one);
  }
}

function keyText(key: Tree): string | undefined {
  const leaf = follow(key);
  if (leaf?.type !== "scalar") return undefined;
  return typeof leaf.value === "string" ? leaf.value : leaf.text;
}
