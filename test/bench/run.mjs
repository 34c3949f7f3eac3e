// npm run bench -- [PART...] [--rounds N] [--results FILE] [--page | --no-page]
// Measures the built netlab in a box of its own beside what else can do the same, and writes docs/benchmarks.md.
// PART: start, memory, sandbox, all, or a lab with its size, such as star-100, ovs-200, chain-100, nat-100; a run of parts only
// prints. With --results the figures are added to those of earlier runs in that file, and --page makes the page of them.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { runInBox } from "../../scripts/box.mjs";
import { page, targets } from "./page.mjs";

const LABS = ["star-10", "star-100", "star-400", "star-1000", "ovs-100", "ovs-200", "chain-100", "nat-100"];
const ALL = ["start", "memory", ...LABS, "sandbox"];
const HERE = import.meta.dirname;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: "string", default: "3" },
    results: { type: "string" },
    page: { type: "boolean", default: false },
    "no-page": { type: "boolean", default: false },
  },
});
const whole = positionals.includes("all") || (positionals.length === 0 && !values.page);
const parts = whole ? ALL : positionals;
for (const part of parts)
  if (!["start", "memory", "sandbox"].includes(part) && !/^(star|ovs|chain|nat)-[1-9]\d*$/.test(part))
    stop(`no such part: ${part}; there are ${ALL.join(", ")}`);

const folder = mkdtempSync(path.join(os.tmpdir(), "netlab-bench-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(1));
const limit = path.join(folder, "limit");
if (spawnSync("cc", ["-O2", "-o", limit, path.join(HERE, "limit.c")], { stdio: "inherit" }).status !== 0)
  console.error("no C compiler: the limit is not measured");
process.env.NODE_EXTRA_CA_CERTS = "";
delete process.env.NODE_EXTRA_CA_CERTS;

const earlier = values.results && existsSync(values.results) ? JSON.parse(readFileSync(values.results, "utf8")) : {};
const found = { ...earlier, machine: machine(), labs: { ...earlier.labs } };
for (const part of parts) {
  console.error(`${part} (load ${os.loadavg()[0].toFixed(1)})`);
  const result = path.join(folder, `${part}.json`);
  const words = [process.execPath, path.join(HERE, "measure.mjs"), part, values.rounds, folder, result];
  // A box for each part: nothing is left over from the one before.
  if ((await runInBox(words, { ovs: /^(ovs|sandbox)/.test(part) })) !== 0) {
    process.exitCode = 1;
    continue;
  }
  const figures = JSON.parse(readFileSync(result, "utf8"));
  if (part.includes("-")) found.labs[part] = figures;
  else found[part] = figures;
  if (values.results) writeFileSync(values.results, JSON.stringify(found, null, 1));
}
found.labs = Object.fromEntries(
  [...LABS, ...Object.keys(found.labs)].flatMap((lab) => (found.labs[lab] ? [[lab, found.labs[lab]]] : [])),
);
console.log(page(found));
for (const { what, bound, figure } of targets(found).filter(({ met }) => !met))
  console.error(`missed: ${what}: ${figure}, at most ${bound}`);
if ((whole || values.page) && !values["no-page"])
  writeFileSync(path.resolve(HERE, "../../docs/benchmarks.md"), page(found));

function machine() {
  const first = (file, ...args) => (spawnSync(file, args, { encoding: "utf8" }).stdout ?? "").split("\n")[0].trim();
  return {
    date: new Date().toISOString().slice(0, 10),
    processors: `${os.cpus().length} × ${os.cpus()[0].model}, ${(os.totalmem() / 2 ** 30).toFixed(0)} GiB`,
    kernel: os.release(),
    node: process.versions.node,
    iproute2: first("ip", "-V"),
    "Open vSwitch": first("ovs-vsctl", "--version"),
    nftables: first("nft", "--version"),
  };
}

function stop(reason) {
  console.error(reason);
  process.exit(2);
}
