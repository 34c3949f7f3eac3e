// Installs what the demo and the tests need: npm packages, and system tools through apt where it may.
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const SYSTEM_PATH = ["/usr/local/sbin", "/usr/sbin", "/sbin", "/usr/local/bin", "/usr/bin", "/bin"];
const PACKAGES = {
  iproute2: ["ip"],
  nftables: ["nft"],
  "openvswitch-switch": ["ovs-vsctl", "ovs-vswitchd", "ovsdb-server", "ovsdb-tool"],
  ethtool: ["ethtool"],
  "iputils-ping": ["ping"],
  "util-linux": ["unshare", "nsenter", "setpriv", "mount"],
  procps: ["sysctl", "ps"],
  "dnsmasq-base": ["dnsmasq"],
  udhcpc: ["udhcpc"],
  socat: ["socat"],
};
/** Of use to some tests, which are skipped without. */
const WISHED = { slirp4netns: ["slirp4netns"], passt: ["pasta"] };
const POLICY = "/usr/sbin/policy-rc.d";
const SAVED_POLICY = `${POLICY}.before-netlab-setup`;

/** Installs what is missing. Ends the process with 1 and the command to run where it may not. */
export function setup() {
  requireNode();
  installTools(missingPackages(PACKAGES));
  installWished(missingPackages(WISHED));
  if (!npmIsCurrent()) installNpm();
}

function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (process.platform !== "linux") fail("netlab runs on Linux only.");
  if (major < 20 || (major === 20 && minor < 19))
    fail(`Node 20.19 or newer is needed, this is ${process.versions.node}.`);
}

function missingPackages(packages) {
  const folders = [...(process.env.PATH ?? "").split(":"), ...SYSTEM_PATH];
  const found = (tool) => folders.some((folder) => folder !== "" && existsSync(path.join(folder, tool)));
  return Object.keys(packages).filter((name) => !packages[name].every(found));
}

function installTools(packages) {
  if (packages.length === 0) return;
  const command = `apt-get update && apt-get install --no-install-recommends ${packages.join(" ")}`;
  if (!isDebian())
    fail(`These programs are missing: ${packages.flatMap((name) => PACKAGES[name]).join(", ")}.
Debian's packages of them are: ${packages.join(" ")}. Install their like on this system.`);
  if (process.getuid?.() !== 0) fail(`Some programs are missing. Run this, then try again:\n  sudo sh -c '${command}'`);
  console.log(`setup: installing ${packages.join(" ")}`);
  // A list of packages that cannot be refreshed is no reason to stop: what it has may be enough.
  const update = quietly("apt-get", ["-qq", "update"]);
  const install = aptInstall(packages);
  if (install.status !== 0 || missingPackages(PACKAGES).length > 0)
    fail(`${update.words}${install.words}\nThis failed; run it yourself, then try again:\n  ${command}`);
}

function installWished(packages) {
  if (packages.length === 0 || !isDebian() || process.getuid?.() !== 0) return;
  console.log(`setup: installing ${packages.join(" ")}`);
  if (aptInstall(packages).status === 0) return;
  quietly("apt-get", ["-qq", "update"]);
  if (aptInstall(packages).status !== 0) console.log("setup: not to be had; some tests of uplinks are skipped");
}

function aptInstall(packages) {
  const options = ["-qq", "-y", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=300"];
  return withoutStartingDaemons(() => quietly("apt-get", [...options, "install", ...packages]));
}

function isDebian() {
  const release = existsSync("/etc/os-release") ? readFileSync("/etc/os-release", "utf8") : "";
  return /^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(release) && existsSync("/usr/bin/apt-get");
}

/** invoke-rc.d(8) asks policy-rc.d whether it may start a service: 101 is no. */
function withoutStartingDaemons(work) {
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
  const stay = () => {};
  for (const signal of signals) process.on(signal, stay);
  if (existsSync(POLICY) && !existsSync(SAVED_POLICY)) renameSync(POLICY, SAVED_POLICY);
  writeFileSync(POLICY, "#!/bin/sh\nexit 101\n");
  chmodSync(POLICY, 0o755);
  try {
    return work();
  } finally {
    if (existsSync(SAVED_POLICY)) renameSync(SAVED_POLICY, POLICY);
    else rmSync(POLICY, { force: true });
    for (const signal of signals) process.off(signal, stay);
  }
}

/** True when node_modules holds the versions of package-lock.json; optional packages of other platforms may be absent. */
function npmIsCurrent() {
  const installed = path.join(ROOT, "node_modules/.package-lock.json");
  if (!existsSync(installed)) return false;
  const have = packagesOf(installed);
  return Object.entries(packagesOf(path.join(ROOT, "package-lock.json"))).every(
    ([name, wanted]) => name === "" || have[name]?.version === wanted.version || (wanted.optional && !have[name]),
  );
}

function packagesOf(lockFile) {
  return JSON.parse(readFileSync(lockFile, "utf8")).packages;
}

function installNpm() {
  console.log("setup: npm ci");
  const { status, words } = quietly("npm", ["ci", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error"]);
  if (status !== 0) fail(`${words}\nThis failed; run it yourself, then try again:\n  npm ci`);
}

function quietly(file, args) {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const { status, stdout, stderr, error } = spawnSync(file, args, {
    cwd: ROOT,
    env,
    encoding: "utf8",
    maxBuffer: 1 << 26,
  });
  return { status, words: `${stdout ?? ""}${stderr ?? ""}${error?.message ?? ""}` };
}

function fail(message) {
  console.error(message);
  process.exit(1);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) setup();
