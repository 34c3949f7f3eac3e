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

/** The value of a key, or the item after a dash, that nothing was written for. */
export const emptyAt = (offset: number): Leaf => ({
  type: "scalar",
  range: [offset, offset],
  value: null,
  plain: true,
  text: "",
});

const isEmpty = ({ range }: Tree): boolean => range[0] === range[1];

/** A list of lines, which ends with the last item that is not empty. */
export function blockList(start: number, items: Tree[]): Sequence {
  const end = items.findLast((item) => !isEmpty(item))?.range[1] ?? start + 1;
  return { type: "seq", range: [start, end], flow: false, items };
}

/** A map of lines, which ends with its last value or key. */
export function blockMap(start: number, entries: Entry[]): Mapping {
  const { key, value } = entries.at(-1)!;
  return { type: "map", range: [start, isEmpty(value) ? key.range[1] : value.range[1]], flow: false, entries };
}

/** What an alias stands for, or the node itself. */
export function follow(tree: Tree): Tree | undefined {
  return tree.type === "alias" ? tree.target : tree;
}

/** `<<` as a key: what it holds is merged into the mapping (yaml.org/type/merge.html). */
export function isMerge(key: Tree): boolean {
  return key.type === "scalar" && key.plain && key.value === "<<";
}
