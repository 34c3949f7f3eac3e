// The order in which people read names: n2 before n10.

/**
 * English collation that takes numbers for what they are worth. What the first difference decides by itself, two of a to z or
 * two numbers that do not begin with 0, is decided here: the collator takes ten times as long.
 */
export function naturally(a: string, b: string): number {
  if (a === b) return 0;
  let at = 0;
  while (a.charCodeAt(at) === b.charCodeAt(at)) at++;
  const [x, y] = [a.charCodeAt(at), b.charCodeAt(at)];
  if (isLetter(x) && isLetter(y)) return x - y;
  const start = startOfNumber(a, at);
  if (isNumber(a, start) && isNumber(b, start)) {
    const [end, other] = [endOfNumber(a, at), endOfNumber(b, at)];
    // It is in the numbers that they differ, and no digit of another script goes on them.
    if (end + other > 2 * at && isAscii(a, start - 1) && isAscii(a, end) && isAscii(b, other))
      return end - other || x - y;
  }
  collator ??= new Intl.Collator("en", { numeric: true });
  return collator.compare(a, b) || (a < b ? -1 : 1);
}

const isLetter = (code: number): boolean => code >= 97 && code <= 122;
/** Other scripts have digits, too, which go on the number. */
const isAscii = (text: string, at: number): boolean => !(text.charCodeAt(at) > 127);
const isDigit = (code: number): boolean => code >= 48 && code <= 57;

/** Without zeros before it: the longer one is the larger. */
const isNumber = (text: string, at: number): boolean => isDigit(text.charCodeAt(at)) && text.charCodeAt(at) !== ZERO;
const ZERO = 48;

function startOfNumber(text: string, at: number): number {
  let start = at;
  while (isDigit(text.charCodeAt(start - 1))) start--;
  return start;
}

function endOfNumber(text: string, at: number): number {
  let end = at;
  while (isDigit(text.charCodeAt(end))) end++;
  return end;
}

/** Made when it is needed: it costs as much as a short verb does. */
let collator: Intl.Collator | undefined;
