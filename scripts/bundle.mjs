// Packs the command line, which tsc has built, into few files: dist/command/, with a file for what a verb alone needs, and beside
// each what V8 makes of it (src/cli.ts loads them). Reading and compiling two hundred small files takes Node longer than all that
// `netlab validate` does with them. The rest of dist/ stays as tsc makes it: the library, and what is started by itself.
import { chmod, readdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { setFlagsFromString } from "node:v8";
import { Script } from "node:vm";
import { rolldown } from "rolldown";

const DIST = path.resolve(import.meta.dirname, "../dist");
const PACKED = path.join(DIST, "command");

await rm(PACKED, { recursive: true, force: true });
const bundle = await rolldown({
  input: { main: path.join(DIST, "commands/main.js") },
  platform: "node",
  preserveEntrySignatures: "allow-extension",
  // Optional, and it looks for its binary beside itself.
  external: ["koffi"],
  // What one verb loads when it needs it, another needs from the start.
  checks: { ineffectiveDynamicImport: false },
});
await bundle.write({
  // One folder below dist/, as the modules are: what they find by import.meta.url is where it was.
  dir: PACKED,
  format: "cjs",
  // As the modules were.
  strict: true,
  entryFileNames: "[name].cjs",
  chunkFileNames: "[name].cjs",
  // What every verb needs, and what every verb with a file needs, in a file each: a dozen small ones take longer.
  codeSplitting: {
    includeDependenciesRecursively: false,
    groups: [
      { name: "inet", test: /dist\/topology\/(inet|derive)\.|node_modules\/ip-address\// },
      { name: "text", test: /dist\/topology\/(find|lab|lab-name|locate|parsed|quick|quick-line|read|source|tree)\./ },
      { name: "load", test: /dist\/(topology\/(?!parse\.|syntax\.)|commands\/lab-file\.)/ },
      {
        name: "main",
        test: /dist\/(commands\/(main|program|session|complaint|exit-codes)|report\/(diagnostics|width|words|color|json|command-line|plan-summary)|host\/machine)\.|node_modules\/commander\//,
      },
      // What the way into a sandbox needs of the rest: nothing else is loaded out there.
      {
        name: "base",
        test: /dist\/(host\/(rights|tools|namespaces|own-files|process\/(child|flock|deadline|environment|proc|foreground)|sandbox\/inside)|engine\/saved-plan|kinds\/(nat-of|ownership))\./,
      },
      {
        name: "engine",
        test: /dist\/(core\/|kinds\/(?!settings-of|topology-of)|engine\/(?!doctor|check|only-there|sandbox)|host\/(?!doctor|probe|read\/details|process\/exec\.|systemd|sandbox)|report\/(plan|change|trouble|table|value|progress|result|timing|locate)|commands\/(changing|interrupt))/,
      },
      { name: "sandbox", test: /dist\/(commands\/sandbox|engine\/(only-there|sandbox)|host\/sandbox\/)/ },
    ],
  },
});
await bundle.close();
for (const name of await readdir(PACKED)) await compile(path.join(PACKED, name));
await chmod(path.join(DIST, "cli.js"), 0o755);

/** Makes a file the function that src/cli.ts calls, and writes V8's code of all that is in it. */
async function compile(file) {
  const packed = await readFile(file, "utf8");
  const stray = packed.match(/(await|=|=>|return) import\("[^"]*"\)/);
  if (stray) throw new Error(`${file}: ${stray[0]}: what is not packed can be loaded by require only`);
  const source = `(function (exports, require, module, __filename) {${packed}\n})`;
  setFlagsFromString("--no-lazy");
  const script = new Script(source, { filename: file });
  // What the flags are is part of the code.
  setFlagsFromString("--lazy");
  await writeFile(file, source);
  await writeFile(`${file}.${process.versions.v8}-${process.arch}`, script.createCachedData());
}
