// YAML text to a syntax tree. The only importer of `yaml`.
import { isAlias, isMap, isScalar, isSeq, type Node, parseDocument, type Scalar, visit, type YAMLError } from "yaml";
import type { Diagnostic } from "./diagnostic.js";
import type { Reason } from "./problem.js";
import type { Range, Source } from "./source.js";
import { syntaxReason } from "./syntax.js";
import { blockList, blockMap, type Entry, emptyAt, type Tree } from "./tree.js";

/** `tree` is absent where the text is not YAML. */
export interface Parsed {
  tree?: Tree;
  diagnostics: Diagnostic[];
}

/** The tree of the file's only document, or what is wrong with the text. YAML 1.2, core schema. */
export function fullParse(source: Source): Parsed {
  const fail = (range: Range, reason: Reason) => ({ diagnostics: [source.diagnostic(range, reason)] });
  let document: YamlDocument;
  try {
    document = parseDocument(source.text, { uniqueKeys: false, prettyErrors: false, logLevel: "error" });
    const diagnostics = syntaxErrors(source, document);
    if (diagnostics.length > 0) return { diagnostics };
    const contents = document.contents as Node | null;
    if (contents === null || (isScalar(contents) && contents.source === "" && !contents.tag)) {
      return fail([0, 1], {
        code: "empty-file",
        message: "The file is empty: a topology needs at least a name.",
        suggestion: "write `name: mylab`",
      });
    }
    return { tree: convert(contents), diagnostics: [] };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return fail([0, 1], { code: "too-deep", message: "The file is nested too deeply to be read." });
  }
}

type YamlDocument = ReturnType<typeof parseDocument>;

/** One for each line that has errors: the errors after the first are mostly its consequences. */
function syntaxErrors(source: Source, document: YamlDocument): Diagnostic[] {
  const lines = new Map<number, Diagnostic>();
  const last = Math.max(0, source.text.trimEnd().length - 1);
  for (const error of [...document.errors, ...document.warnings]) {
    const unclosed = error.code === "MISSING_CHAR" && /closing .quote/.test(error.message);
    const start = Math.min(unclosed ? lastQuoted(document) : error.pos[0], last);
    const line = source.lineAt(start);
    const reason = unclosed
      ? { code: "yaml-syntax", message: "This quote is never closed." }
      : reasonOf(error, source, start);
    if (!lines.has(line)) lines.set(line, source.diagnostic([start, error.pos[1]], reason));
  }
  return [...lines.values()];
}

/** Offset of the last quoted text: the one that the end of the file cuts off. */
function lastQuoted(document: YamlDocument): number {
  let offset = 0;
  visit(document, {
    Scalar: (_, { type, range }) => {
      if (type?.startsWith("QUOTE_") && range) offset = Math.max(offset, range[0]);
    },
  });
  return offset;
}

function reasonOf({ code, message }: YAMLError, source: Source, start: number): Reason {
  const { text } = source;
  const begin = text.lastIndexOf("\n", start - 1) + 1;
  const end = text.indexOf("\n", start);
  const rest = text.slice(start, end < 0 ? undefined : end);
  return syntaxReason({ code, message, rest, first: /^[ -]*$/.test(text.slice(begin, start)) });
}

/** Deeper than any topology, shallow enough for whatever walks the tree. */
const MAX_DEPTH = 100;

function convert(node: Node, depth = 0): Tree {
  if (depth > MAX_DEPTH) throw new RangeError("too deep");
  const range: Range = [node.range?.[0] ?? 0, node.range?.[1] ?? 0];
  if (isAlias(node)) return { type: "alias", range, name: node.source };
  const anchor = (node as { anchor?: string }).anchor;
  if (isMap(node)) {
    const entries: Entry[] = node.items.map((pair) => {
      const key = convert(pair.key as Node, depth + 1);
      return { key, value: convertValue(pair.value as Node | null, key.range[1], depth) };
    });
    if (node.flow || entries.length === 0) return { type: "map", range, anchor, flow: true, entries };
    return { ...blockMap(range[0], entries), anchor };
  }
  if (isSeq(node)) {
    const items = node.items.map((item) => convertValue(item as Node, range[0], depth));
    if (node.flow || items.length === 0) return { type: "seq", range, anchor, flow: true, items };
    return { ...blockList(range[0], items), anchor };
  }
  const { value, source, type, tag } = node as Scalar;
  const known = typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? value : null;
  return { type: "scalar", range, anchor, value: known, plain: type === "PLAIN" && !tag, text: source ?? "" };
}

/** Where nothing is written, the full parser places the value somewhere after it: here it is at `offset`. */
function convertValue(node: Node | null, offset: number, depth: number): Tree {
  if (node === null || (isScalar(node) && node.source === "" && node.type === "PLAIN" && !node.tag && !node.anchor))
    return emptyAt(offset);
  return convert(node, depth + 1);
}
