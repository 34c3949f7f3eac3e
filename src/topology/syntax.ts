// What is wrong with the YAML itself, in words for somebody who writes a topology and not a parser.
import type { Reason } from "./problem.js";

/** An error of the `yaml` package, and what stands where it is. */
export interface SyntaxError {
  code: string;
  message: string;
  /** The line from the error on. */
  rest: string;
  /** Nothing but spaces and dashes is before it on its line. */
  first: boolean;
}

export function syntaxReason(error: SyntaxError): Reason {
  const { code, message, rest } = error;
  switch (code) {
    case "TAB_AS_INDENT":
      return { code: "tab", message: "A tab indents this line; YAML allows spaces only.", suggestion: "use spaces" };
    case "MULTIPLE_DOCS":
      return {
        code: "several-documents",
        message: "A second YAML document begins here; a topology file has one.",
        suggestion: "split the file, or remove the `---`",
      };
    case "TAG_RESOLVE_FAILED":
      return {
        code: "unknown-tag",
        message: "Tags of one's own mean nothing in a topology.",
        suggestion: "remove the tag",
      };
    case "BAD_SCALAR_START": {
      const what = /^[@`]/.test(rest) ? rest[0] : "this character";
      return syntax(`Plain text cannot begin with ${what}.`, "put it in quotes");
    }
    case "BLOCK_IN_FLOW":
      return syntax("A comma or a closing bracket is missing before this.");
    case "BLOCK_AS_IMPLICIT_KEY":
      return syntax("A value is text or a map: this text is followed by a key.");
    case "MULTILINE_IMPLICIT_KEY":
      return noKey(error);
  }
  const bracket = /^Flow .* end with a ([\]}])/.exec(message)?.[1];
  if (bracket)
    return syntax(`A "${bracket === "}" ? "{" : "["}" above is not closed: its "${bracket}" is missing here.`);
  if (/^Unexpected flow-(?:map|seq)-end/.test(message)) return syntax(`This "${rest[0]}" closes nothing that is open.`);
  if (message.startsWith("Missing , between")) return syntax("A comma is missing before this.");
  if (message.startsWith("Implicit map keys")) return noKey(error);
  if (message.startsWith("Unexpected scalar at node end")) return syntax("This stands after a value that has ended.");
  if (/^All (?:mapping|collection) items must start/.test(message) || message.startsWith("All sequence items"))
    return syntax("This line is indented unlike those that it belongs to.");
  return syntax(`${message.split("\n")[0]!.replace(/[.:]?$/, "")}.`);
}

const syntax = (message: string, suggestion?: string): Reason => ({ code: "yaml-syntax", message, suggestion });

/** Text where a key with a value was due. */
function noKey({ rest, first }: SyntaxError): Reason {
  if (!first) return syntax("A comma or a closing bracket is missing after this.");
  const glued = /^[\w./-]+:(?=[^\s:])/.exec(rest)?.[0];
  const bare = /^[\w./-]+(?=\s*(?:#.*)?$)/.exec(rest)?.[0];
  const suggestion = glued ? `write a space after "${glued}"` : bare ? `write "${bare}:"` : undefined;
  return syntax("This is neither a key with a value nor an item of a list.", suggestion);
}
