// A fast way to the syntax tree for the YAML that people write: block maps and lists, flow collections within a line.
// Whatever else YAML has, and every error, is left to the full parser; a test holds that both give the same tree.
import { LineReader, MAX_DEPTH, NotSimple } from "./quick-line.js";
import { blockList, blockMap, type Entry, emptyAt, type Tree } from "./tree.js";

/** Anything but line feeds and characters that YAML gives no meaning of their own. */
const UNUSUAL = /[^\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]|^(?:---|\.\.\.|%)/m;

interface Line {
  indent: number;
  /** Offset of the first character that is no space. */
  start: number;
}

/** The tree of a simple file; undefined where it is not one. */
export function quickParse(text: string): Tree | undefined {
  if (UNUSUAL.test(text)) return undefined;
  const lines = linesOf(text);
  if (lines[0]?.indent !== 0) return undefined;
  try {
    const blocks = new Blocks(text, lines);
    const tree = blocks.block(0);
    return blocks.done ? tree : undefined;
  } catch (error) {
    if (error instanceof NotSimple) return undefined;
    throw error;
  }
}

/** Lines with something on them besides a comment. */
function linesOf(text: string): Line[] {
  const lines: Line[] = [];
  for (let begin = 0; begin < text.length; ) {
    let start = begin;
    while (text[start] === " ") start++;
    const next = text[start];
    if (next !== undefined && next !== "\n" && next !== "#") lines.push({ indent: start - begin, start });
    const end = text.indexOf("\n", start);
    if (end < 0) break;
    begin = end + 1;
  }
  return lines;
}

class Blocks {
  private readonly text: string;
  private readonly lines: Line[];
  private readonly reader: LineReader;
  private next = 0;
  private depth = 0;

  constructor(text: string, lines: Line[]) {
    this.text = text;
    this.lines = lines;
    this.reader = new LineReader(text);
  }

  get done(): boolean {
    return this.next === this.lines.length;
  }

  /** The map or list whose lines have this indent. */
  block(indent: number): Tree {
    if (++this.depth > MAX_DEPTH) throw new NotSimple();
    const { start } = this.lines[this.next]!;
    const children: Tree[] = [];
    const entries: Entry[] = [];
    const isList = this.isItem(start);
    for (let line = this.lines[this.next]; line?.indent === indent; line = this.lines[this.next]) {
      if (this.isItem(line.start) !== isList) break;
      if (isList) children.push(this.item(line, start));
      else entries.push(this.entry(line));
    }
    const after = this.lines[this.next];
    if (after && after.indent > indent) throw new NotSimple();
    this.depth--;
    return isList ? blockList(start, children) : blockMap(start, entries);
  }

  private isItem(start: number): boolean {
    const after = this.text[start + 1];
    return this.text[start] === "-" && (after === " " || after === "\n" || after === undefined);
  }

  private entry({ indent, start }: Line): Entry {
    this.reader.at = start;
    const key = this.reader.key();
    if (key === undefined) throw new NotSimple();
    this.reader.at++;
    if (this.reader.endOfLine()) {
      this.next++;
      const next = this.lines[this.next];
      const nested = next && (next.indent > indent || (next.indent === indent && this.isItem(next.start)));
      return { key, value: nested ? this.block(next.indent) : emptyAt(key.range[1]) };
    }
    return { key, value: this.inline(indent) };
  }

  private item(line: Line, listStart: number): Tree {
    this.reader.at = line.start + 1;
    if (this.reader.endOfLine()) {
      this.next++;
      const next = this.lines[this.next];
      return next && next.indent > line.indent ? this.block(next.indent) : emptyAt(listStart);
    }
    const start = this.reader.at;
    const isMap = this.text[start] !== "[" && this.text[start] !== "{" && this.reader.key() !== undefined;
    this.reader.at = start;
    if (!isMap && !this.isItem(start)) return this.inline(line.indent);
    // A map or list that begins on the line of the dash: the same as one on a line of its own, indented to here.
    const inner = { indent: line.indent + start - line.start, start };
    this.lines[this.next] = inner;
    return this.block(inner.indent);
  }

  /** A value on the line of its key or dash; nothing may follow it, neither here nor further in on the next line. */
  private inline(indent: number): Tree {
    const value = this.reader.value(false);
    if (!this.reader.endOfLine()) throw new NotSimple();
    this.next++;
    const next = this.lines[this.next];
    if (next && next.indent > indent) throw new NotSimple();
    return value;
  }
}
