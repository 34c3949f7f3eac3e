// Loading texts in tests.
import { expect } from "vitest";
import type { Interface, Lab, Namespace } from "../../../src/topology/lab.js";
import { type Loaded, loadTree } from "../../../src/topology/load.js";
import { fullParse } from "../../../src/topology/parse.js";
import { quickParse } from "../../../src/topology/quick.js";
import { Source } from "../../../src/topology/source.js";

export function loadAs(file: string, text: string): Loaded {
  const source = new Source(file, text);
  const tree = quickParse(text);
  return loadTree(source, tree ? { tree, diagnostics: [] } : fullParse(source));
}

export const loadText = (text: string): Loaded => loadAs("lab.yaml", text);

/** The lab of a text without errors. */
export function labOf(text: string): Lab {
  const { lab, diagnostics } = loadText(text);
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  return lab!;
}

export const codesOf = (text: string): string[] => loadText(text).diagnostics.map(({ code }) => code);

export function placeOf(lab: Lab, name: string): Namespace {
  return [...lab.namespaces, lab.host].find((place) => place.name === name)!;
}

export function deviceOf(lab: Lab, place: string, name: string): Interface {
  return placeOf(lab, place).interfaces.find((device) => device.name === name)!;
}
