// How text looks on a terminal: columns that a character takes, and characters that must not reach it raw.

const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|[\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;
const ZERO = /^[\p{Mn}\p{Me}]$/u;
const TAB = "    ";

/** Terminal columns of a text without control characters: East Asian wide ones take two (UAX 11), combining ones none. */
export function columns(text: string): number {
  let width = 0;
  for (const character of text) width += ZERO.test(character) ? 0 : WIDE.test(character) ? 2 : 1;
  return width;
}

/** With tabs as spaces; what a terminal would obey or hide (controls, bidirectional marks, odd spaces) as `\u{…}`. */
export function printable(text: string): string {
  return text
    .replaceAll("\t", TAB)
    .replace(
      /[\p{Cc}\u00a0\u2000-\u200f\u202f\u3000\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]/gu,
      (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`,
    );
}
