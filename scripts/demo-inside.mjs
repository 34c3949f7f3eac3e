// The demo's play: two labs planned, applied, checked, edited and destroyed. Runs in a box (scripts/demo.mjs).
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const CLI = path.join(ROOT, "dist/cli.js");
const folder = mkdtempSync(path.join(tmpdir(), "netlab-demo-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
const colours = process.stdout.isTTY && !process.env.NO_COLOR;
const begin = performance.now();

cpSync(path.join(ROOT, "examples"), folder, { recursive: true });
process.chdir(folder);
const before = fingerprint();

title("1. A lab is a file");
say("Two namespaces and a cable between them:");
show("08-recable/before.yaml");
say("What would netlab do? This changes nothing, and needs no more than the right to look.");
netlab("plan", "08-recable/before.yaml");
say("Do it.");
netlab("apply", "--yes", "08-recable/before.yaml");
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
command("ip", "-n", "left", "addr", "flush", "dev", "eth0");
say("That is drift. netlab sees it, and takes it back.");
netlab("plan", "08-recable/after.yaml");
netlab("apply", "--yes", "08-recable/after.yaml");
netlab("check", "08-recable/after.yaml");

title("3. Open vSwitch: two VLANs and a trunk between two bridges");
show("03-ovs-veth.yaml");
say("apply prints its plan first; on a terminal it asks before it deletes or replaces anything.");
netlab("apply", "--yes", "03-ovs-veth.yaml");
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

function command(...args) {
  run(args, args, 0);
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

function fingerprint() {
  const script = path.join(ROOT, "scripts/fingerprint.mjs");
  const { status, stdout, stderr } = spawnSync(process.execPath, [script], { encoding: "utf8", maxBuffer: 1 << 28 });
  if (status !== 0) throw new Error(`no fingerprint: ${stderr}`);
  return stdout;
}

/** Compares with the state before the first lab; the kernel ends interfaces a moment after their namespace. */
function prove() {
  const deadline = performance.now() + 10_000;
  while (fingerprint() !== before) {
    if (performance.now() < deadline) continue;
    console.error("\nThe network is NOT as it was before the demo.");
    process.exit(1);
  }
  say("Links, addresses, routes, rules, nft ruleset, Open vSwitch database, namespaces, sysctls: all as before.");
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
