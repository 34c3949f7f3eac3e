// The demo's play: two labs planned, applied, checked, edited and destroyed, in netlab's own sandboxes (scripts/demo.mjs).
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const CLI = path.join(ROOT, "dist/cli.js");
const LABS = ["recable", "ovs-veth"];
requireNone();
const folder = mkdtempSync(path.join(tmpdir(), "netlab-demo-"));
process.on("exit", () => {
  for (const lab of LABS) spawnSync(process.execPath, [CLI, "destroy", "--yes", "--lab", lab], { stdio: "ignore" });
  rmSync(folder, { recursive: true, force: true });
});
for (const [signal, number] of Object.entries({ SIGINT: 2, SIGHUP: 1, SIGTERM: 15 }))
  process.on(signal, () => process.exit(128 + number));
const colours = process.stdout.isTTY && !process.env.NO_COLOR;
const begin = performance.now();

cpSync(path.join(ROOT, "examples"), folder, { recursive: true });
process.chdir(folder);
const before = network();

title("1. A lab is a file");
say("Two namespaces and a cable between them:");
show("08-recable/before.yaml");
say("What would netlab do? This changes nothing. (--sandbox: in namespaces of the lab's own, so it needs no root.)");
netlab("plan", "--sandbox", "08-recable/before.yaml");
say("Do it.");
netlab("apply", "--sandbox", "--yes", "08-recable/before.yaml");
say("Does the lab do what its file says? The checks ping and open TCP connections.");
netlab("check", "08-recable/before.yaml");
say("Applied again, there is nothing to do: netlab compares with the kernel, it keeps no state of its own.");
netlab("plan", "--detailed-exitcode", "08-recable/before.yaml");

title("2. The cable is pulled and plugged elsewhere");
say("The same lab, edited: a Linux bridge in the middle, and a third namespace on it.");
show("08-recable/after.yaml");
say("The plan says what is replaced, and why.");
netlab("plan", "08-recable/after.yaml");
netlab("apply", "--yes", "08-recable/after.yaml");
netlab("check", "08-recable/after.yaml");
say("Somebody changes the lab by hand:");
netlab("exec", "left", "--", "ip", "addr", "flush", "dev", "eth0");
say("That is drift. netlab sees it, and takes it back.");
netlab("plan", "08-recable/after.yaml");
netlab("apply", "--yes", "08-recable/after.yaml");
netlab("check", "08-recable/after.yaml");

title("3. Open vSwitch: two VLANs and a trunk between two bridges");
show("03-ovs-veth.yaml");
say("apply prints its plan first; on a terminal it asks before it deletes or replaces anything.");
netlab("apply", "--sandbox", "--yes", "03-ovs-veth.yaml");
say("The namespaces of one VLAN reach each other over the trunk, with ping and with TCP; the others do not.");
netlab("check", "03-ovs-veth.yaml");
netlab("plan", "--detailed-exitcode", "03-ovs-veth.yaml");
say("An edit: ash's port moves from VLAN 20 to VLAN 10. A port's tag changes in place.");
edit("03-ovs-veth.yaml", "p-ash: { tag: 20 }", "p-ash: { tag: 10 }");
netlab("apply", "--yes", "03-ovs-veth.yaml");
say("What the file promised before holds no longer, and the checks say so (exit code 1):");
netlabFails("check", "03-ovs-veth.yaml");

title("4. Everything is taken down");
netlab("list");
netlab("show", "--lab", "recable");
netlab("destroy", "--yes", "--lab", "recable");
netlab("destroy", "--yes", "03-ovs-veth.yaml");
prove();
console.log(
  `\nThe demo is done (${((performance.now() - begin) / 1000).toFixed(0)} s). Next: README.md, and examples/.`,
);

/** Runs netlab and shows it; ends the demo where it fails. */
function netlab(...args) {
  run(["netlab", ...args], [process.execPath, CLI, ...args], 0);
}

function netlabFails(...args) {
  run(["netlab", ...args], [process.execPath, CLI, ...args], 1);
}

function run(shown, [file, ...args], wanted) {
  console.log(`\n${bold(`$ ${shown.join(" ")}`)}`);
  const { status, signal } = spawnSync(file, args, { stdio: ["ignore", "inherit", "inherit"] });
  if (status === wanted) return;
  console.error(`\nThe demo ends here: ${shown.join(" ")} ended with ${signal ?? status}, not with ${wanted}.`);
  process.exit(1);
}

/** Prints a topology, of its header comment only what it shows, not what to try. */
function show(file) {
  const text = readFileSync(file, "utf8")
    .replace(/^# yaml-language-server.*\n#\n/, "")
    .replace(/^# Try:\n(#.*\n)*/m, "");
  console.log(`\n${bold(`$ cat ${file}`)}\n${text.trimEnd()}`);
}

function edit(file, from, to) {
  console.log(`\n${bold(`$ edit ${file}`)}\n- ${from}\n+ ${to}`);
  const text = readFileSync(file, "utf8");
  if (!text.includes(from)) throw new Error(`${file} does not hold "${from}"`);
  writeFileSync(file, text.replace(from, to));
}

/** A lab of the user's own that has the name of one of the demo's is left alone. */
function requireNone() {
  const { stdout } = spawnSync(process.execPath, [CLI, "list", "--names"], { encoding: "utf8" });
  const found = LABS.filter((lab) => stdout.split("\n").includes(lab));
  if (found.length === 0) return;
  console.error(`There is a lab ${found.join(", ")} already, and the demo makes one of that name: destroy it first.`);
  process.exit(1);
}

/** What everybody may see of the machine's network: links, addresses, routes, namespaces. */
function network() {
  const ip = (...words) => spawnSync("ip", words, { encoding: "utf8", env: toolPath() }).stdout;
  const said = [ip("-br", "link"), ip("-br", "address"), ip("route", "show", "table", "all")];
  const namespaces = existsSync("/run/netns") ? readdirSync("/run/netns").sort() : [];
  return `${said.join("").replaceAll(/ expires \d+sec/g, "")}${namespaces.join("\n")}`;
}

function toolPath() {
  return { ...process.env, PATH: `${process.env.PATH ?? ""}:/usr/sbin:/sbin` };
}

function prove() {
  if (network() !== before) {
    console.error("\nThe machine's network is NOT as it was before the demo.");
    process.exit(1);
  }
  say("The machine's own links, addresses, routes and namespaces: as before. They were never touched.");
}

function title(text) {
  console.log(`\n${bold(`==== ${text}`)}`);
}

function say(text) {
  console.log(`\n# ${text}`);
}

function bold(text) {
  return colours ? `\x1b[1m${text}\x1b[0m` : text;
}
