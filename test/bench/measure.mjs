// Measures one part, in a box: measure.mjs PART ROUNDS FOLDER RESULT. FOLDER has the compiled limit; RESULT is JSON.
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { measureLab } from "./measure-lab.mjs";
import { measureMemory } from "./measure-memory.mjs";
import { CLI, median, timed } from "./timed.mjs";

const ROOT = path.resolve(import.meta.dirname, "../..");
const [part, rounds, folder, result] = process.argv.slice(2);
const limit = existsSync(path.join(folder, "limit")) ? path.join(folder, "limit") : undefined;
const work = path.join(folder, part);
mkdirSync(work);
const measures = { start: measureStart, memory: () => measureMemory(Number(rounds)), sandbox: measureSandbox };
const [lab, size] = part.split("-");
const found = measures[part]
  ? measures[part]()
  : measureLab({ lab, size: Number(size), rounds: Number(rounds), limit, work });
writeFileSync(result, JSON.stringify(found));

/** Seconds of short processes, taken in turn. */
function measureStart() {
  const file = path.join(ROOT, "examples/01-veth-pair.yaml");
  const words = { node: ["-e", "0"], version: [CLI, "--version"], validate: [CLI, "validate", file] };
  const all = Object.fromEntries(Object.keys(words).map((name) => [name, []]));
  for (let round = 0; round < 21; round++)
    for (const name in words) all[name].push(timed([process.execPath, ...words[name]]).seconds);
  return Object.fromEntries(Object.entries(all).map(([name, times]) => [name, median(times)]));
}

/** Seconds from apply to a passed check: on the machine and in a sandbox of root, and in one of an ordinary user. */
function measureSandbox() {
  const lab = (bridge) => `name: bench
namespaces:
  one: { interfaces: { eth0: { addresses: [10.0.0.1/24] } } }
  two: { interfaces: { eth0: { addresses: [10.0.0.2/24] } } }
${bridge ? `bridges: { b0: { kind: ${bridge} } }\nlinks: [{ endpoints: [one:eth0, b0] }, { endpoints: [two:eth0, b0] }]` : "links: [{ endpoints: [one:eth0, two:eth0] }]"}
checks: [{ from: one, ping: 10.0.0.2 }]
`;
  const labs = { "veth pair": lab(), "Linux bridge": lab("linux"), "Open vSwitch": lab("ovs") };
  const user = ordinaryUser();
  const once = (file, sandbox, as = []) => {
    const run = (verb, ...words) => timed([...as, process.execPath, CLI, verb, ...words, ...sandbox, file]).seconds;
    const passed = run("apply", "--yes") + run("check");
    run("destroy", "--yes");
    return passed;
  };
  return Object.fromEntries(
    Object.entries(labs).map(([name, text]) => {
      const file = path.join(work, `${name.replace(" ", "-")}.yaml`);
      writeFileSync(file, text);
      const times = { host: [], sandbox: [], user: [] };
      for (let round = 0; round < 3 * Number(rounds); round++) {
        times.host.push(once(file, []));
        times.sandbox.push(once(file, ["--sandbox"]));
        if (user) times.user.push(once(file, ["--sandbox"], user));
      }
      return [name, Object.fromEntries(Object.entries(times).map(([who, all]) => [who, median(all)]))];
    }),
  );
}

/** The words before a command of an ordinary user's, with a folder as logind makes it; undefined where only root is there. */
function ordinaryUser() {
  if (!/^\s*0\s+0\s+4294967295$/m.test(readFileSync("/proc/self/uid_map", "utf8"))) return undefined;
  const runtime = "/run/user/65534";
  mkdirSync(path.dirname(runtime), { recursive: true });
  mkdirSync(runtime, { mode: 0o700 });
  chownSync(runtime, 65534, 65534);
  // As distributions have it; the box's own, nothing of the machine is changed.
  const tun = "mount -t tmpfs tmpfs /dev/net && mknod -m 666 /dev/net/tun c 10 200";
  timed(["sh", "-c", `[ "$(stat -c %a /dev/net/tun)" = 666 ] || { ${tun}; }`]);
  for (const one of [path.dirname(work), work]) chmodSync(one, 0o755);
  const rights = ["--reuid", "65534", "--regid", "65534", "--clear-groups"];
  return ["setpriv", ...rights, "env", "HOME=/", `XDG_RUNTIME_DIR=${runtime}`];
}
