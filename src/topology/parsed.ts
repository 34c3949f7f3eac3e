// The syntax tree of any file: by the fast reader, or by the full parser, which takes longer to load than most files to read.
import type { Parsed } from "./parse.js";
import { quickParse } from "./quick.js";
import type { Source } from "./source.js";

export async function parsed(source: Source): Promise<Parsed> {
  const tree = quickParse(source.text);
  return tree ? { tree, diagnostics: [] } : (await import("./parse.js")).fullParse(source);
}
