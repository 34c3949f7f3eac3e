// Makes and ends a lab by each of its ways, in turn, and takes the time.
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { labs } from "./labs.mjs";
import { CLI, median, timed } from "./timed.mjs";

/** Prints the memory of a Node process at its end. */
const MEMORY = `data:text/javascript,process.on("exit",()=>process.stderr.write("\\npeak "+process.resourceUsage().maxRSS+"\\n"))`;
/** Over so many namespaces, they take minutes. */
const MOST = { naive: 100, mininet: 400 };

/** @returns {{ rounds: number, peers: Record<string, Record<string, number>> }} medians, by who made it */
export function measureLab({ lab, size, rounds, limit, work }) {
  const made = labs[lab](size);
  const peers = peersOf(made, { lab, size, limit });
  for (const [name, { files = {} }] of Object.entries(peers)) {
    mkdirSync(path.join(work, name));
    for (const file in files) writeFileSync(path.join(work, name, file), files[file]);
  }
  const load = os.loadavg()[0];
  const all = Object.fromEntries(Object.keys(peers).map((name) => [name, []]));
  for (let round = 0; round < rounds; round++)
    for (const [name, peer] of Object.entries(peers)) all[name].push(once(peer, path.join(work, name), made, round));
  const merge = (times) => {
    const keys = new Set(times.flatMap(Object.keys));
    return Object.fromEntries([...keys].map((key) => [key, median(times.map((one) => one[key]))]));
  };
  return { rounds, load, peers: Object.fromEntries(Object.entries(all).map(([name, times]) => [name, merge(times)])) };
}

function peersOf({ netlab, batch }, { lab, size, limit }) {
  const shell = (script) => ["bash", "-ec", script];
  const mine = (...words) => [process.execPath, CLI, ...words, "netlab.yaml"];
  const apply = mine("apply", "--yes");
  return {
    ...(limit &&
      lab === "star" && {
        limit: { create: [limit, "create", size], plan: [limit, "read", size], destroy: [limit, "destroy", size] },
      }),
    batch: { files: batch.files, create: shell(batch.up), destroy: shell(batch.down) },
    netlab: {
      ...{ files: netlab, create: apply, noop: apply, plan: mine("plan"), destroy: mine("destroy", "--yes") },
      // One more namespace is added in every round; the memory is looked at in the first alone.
      ...(lab === "star" && { grows: true }),
    },
    ...(lab === "star" && inPython(size)),
    ...(batch.naive &&
      size <= MOST.naive && {
        naive: { create: shell(batch.naive), destroy: shell(batch.down), files: batch.files },
      }),
  };
}

/** The tools in Python that are installed, in the Python that distributions install them for. */
function inPython(size) {
  const python = "/usr/bin/python3";
  const runs = (...words) => spawnSync(words[0], words.slice(1)).status === 0;
  const has = (module) => runs(python, "-c", `import ${module}`);
  const star = (...words) => [python, path.join(import.meta.dirname, "star.py"), ...words, size];
  return {
    ...(has("pyroute2") && { pyroute2: { create: star("pyroute2", "create"), destroy: star("pyroute2", "destroy") } }),
    // Mininet's Linux bridge is made by brctl(8).
    ...(size <= MOST.mininet &&
      has("mininet.net") &&
      runs("brctl", "--version") && { mininet: { both: star("mininet", "both") } }),
  };
}

const devices = () =>
  readFileSync("/proc/net/dev", "utf8")
    .match(/^\s*[^\s:|]+(?=:)/gm)
    .map((name) => name.trim());

function once(peer, folder, { across, netlab }, round) {
  const before = new Set(devices());
  if (peer.both) return round === 0 ? inOne(peer.both, before) : {};
  const created = timed(peer.create, folder);
  const found = { create: created.seconds, cpu: created.cpu };
  isThere(across);
  for (const step of ["noop", "plan"]) if (peer[step]) found[step] = timed(peer[step], folder).seconds;
  if (peer.noop && atRest()) found.rested = timed(peer.noop, folder).seconds;
  if (peer.grows) Object.assign(found, grown(peer, folder, netlab["netlab.yaml"]));
  found.destroy = timed(peer.destroy, folder).seconds;
  found.gone = untilGone(before);
  if (peer.grows && round === 0) found.memory = peak(peer, folder, before);
  return found;
}

/** A lab that lasts as long as the process which makes it, and tries and ends it too. */
function inOne(command, before) {
  const [create, destroy, answered] = timed(command).stdout.trim().split("\n").at(-1).split(" ").map(Number);
  if (answered !== 1) throw new Error(`${command.join(" ")}: no answer`);
  return { create, destroy, gone: untilGone(before) };
}

/** Waits until the kernel has done what comes after a large lab (IPv6 goes on for seconds); false where it does not end. */
function atRest() {
  const pause = new Int32Array(new SharedArrayBuffer(4));
  const busy = () => {
    const fields = readFileSync("/proc/stat", "utf8").split("\n")[0].split(/\s+/).slice(1).map(Number);
    return fields.reduce((sum, ticks) => sum + ticks, 0) - fields[3] - fields[4];
  };
  for (let round = 0; round < 40; round++) {
    const used = busy();
    Atomics.wait(pause, 0, 0, 500);
    if (busy() - used <= 3) return true;
  }
  return false;
}

/** Seconds to add a namespace to the lab that stands. */
function grown(peer, folder, text) {
  const more = text
    .replace("namespaces:\n", "namespaces:\n  one-more:\n    interfaces:\n      eth0: { addresses: [10.0.254.1/16] }\n")
    .replace("links:\n", "links:\n  - endpoints: [one-more:eth0, br0:one-more]\n");
  writeFileSync(path.join(folder, "netlab.yaml"), more);
  const added = timed(peer.create, folder).seconds;
  writeFileSync(path.join(folder, "netlab.yaml"), text);
  return { added };
}

/** Peak memory of netlab while it makes the lab, in MB. */
function peak(peer, folder, before) {
  const [node, ...words] = peer.create;
  const { stderr } = timed([node, "--import", MEMORY, ...words], folder);
  timed(peer.destroy, folder);
  untilGone(before);
  return (Number(/^peak (\d+)$/m.exec(stderr)[1]) * 1024) / 1e6;
}

/** @throws Error where a packet does not cross the lab: what does not work is not measured */
function isThere({ from, to }) {
  for (let round = 0; round < 15; round++)
    if (spawnSync("nsenter", [`--net=/run/netns/${from}`, "ping", "-c1", "-W1", "-q", to]).status === 0) return;
  throw new Error(`${to} does not answer ${from}`);
}

/** Seconds until neither a device nor a namespace of the lab is left. */
function untilGone(before) {
  const began = performance.now();
  const pause = new Int32Array(new SharedArrayBuffer(4));
  while (devices().some((name) => !before.has(name))) {
    if (performance.now() - began > 60_000) throw new Error(`still there: ${devices().join(" ")}`);
    Atomics.wait(pause, 0, 0, 1);
  }
  const left = readdirSync("/run/netns");
  if (left.length > 0) throw new Error(`still there: ${left.join(" ")}`);
  return (performance.now() - began) / 1000;
}
