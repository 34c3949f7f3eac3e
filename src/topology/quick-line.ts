// What stands on one line of YAML: plain and quoted scalars, and flow collections that end where they begin.
import { type Entry, emptyAt, type Leaf, type Tree } from "./tree.js";

/** Thrown where the text is not of the simple sort: the full parser takes over. */
export class NotSimple extends Error {}

/** Levels of flow collections, and of blocks; more is for the full parser to judge. */
export const MAX_DEPTH = 20;
const BLOCK_KEY = /[A-Za-z0-9_./][A-Za-z0-9_./-]*(?=:(?: |$))/my;
const FLOW_KEY = /[A-Za-z0-9_./][A-Za-z0-9_./-]*(?=:[ ,}])/y;
const SINGLE = /'[^'\n]*'(?!')/y;
const DOUBLE = /"[^"\\\n]*"/y;
const FLOW_PLAIN = /[^\s,[\]{}:#](?:[^\n,[\]{}:#]|:(?![ ,[\]{}\n]|$)|(?<! )#)*/my;
const BLOCK_PLAIN = /[^\s:#](?:[^\n:#]|:(?! |$)|(?<! )#)*/my;
/** Characters that mean something at the beginning of a plain scalar, and the dash and question mark before a space. */
const INDICATOR = /[&*!|>%@`"'#{}[\],]|[-?:](?:[ ,[\]{}]|$)/my;
const NUMBER = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/;
const ODD = /^(?:0o[0-7]+|0x[0-9a-fA-F]+|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;
const NULL = /^(?:~|null|Null|NULL)$/;
const TRUE = /^(?:true|True|TRUE)$/;
const FALSE = /^(?:false|False|FALSE)$/;

/** Reads from a place in the text; `at` moves on. */
export class LineReader {
  at = 0;
  private readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  skipSpaces(): void {
    while (this.text[this.at] === " ") this.at++;
  }

  /** The key before a colon, quoted or not; the reader stands at the colon then. */
  key(inFlow = false): Leaf | undefined {
    const start = this.at;
    const quoted = this.quoted();
    if (quoted) {
      if (this.text[this.at] === ":" && (inFlow ? " ,}" : " \n").includes(this.text[this.at + 1] ?? "\n"))
        return quoted;
      this.at = start;
      return undefined;
    }
    const plain = this.match(inFlow ? FLOW_KEY : BLOCK_KEY);
    if (plain !== undefined && plain.length > 200) throw new NotSimple();
    return plain === undefined ? undefined : this.plain(start, plain);
  }

  /** A scalar or a flow collection that is all that stands here. */
  value(inFlow: boolean, depth = 0): Tree {
    if (depth > MAX_DEPTH) throw new NotSimple();
    const start = this.at;
    const first = this.text[start];
    if (first === "[") return this.sequence(depth);
    if (first === "{") return this.mapping(depth);
    const quoted = this.quoted();
    if (quoted) return quoted;
    INDICATOR.lastIndex = start;
    const text = INDICATOR.test(this.text) ? undefined : this.match(inFlow ? FLOW_PLAIN : BLOCK_PLAIN);
    if (text === undefined) throw new NotSimple();
    let end = text.length;
    while (text[end - 1] === " ") end--;
    const trimmed = text.slice(0, end);
    this.at = start + trimmed.length;
    return this.plain(start, trimmed);
  }

  /** Nothing but spaces and a comment until the end of the line. */
  endOfLine(): boolean {
    const start = this.at;
    this.skipSpaces();
    const next = this.text[this.at];
    return next === undefined || next === "\n" || (next === "#" && this.at > start);
  }

  private sequence(depth: number): Tree {
    const start = this.at++;
    const items: Tree[] = [];
    for (;;) {
      this.skipSpaces();
      if (this.text[this.at] === "]") break;
      items.push(this.value(true, depth + 1));
      if (!this.separator("]")) break;
    }
    this.at++;
    return { type: "seq", range: [start, this.at], flow: true, items };
  }

  private mapping(depth: number): Tree {
    const start = this.at++;
    const entries: Entry[] = [];
    for (;;) {
      this.skipSpaces();
      if (this.text[this.at] === "}") break;
      const key = this.key(true);
      if (key === undefined) throw new NotSimple();
      this.at++;
      this.skipSpaces();
      const next = this.text[this.at];
      entries.push({ key, value: next === "," || next === "}" ? emptyAt(key.range[1]) : this.value(true, depth + 1) });
      if (!this.separator("}")) break;
    }
    this.at++;
    return { type: "map", range: [start, this.at], flow: true, entries };
  }

  /** Past a comma; false at the end of the collection. */
  private separator(end: string): boolean {
    this.skipSpaces();
    if (this.text[this.at] === end) return false;
    if (this.text[this.at] !== ",") throw new NotSimple();
    this.at++;
    return true;
  }

  private quoted(): Leaf | undefined {
    const start = this.at;
    const first = this.text[start];
    if (first !== '"' && first !== "'") return undefined;
    const whole = this.match(first === '"' ? DOUBLE : SINGLE);
    if (whole === undefined) throw new NotSimple();
    const text = whole.slice(1, -1);
    return { type: "scalar", range: [start, this.at], value: text, plain: false, text };
  }

  private plain(start: number, text: string): Leaf {
    if (ODD.test(text)) throw new NotSimple();
    return { type: "scalar", range: [start, start + text.length], value: plainValue(text), plain: true, text };
  }

  private match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    if (found !== undefined) this.at += found.length;
    return found;
  }
}

/** The core schema of YAML 1.2, section 10.3.2. */
function plainValue(text: string): string | number | boolean | null {
  const first = text.charCodeAt(0);
  if (first < 58) return NUMBER.test(text) ? Number(text) : text;
  if (text.length > 5) return text;
  if (NULL.test(text)) return null;
  return TRUE.test(text) ? true : FALSE.test(text) ? false : text;
}
