// Every file under test/invalid is wrong in a way of its own, and says so in exactly the text next to it (UPDATE=1 writes it).
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { renderDiagnostics } from "../../../src/report/diagnostics.js";
import { decode, UnreadableError } from "../../../src/topology/read.js";
import { Source } from "../../../src/topology/source.js";
import { loadAs } from "./help.js";

const folder = new URL("../../invalid/", import.meta.url);
const names = readdirSync(folder);
const cases = names.filter((name) => name.endsWith(".yaml")).map((name) => name.slice(0, -".yaml".length));

function diagnose(file: string) {
  const bytes = readFileSync(new URL(file, folder));
  try {
    return loadAs(file, decode(bytes));
  } catch (error) {
    if (!(error instanceof UnreadableError)) throw error;
    return { diagnostics: [new Source(file, "").diagnostic([0, 0], error.reason)] };
  }
}

describe("invalid files", () => {
  test("there are at least 60, and no text without a file", () => {
    expect(cases.length).toBeGreaterThanOrEqual(60);
    const texts = names.filter((name) => !name.endsWith(".yaml"));
    if (!process.env.UPDATE) expect(texts.sort()).toEqual(cases.map((name) => `${name}.txt`).sort());
  });

  test.each(cases)("%s", (name) => {
    const loaded = diagnose(`${name}.yaml`);
    expect(loaded).not.toHaveProperty("lab");
    expect(loaded.diagnostics.some(({ severity }) => severity === "error")).toBe(true);
    const text = renderDiagnostics(loaded.diagnostics, { color: false, summary: true });
    const expected = new URL(`${name}.txt`, folder);
    if (process.env.UPDATE) writeFileSync(expected, text);
    expect(text).toBe(readFileSync(expected, "utf8"));
  });

  test("each is wrong in a way of its own", () => {
    const ways = new Map<string, string>();
    for (const name of cases) {
      const way = diagnose(`${name}.yaml`)
        .diagnostics.map(
          ({ code, message, suggestion }) => `${code} ${suggestion} ${message.replace(/"[^"]*"|\d+\.[\d./]+/g, "…")}`,
        )
        .join("\n");
      expect(ways.get(way), `${name} is wrong in the same way`).toBeUndefined();
      ways.set(way, name);
    }
  });
});
