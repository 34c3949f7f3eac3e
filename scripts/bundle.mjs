// Packs the command line, which tsc has built, into few files: dist/cli.js and dist/command/, with a file for what a verb
// alone needs. Reading two hundred small files takes Node longer than all that `netlab validate` does with them. The rest
// of dist/ stays as tsc makes it: the library, and what is started as a process of its own.
import { chmod, rm } from "node:fs/promises";
import path from "node:path";
import { rolldown } from "rolldown";

const DIST = path.resolve(import.meta.dirname, "../dist");

await rm(path.join(DIST, "command"), { recursive: true, force: true });
const bundle = await rolldown({
  input: { cli: path.join(DIST, "cli.js") },
  platform: "node",
  preserveEntrySignatures: false,
  // Optional, and it looks for its binary beside itself.
  external: ["koffi"],
});
await bundle.write({
  dir: DIST,
  format: "esm",
  entryFileNames: "[name].js",
  // One folder below dist/, as the modules are: what they find by import.meta.url is where it was.
  chunkFileNames: "command/[name].js",
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
      {
        name: "engine",
        test: /dist\/(core\/|kinds\/(?!settings-of|topology-of)|engine\/(?!doctor|check)|host\/(?!doctor|probe|details|exec\.|systemd|sandbox-(?!inside))|report\/(plan|change|trouble|table|value|progress|result|timing|locate)|commands\/(changing|interrupt))/,
      },
      { name: "sandbox", test: /dist\/(commands\/sandbox|host\/(sandbox-|uplink-p))/ },
    ],
  },
});
await bundle.close();
await chmod(path.join(DIST, "cli.js"), 0o755);
