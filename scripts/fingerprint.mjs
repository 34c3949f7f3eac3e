// Prints the network state of the place it runs in as JSON text that is the same when nothing has changed:
// links, addresses, routes, rules, nft ruleset, Open vSwitch database, sysctls, files of netlab, processes.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";

/** Counters, clocks and numbers drawn by the kernel: not part of the state. */
const VOLATILE = new Set(
  (
    "ifindex link_index link_netnsid handle metainfo valid_life_time preferred_life_time tentative operstate " +
    "hello_timer tcn_timer topology_change_timer gc_timer hold_timer forward_delay_timer message_age_timer " +
    "packets bytes expires _uuid _version statistics status link_resets link_state link_speed duplex ofport " +
    "rstp_statistics rstp_status cur_cfg next_cfg iface_types datapath_types system_type system_version " +
    "ovs_version db_version admin_state duplex"
  ).split(" "),
);
/** A port of a Linux bridge gets the lowest number that is free when it joins. */
const PORT_NUMBER = new Set(["id", "no", "designated_port"]);
/** Keys that count, that are drawn by lot, or that come and go with kernel modules. */
const VOLATILE_SYSCTL =
  /^net\.(netfilter|nf_conntrack_max|core\.netdev_rss_key|unix)|stable_secret|_key$|tcp_(cookie|fastopen_key)/;

const namespaces = existsSync("/run/netns") ? readdirSync("/run/netns").sort() : [];
const state = {
  namespaces,
  places: Object.fromEntries([place("host", []), ...namespaces.map((name) => place(name, enter(name)))]),
  ovs: openVSwitch(),
  files: [tree("/run/netlab"), tree("/etc/netns")],
  processes: processes(),
};
console.log(JSON.stringify(state, null, 1));

function enter(name) {
  return ["nsenter", `--net=/run/netns/${name}`];
}

function place(name, prefix) {
  const json = (...command) => sorted(clean(JSON.parse(output([...prefix, ...command]) || "[]")));
  const state = {
    links: json("ip", "-j", "-d", "address", "show"),
    routes: json("ip", "-j", "-d", "route", "show", "table", "all"),
    rules: [...json("ip", "-j", "-4", "rule", "show"), ...json("ip", "-j", "-6", "rule", "show")],
    nft: clean(JSON.parse(output([...prefix, "nft", "-j", "list", "ruleset"]) || "{}").nftables ?? []),
    sysctls: output([...prefix, "sysctl", "-a", "--pattern", "^net\\."])
      .split("\n")
      .filter((line) => line !== "" && !VOLATILE_SYSCTL.test(line))
      .sort(),
  };
  return [name, state];
}

/** Every table of the database as rows; references to rows by the name of the row. */
function openVSwitch() {
  if (!existsSync("/run/openvswitch/db.sock")) return null;
  const dump = output([
    "ovsdb-client",
    "--timeout=10",
    "-f",
    "json",
    "dump",
    "unix:/run/openvswitch/db.sock",
    "Open_vSwitch",
  ]);
  const tables = dump
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));
  const names = {};
  for (const { headings, data } of tables) {
    for (const row of data) names[row[headings.indexOf("_uuid")][1]] = row[headings.indexOf("name")] ?? "row";
  }
  return Object.fromEntries(
    tables.map(({ caption, headings, data }) => [caption, sorted(data.map((row) => rowOf(headings, row, names)))]),
  );
}

function rowOf(headings, row, names) {
  const named = JSON.parse(JSON.stringify(row), (_, value) =>
    Array.isArray(value) && value[0] === "uuid" ? (names[value[1]] ?? "uuid") : value,
  );
  return clean(Object.fromEntries(headings.map((heading, index) => [heading, named[index]])));
}

/** Without volatile keys, empty objects (what `ip -j` prints for a filtered row) and the order of sets. */
function clean(value) {
  // RFC 7047: a set, or a map, is written as a pair of that word and its elements.
  if (Array.isArray(value) && ["set", "map"].includes(value[0])) return [value[0], sorted(value[1].map(clean))];
  if (Array.isArray(value)) return value.map(clean).filter((item) => JSON.stringify(item) !== "{}");
  if (value === null || typeof value !== "object") return value;
  const isPort = "designated_port" in value;
  const kept = Object.entries(value).filter(([key]) => !VOLATILE.has(key) && !(isPort && PORT_NUMBER.has(key)));
  return Object.fromEntries(kept.map(([key, item]) => [key, clean(item)]));
}

function sorted(rows) {
  return rows
    .map((row) => [JSON.stringify(row), row])
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([, row]) => row);
}

function tree(folder) {
  return existsSync(folder) ? readdirSync(folder, { recursive: true }).map(String).sort() : null;
}

/** Names of the processes here, without this one, its ancestors and threads. */
function processes() {
  const rows = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap(processRow);
  const parents = new Map(rows.map(({ pid, parent }) => [pid, parent]));
  const own = new Set();
  for (let pid = process.pid; pid; pid = parents.get(pid) ?? 0) own.add(pid);
  return rows
    .filter(({ pid }) => !own.has(pid))
    .map(({ name }) => name)
    .sort();
}

function processRow(pid) {
  try {
    const [, name, parent] = /^\d+ \((.*)\) \S (\d+)/s.exec(readFileSync(`/proc/${pid}/stat`, "utf8")) ?? [];
    return [{ pid: Number(pid), parent: Number(parent), name }];
  } catch {
    return []; // it has ended
  }
}

function output([file, ...args]) {
  return spawnSync(file, args, { encoding: "utf8", maxBuffer: 1 << 28 }).stdout ?? "";
}
