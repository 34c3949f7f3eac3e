// The generated files are those of the schema as it is, and the schema is one that editors can explain.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { wordReason } from "../../../src/topology/words.js";

const root = new URL("../../../", import.meta.url);
const schema = JSON.parse(readFileSync(new URL("schemas/topology.schema.json", root), "utf8"));

type Part = Record<string, unknown>;

function* parts(value: unknown, path = ""): Generator<[string, Part]> {
  if (value === null || typeof value !== "object") return;
  if (!Array.isArray(value)) yield [path, value as Part];
  for (const [key, member] of Object.entries(value)) if (key !== "examples") yield* parts(member, `${path}/${key}`);
}

test("types and validator are up to date", () => {
  const script = new URL("scripts/generate-types.mjs", root).pathname;
  expect(execFileSync(process.execPath, [script, "--check"], { encoding: "utf8" })).toBe("");
});

test("draft-07; every map is closed and every field is described", () => {
  expect(schema.$schema).toBe("http://json-schema.org/draft-07/schema#");
  for (const [path, part] of parts(schema)) {
    const types = [part.type].flat();
    if (types.includes("object")) expect([path, part.additionalProperties]).not.toEqual([path, undefined]);
    if (part.properties) expect([path, part.additionalProperties]).toEqual([path, false]);
    for (const [name, field] of Object.entries((part.properties ?? {}) as Record<string, Part>)) {
      const target = typeof field.$ref === "string" ? schema.definitions[field.$ref.split("/").at(-1)!] : {};
      expect([path, name, typeof (field.description ?? target.description)]).toEqual([path, name, "string"]);
    }
  }
});

test("every pattern has words for what does not match it", () => {
  for (const [path, { pattern, format, examples }] of parts(schema)) {
    if (pattern === undefined || format === "sysctl-value") continue;
    expect([path, wordReason(String(format), "\u0001 nothing")?.message]).toEqual([path, expect.stringMatching(/\.$/)]);
    for (const example of [(examples as unknown[]) ?? []].flat(2)) {
      if (typeof example === "string")
        expect([example, wordReason(String(format), example)]).toEqual([example, undefined]);
    }
  }
});
