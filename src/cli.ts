#!/usr/bin/env node
// argv to command to exit code, from the packed command line (scripts/bundle.mjs). The only reader of process.argv.
// Beside each packed file lies what V8 made of it when it was packed: compiling again takes longer than most verbs do. It is good
// for one version of V8 on one sort of processor, which its name tells; else, and where V8 refuses it, the source is compiled.
import type { main as Main } from "./commands/main.js";

// Imported, node:fs would load all of its streams for the module's names.
const { readFileSync } = process.getBuiltinModule("node:fs");
const { createRequire } = process.getBuiltinModule("node:module");
const { Script } = process.getBuiltinModule("node:vm");

const node = createRequire(import.meta.url);
const loaded = new Map<string, { exports: unknown }>();

function load(name: string): unknown {
  const known = loaded.get(name);
  if (known) return known.exports;
  const module = { exports: {} };
  loaded.set(name, module);
  const file = `${import.meta.dirname}/command/${name}`;
  const cachedData = compiled(`${file}.${process.versions.v8}-${process.arch}`);
  const script = new Script(readFileSync(file, "utf8"), { filename: file, ...(cachedData && { cachedData }) });
  const require = (id: string) => (id.startsWith("./") ? load(id.slice(2)) : node(id));
  script.runInThisContext()(module.exports, require, module, file);
  return module.exports;
}

function compiled(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

const words = process.argv.slice(2);
// The one question that scripts ask often is answered here, before anything else is loaded.
if (words.length === 1 && (words[0] === "--version" || words[0] === "-V")) {
  const { version } = JSON.parse(readFileSync(`${import.meta.dirname}/../package.json`, "utf8")) as { version: string };
  process.stdout.write(`${version}\n`);
} else {
  const { main } = load("main.cjs") as { main: typeof Main };
  // Not process.exit(): what was written to a pipe must arrive.
  process.exitCode = await main(words);
}
