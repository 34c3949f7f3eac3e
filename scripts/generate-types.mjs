// Writes src/topology/types.gen.ts from the schema; `--check` only says whether it is up to date.
import { readFile, writeFile } from "node:fs/promises";
import { compileFromFile } from "json-schema-to-typescript";

const schema = new URL("../schemas/topology.schema.json", import.meta.url).pathname;
const target = new URL("../src/topology/types.gen.ts", import.meta.url).pathname;

const banner =
  "// The topology file as TypeScript types. Generated from schemas/topology.schema.json by scripts/generate-types.mjs.";
const types = await compileFromFile(schema, {
  bannerComment: banner,
  additionalProperties: false,
  ignoreMinAndMaxItems: true,
});

if (process.argv.includes("--check")) {
  const current = await readFile(target, "utf8").catch(() => "");
  if (current !== types) {
    console.error("src/topology/types.gen.ts is out of date: run `node scripts/generate-types.mjs`");
    process.exitCode = 1;
  }
} else {
  await writeFile(target, types);
}
