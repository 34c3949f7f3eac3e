// A syntax tree to plain values: aliases and merge keys followed, keys checked. Maps have no prototype.

import type { Reason } from "./problem.js";
import type { Range } from "./source.js";
import { type Alias, type Entry, follow, isMerge, type Leaf, type Mapping, type Tree } from "./tree.js";

/** Values that aliases may add in all: more than any lab needs, less than a bomb. */
const MAX_ALIASED = 200_000;

export type TreeReport = (range: Range, reason: Reason) => void;

/** Reads the value of a tree; what is wrong with anchors and keys is reported with its range. */
export class Values {
  private readonly report: TreeReport;
  private readonly anchors = new Map<string, Tree>();
  private readonly open = new Set<Tree>();
  private depth = 0;
  private aliased = 0;

  constructor(report: TreeReport) {
    this.report = report;
  }

  read(tree: Tree): unknown {
    if (this.depth > 0 && this.aliased++ > MAX_ALIASED) return null;
    if (tree.type === "alias") return this.alias(tree);
    if (tree.anchor !== undefined && this.depth === 0) this.anchors.set(tree.anchor, tree);
    if (tree.type === "scalar") return tree.value;
    this.open.add(tree);
    const value = tree.type === "seq" ? tree.items.map((item) => this.read(item)) : this.mapping(tree);
    this.open.delete(tree);
    return value;
  }

  private alias(alias: Alias): unknown {
    const target = this.depth === 0 ? this.anchors.get(alias.name) : (alias.target ?? this.anchors.get(alias.name));
    if (target === undefined) {
      this.report(alias.range, {
        code: "unknown-anchor",
        message: `No anchor "&${alias.name}" stands before this alias.`,
      });
      return null;
    }
    if (this.open.has(target)) {
      this.report(alias.range, {
        code: "alias-loop",
        message: `The alias "*${alias.name}" stands inside its own anchor.`,
      });
      return null;
    }
    alias.target = target;
    this.depth++;
    const before = this.aliased;
    const value = this.read(target);
    this.depth--;
    if (this.depth === 0 && this.aliased > MAX_ALIASED && before <= MAX_ALIASED) {
      this.report(alias.range, {
        code: "alias-bomb",
        message: `Aliases make more than ${MAX_ALIASED} values of this file; with this one it is too large.`,
      });
    }
    return value;
  }

  private mapping(tree: Mapping): Record<string, unknown> {
    const result: Record<string, unknown> = Object.create(null);
    const seen = new Map<string, Range>();
    const merges: Entry[] = [];
    for (const entry of tree.entries) {
      if (isMerge(entry.key)) {
        merges.push(entry);
        continue;
      }
      const value = this.read(entry.value);
      const key = this.key(entry.key);
      if (key === undefined) continue;
      if (seen.has(key)) {
        this.report(entry.key.range, { code: "duplicate-key", message: `The key "${key}" is in this map twice.` });
        continue;
      }
      seen.set(key, entry.key.range);
      result[key] = value;
    }
    for (const merge of merges) this.merge(merge, result);
    return result;
  }

  private merge(entry: Entry, result: Record<string, unknown>): void {
    const value = this.read(entry.value);
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one === null || typeof one !== "object" || Array.isArray(one)) {
        if (this.aliased > MAX_ALIASED) return;
        this.report(entry.key.range, {
          code: "bad-merge",
          message: "A merge key `<<` takes a map, or a list of maps, that an alias stands for.",
        });
        return;
      }
      for (const [key, member] of Object.entries(one)) if (!(key in result)) result[key] = member;
    }
  }

  private key(tree: Tree): string | undefined {
    if (tree.type === "alias") tree.target ??= this.anchors.get(tree.name);
    else if (tree.anchor !== undefined && this.depth === 0) this.anchors.set(tree.anchor, tree);
    const key = follow(tree);
    if (key?.type !== "scalar") {
      this.report(tree.range, { code: "bad-key", message: "A key must be text, not a list or a map." });
      return undefined;
    }
    if (typeof key.value === "string") return key.value;
    if (key.text === "") {
      this.report(tree.range, { code: "bad-key", message: "This entry has no key." });
      return undefined;
    }
    this.report(tree.range, notText(key));
    return key.text;
  }
}

/** What YAML makes of a plain scalar that was meant as text. */
export function notText(leaf: Leaf): Reason {
  const reads = leaf.value === null ? "nothing" : `the ${typeof leaf.value} ${leaf.value}`;
  return {
    code: "not-text",
    message: `YAML reads ${leaf.text} as ${reads}, where text is meant.`,
    suggestion: `quote it: "${leaf.text}"`,
  };
}
