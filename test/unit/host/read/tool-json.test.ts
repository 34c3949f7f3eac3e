import { expect, test } from "vitest";
import { jsonLines, parseToolJson } from "../../../../src/host/read/tool-json.js";

test("an escaped apostrophe and raw control characters are repaired, and nothing else is changed", () => {
  expect(parseToolJson(String.raw`{"a":"it\'s","b":"c:\\d \" \n"}`)).toEqual({ a: "it's", b: 'c:\\d " \n' });
  expect(parseToolJson('{"a":"x\u001ey\u0001"}')).toEqual({ a: "x\u001ey\u0001" });
  expect(parseToolJson(String.raw`{"a":"\\'\u001e"}`)).toEqual({ a: "\\'\u001e" });
});

test("only the lines that are JSON count", () => {
  expect(jsonLines('warning: x\n[{"a":1}]\n{"b":2}\nCommand failed -:2\n')).toEqual([[{ a: 1 }], { b: 2 }]);
});

test("what is no JSON even so is an error", () => {
  expect(() => parseToolJson("[1,")).toThrow(SyntaxError);
});
