// The syntax tree of a topology file: values with their ranges, anchors and aliases not yet followed.
import type { Range } from "./source.js";

export interface Leaf {
  type: "scalar";
  range: Range;
  anchor?: string;
  value: string | number | boolean | null;
  /** Neither quoted nor tagged: YAML itself decided what type the value has. */
  plain: boolean;
  /** The text as it stands in the file, without quotes. */
  text: string;
}

export interface Entry {
  key: Tree;
  value: Tree;
}

export interface Mapping {
  type: "map";
  range: Range;
  anchor?: string;
  flow: boolean;
  entries: Entry[];
}

export interface Sequence {
  type: "seq";
  range: Range;
  anchor?: string;
  flow: boolean;
  items: Tree[];
}

export interface Alias {
  type: "alias";
  range: Range;
  name: string;
  /** Filled in when the values are read. */
  target?: Tree;
}

export type Tree = Leaf | Mapping | Sequence | Alias;

/** What an alias stands for, or the node itself. */
export function follow(tree: Tree): Tree | undefined {
  return tree.type === "alias" ? tree.target : tree;
}

/** `<<` as a key: what it holds is merged into the mapping (yaml.org/type/merge.html). */
export function isMerge(key: Tree): boolean {
  return key.type === "scalar" && key.plain && key.value === "<<";
}
