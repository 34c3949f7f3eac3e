// What is wrong with a name. Names are the kernel's own: ip-netns(8), ip-link(8), dev_valid_name() in net/core/dev.c.
import { NAME_BYTES } from "./derive.js";
import type { Reason } from "./problem.js";

interface Rule {
  noun: string;
  most: number;
  /** One allowed character. */
  letter: RegExp;
  letters: string;
  first: RegExp;
  begins: string;
  reserved: string[];
}

const WORD = { letter: /[A-Za-z0-9_.-]/, letters: "letters, digits, `_`, `.` and `-`" };
const ALNUM = { first: /^[A-Za-z0-9]/, begins: "a letter or a digit" };

const RULES: Record<string, Rule> = {
  "lab-name": {
    noun: "lab name",
    most: 31,
    letter: /[a-z0-9-]/,
    letters: "small letters, digits and `-`",
    first: /^[a-z0-9]/,
    begins: "a small letter or a digit",
    reserved: [],
  },
  "namespace-name": { noun: "namespace name", most: 63, ...WORD, ...ALNUM, reserved: ["host"] },
  place: { noun: "namespace name", most: 63, ...WORD, ...ALNUM, reserved: [] },
  "bridge-name": {
    noun: "bridge name",
    most: NAME_BYTES,
    ...WORD,
    ...ALNUM,
    reserved: ["host", "lo", "all", "default"],
  },
  "file-name": { noun: "file name", most: 63, ...WORD, ...ALNUM, reserved: [] },
  "service-name": { noun: "service name", most: 63, ...WORD, ...ALNUM, reserved: [] },
  "variable-name": {
    noun: "variable name",
    most: 63,
    letter: /[A-Za-z0-9_]/,
    letters: "letters, digits and `_`",
    first: /^[A-Za-z_]/,
    begins: "a letter or `_`",
    reserved: [],
  },
  "user-name": {
    noun: "user name",
    most: 32,
    ...WORD,
    first: /^[A-Za-z_]/,
    begins: "a letter or `_`",
    reserved: [],
  },
  "interface-name": {
    noun: "interface name",
    most: NAME_BYTES,
    letter: /[!-~](?<![/:;%@{}$*"'\\#`])/,
    letters: "printable ASCII but `/ : ; % @ { } $ * # \\` and quotes",
    first: /^[^-]/,
    begins: "anything but `-`",
    reserved: [".", "..", "all", "default"],
  },
};

/** Letters of other scripts that look like Latin ones, for the suggestion (Unicode UTS 39). */
const LOOKALIKES: Record<string, string> = Object.fromEntries(
  [
    "аa",
    "еe",
    "оo",
    "рp",
    "сc",
    "уy",
    "хx",
    "іi",
    "ѕs",
    "ԁd",
    "һh",
    "ԛq",
    "ԝw",
    "ɡg",
    "αa",
    "οo",
    "ρp",
    "νv",
    "ıi",
  ].map((pair) => [...pair] as [string, string]),
);
const DASHES = /[\u2010-\u2015\u2212\uFE58\uFF0D]/g;

/** What is wrong with `name` by the rules of a format of the schema; undefined where nothing is. */
export function nameReason(format: string, name: string): Reason | undefined {
  const rule = RULES[format];
  if (!rule) return undefined;
  const bad = (message: string, suggestion?: string): Reason => ({ code: "bad-name", message, suggestion });
  if (name === "") return bad(`The ${rule.noun} is empty.`);
  const wrong = [...name].find((character) => !rule.letter.test(character) || character.length > 1);
  if (wrong !== undefined) {
    if (wrong > "\x7f")
      return bad(
        `The ${rule.noun} "${name}" has the character ${codePoint(wrong)}, which is not ASCII.`,
        plain(name, rule),
      );
    return bad(`The ${rule.noun} "${name}" has ${shown(wrong)} in it; allowed are ${rule.letters}.`, plain(name, rule));
  }
  if (rule.reserved.includes(name))
    return bad(`"${name}" is reserved: it cannot be ${/^[aeiou]/.test(rule.noun) ? "an" : "a"} ${rule.noun}.`);
  if (!rule.first.test(name)) return bad(`The ${rule.noun} "${name}" must begin with ${rule.begins}.`);
  const bytes = Buffer.byteLength(name);
  if (bytes > rule.most) return bad(`The ${rule.noun} "${name}" has ${bytes} bytes; ${rule.most} are allowed.`);
  return undefined;
}

/** The name in the letters that the rule allows, where that is all that is wrong with it. */
function plain(name: string, rule: Rule): string | undefined {
  const folded = [...name.replace(DASHES, "-").normalize("NFKC")]
    .map((letter) => LOOKALIKES[letter] ?? letter)
    .join("");
  const text = rule.most === 31 ? folded.toLowerCase().replace(/[_. ]/g, "-") : folded.replace(/ /g, "-");
  const fits = text !== name && rule.first.test(text) && [...text].every((letter) => rule.letter.test(letter));
  return fits && text.length <= rule.most ? `write "${text}"` : undefined;
}

const codePoint = (character: string): string =>
  `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0")}`;

function shown(character: string): string {
  if (character === " ") return "a space";
  return character < " " || character === "\x7f" ? `the control character ${codePoint(character)}` : `"${character}"`;
}
