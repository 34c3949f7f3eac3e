// The lab's name, out of files that are wrong elsewhere too.
import { expect, test } from "vitest";
import { labNameIn } from "../../../src/topology/lab-name.js";

test.each([
  ["a good file", "name: demo\nnamespaces: { red: }\n", "demo"],
  ["a wrong file", "name: demo # the lab\nnamespace: 7\nlinks: nothing\n", "demo"],
  ["quotes", 'name: "demo-2"\n', "demo-2"],
  ["no YAML at all", "name: demo\nlinks: [\n  }{\n\tx\n", "demo"],
  ["JSON", '{ "name": "demo" }', "demo"],
  ["a number", "name: 7\n", "7"],
  ["no name", "namespaces:\n  name: demo\n", undefined],
  ["a name that is none", "name: Demo lab\n", undefined],
  ["a list", "- name: demo\n", undefined],
  ["two names", "name: demo\nlinks: [\nname: other\n", undefined],
  ["nothing", "", undefined],
])("%s", async (_, text, name) => {
  expect(await labNameIn(text)).toBe(name);
});
