// How problems of a file look; the exact texts of all of them are under test/invalid.
import { describe, expect, test } from "vitest";
import { renderDiagnostics } from "../../../src/report/diagnostics.js";
import type { Diagnostic } from "../../../src/topology/diagnostic.js";

const one: Diagnostic = {
  severity: "error",
  code: "unknown-bridge",
  message: "The link's end \"br-lna\" is neither a namespace's interface nor a bridge.",
  file: "topo.yaml",
  position: { line: 14, column: 27, length: 6 },
  source: "  - endpoints: [red:eth0, br-lna]",
  suggestion: 'did you mean "br-lan"?',
};
const at = (line: number, column: number, extra: Partial<Diagnostic> = {}): Diagnostic => ({
  ...one,
  ...extra,
  position: { line, column, length: 1 },
});
const plain = (...diagnostics: Diagnostic[]) => renderDiagnostics(diagnostics, { color: false });

describe("renderDiagnostics", () => {
  test("place, source line, caret, suggestion", () => {
    expect(
      plain(one),
    ).toBe(`topo.yaml:14:27  error  unknown-bridge  The link's end "br-lna" is neither a namespace's interface nor a bridge.
   14 |   - endpoints: [red:eth0, br-lna]
      |                           ^^^^^^  did you mean "br-lan"?
`);
    expect(plain()).toBe("");
  });

  test("in the order of the file, with a count where asked for", () => {
    const text = renderDiagnostics([at(9, 1), at(2, 5, { severity: "warning" }), at(2, 3)], {
      color: false,
      summary: true,
    });
    expect(text.match(/:\d+:\d+/g)).toEqual([":2:3", ":2:5", ":9:1"]);
    expect(text.endsWith("\n\n2 errors, 1 warning\n")).toBe(true);
  });

  test("colour changes nothing but colour", () => {
    const colored = renderDiagnostics([one, at(1, 1, { severity: "warning" })], { color: true, summary: true });
    expect(colored.replace(/\u001b\[\d+m/g, "")).toBe(
      renderDiagnostics([one, at(1, 1, { severity: "warning" })], { color: false, summary: true }),
    );
    expect(colored).toContain("\u001b[31m^");
    expect(colored).toContain("\u001b[33m^");
  });

  test("the caret stands under what it means after tabs, wide characters and controls", () => {
    const caret = (source: string, column: number) => {
      const [, line, marks] = plain(at(1, column, { source })).split("\n");
      return [line!.slice(8), marks!.slice(8).indexOf("^")];
    };
    expect(caret("a:\tb", 4)).toEqual(["a:    b", 6]);
    expect(caret("日本: x", 5)).toEqual(["日本: x", 6]);
    expect(caret("e\u0301: x", 5)).toEqual(["e\u0301: x", 3]);
    expect(caret("a\u001b[2J: x", 8)).toEqual(["a\\u{1b}[2J: x", 12]);
  });

  test("a long line is cut around the caret", () => {
    const source = `${"x".repeat(300)}HERE${"y".repeat(300)}`;
    const [, line, marks] = renderDiagnostics([{ ...one, source, position: { line: 1, column: 301, length: 4 } }], {
      color: false,
    }).split("\n");
    expect(line!.length).toBeLessThan(140);
    expect(line!.slice(marks!.indexOf("^"), marks!.indexOf("^") + 4)).toBe("HERE");
    expect(line).toMatch(/\| ….*…$/);
  });

  test("without a source line the suggestion still stands", () => {
    expect(plain(at(1, 1, { source: "", message: "There is no such file.", suggestion: "name the file" }))).toBe(
      "topo.yaml:1:1  error  unknown-bridge  There is no such file.\n      = name the file\n",
    );
  });
});
