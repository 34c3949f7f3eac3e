// npm run demo: sets up, builds, and shows netlab at work in a private network (scripts/demo-inside.mjs).
import { spawnSync } from "node:child_process";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { runInBox } from "./box.mjs";
import { setup } from "./setup.mjs";

const ROOT = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

process.chdir(ROOT);
setup();
console.log("building netlab");
const build = spawnSync("npm", ["run", "--silent", "build"], { stdio: "inherit" });
if (build.status !== 0) process.exit(1);
process.exitCode = await runInBox([process.execPath, path.join(ROOT, "scripts/demo-inside.mjs")], { ovs: true });
