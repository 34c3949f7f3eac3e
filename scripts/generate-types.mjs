// Writes what comes from the schema: src/topology/types.gen.ts (types) and src/topology/validator.gen.ts (ajv, compiled).
// `--check` only says whether they are up to date.
import { readFile, writeFile } from "node:fs/promises";
import { Ajv } from "ajv";
import standalone from "ajv/dist/standalone/index.js";
import { compile } from "json-schema-to-typescript";

const from = (path) => new URL(`../${path}`, import.meta.url);
const BY = "Generated from schemas/topology.schema.json by scripts/generate-types.mjs.";
const readSchema = async () => JSON.parse(await readFile(from("schemas/topology.schema.json"), "utf8"));

const types = async () =>
  await compile(await readSchema(), "Topology", {
    bannerComment: `// The topology file as TypeScript types. ${BY}`,
    additionalProperties: false,
    ignoreMinAndMaxItems: true,
  });

/** Compiled ahead: loading ajv and compiling the schema takes longer than all else that a small lab needs. */
const validator = async () => {
  const ajv = new Ajv({
    allErrors: true,
    messages: false,
    verbose: true,
    allowUnionTypes: true,
    strictTypes: false,
    validateFormats: false,
    code: { source: true, esm: true },
  });
  const code = standalone.default(ajv, ajv.compile(await readSchema()));
  if (code.includes("require(")) throw new Error("the validator would need ajv at run time");
  const once = code.replace(/export const validate = \w+;/, "");
  return `// The schema as a function. ${BY}\n// @ts-nocheck\n${once}\n`;
};

let stale = false;
for (const [path, make] of [
  ["src/topology/types.gen.ts", types],
  ["src/topology/validator.gen.ts", validator],
]) {
  const text = await make();
  if (!process.argv.includes("--check")) await writeFile(from(path), text);
  else if ((await readFile(from(path), "utf8").catch(() => "")) !== text) {
    console.error(`${path} is out of date: run \`node scripts/generate-types.mjs\``);
    stale = true;
  }
}
process.exitCode = stale ? 1 : 0;
