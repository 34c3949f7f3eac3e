// YAML that netlab writes, read back by the parser that it reads files with.
import fc from "fast-check";
import { expect, test } from "vitest";
import { parse } from "yaml";
import type { Json } from "../../../src/core/resource.js";
import { yaml } from "../../../src/report/yaml.js";

test("What is written is read back the same, whatever the words", () => {
  const word = fc.oneof(
    fc.string(),
    fc.constantFrom(
      "true",
      "No",
      "null",
      "~",
      "1.10",
      "010",
      "1e3",
      "0x1f",
      "12:30:45",
      "red:eth0",
      "a: b",
      "- x",
      "#",
      "",
    ),
    fc.constantFrom(
      "fd00::1/64",
      "10.0.0.1/24",
      "10.0.0.1",
      "10.1",
      "02:00:00:00:15:01",
      "=",
      "<<",
      "a\nb",
      "2020-01-01",
    ),
  );
  const leaf = fc.oneof(word, fc.integer(), fc.boolean());
  const { data } = fc.letrec<{ data: Json }>((tie) => ({
    data: fc.oneof(
      { maxDepth: 4 },
      leaf,
      fc.array(tie("data"), { maxLength: 4 }),
      fc.dictionary(word, tie("data"), { maxKeys: 4 }),
    ),
  }));
  fc.assert(
    fc.property(fc.dictionary(word, data, { minKeys: 1, maxKeys: 4 }), (map) => {
      const plain = JSON.parse(JSON.stringify(map));
      expect(withoutNulls(parse(yaml(plain), { merge: false }))).toEqual(withoutNulls(plain));
    }),
  );
});

/** An empty map is written as nothing, which is null in YAML and an empty map in a topology. */
function withoutNulls(json: unknown): unknown {
  if (json === null) return {};
  if (Array.isArray(json)) return json.map(withoutNulls);
  if (typeof json !== "object") return json;
  return Object.fromEntries(Object.entries(json as object).map(([key, one]) => [key, withoutNulls(one)]));
}

test("It reads as if a person had written it", () => {
  const text = yaml({
    name: "demo",
    namespaces: { red: { interfaces: { eth0: { addresses: ["10.0.0.1/24"], mtu: 1400 } } }, spare: {} },
    links: [{ endpoints: ["red:eth0", "br0"] }],
  });
  expect(text).toBe(`name: demo
namespaces:
  red:
    interfaces:
      eth0: { addresses: [10.0.0.1/24], mtu: 1400 }
  spare:
links:
  - { endpoints: [red:eth0, br0] }
`);
});
