// npm run demo: sets up, builds, and shows netlab at work (scripts/demo-play.mjs). Needs no root where nothing is missing.
import { spawnSync } from "node:child_process";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { setup } from "./setup.mjs";

const ROOT = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

process.chdir(ROOT);
setup();
console.log("building netlab");
const build = spawnSync("npm", ["run", "--silent", "build"], { stdio: "inherit" });
if (build.status !== 0) process.exit(1);
await import("./demo-play.mjs");
