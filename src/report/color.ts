// Colour, where the stream and its user want it. Without it nothing is lost: symbols and words carry the meaning.

type Style = (text: string) => string;

export interface Paint {
  on: boolean;
  bold: Style;
  dim: Style;
  red: Style;
  green: Style;
  yellow: Style;
  cyan: Style;
}

type Environment = Record<string, string | undefined>;

/** FORCE_COLOR (force-color.org) beats NO_COLOR (no-color.org) beats whether the stream is a terminal. */
export function wantsColor(stream: { isTTY?: boolean }, env: Environment): boolean {
  if (env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== "") return !["0", "false"].includes(env.FORCE_COLOR);
  if (env.NO_COLOR) return false;
  return stream.isTTY === true && env.TERM !== "dumb";
}

/** Styles of ECMA-48 SGR, or none. */
export function paint(on: boolean): Paint {
  const style = (begin: number, end: number): Style =>
    on ? (text) => (text === "" ? "" : `\u001b[${begin}m${text}\u001b[${end}m`) : (text) => text;
  return {
    on,
    bold: style(1, 22),
    dim: style(2, 22),
    red: style(31, 39),
    green: style(32, 39),
    yellow: style(33, 39),
    cyan: style(36, 39),
  };
}
