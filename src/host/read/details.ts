// What is not part of a lab's state and helps to find faults in it: neighbours, counters, what OVS bridges have learned.
import type { Place } from "../../topology/lab.js";
import { netnsPath } from "../namespaces.js";
import type { Process } from "../process/job.js";
import { runJobs } from "../process/jobs.js";
import { isObject, type JsonObject, jsonLines, objects, parseToolJson, strings, text } from "./tool-json.js";

export interface Neighbour {
  address: string;
  device: string;
  mac: string | null;
  /** NUD states of ip-neighbour(8): `REACHABLE`, `STALE`, `FAILED` … */
  state: string;
}

export interface Counters {
  bytes: number;
  packets: number;
  errors: number;
  dropped: number;
}

export interface DeviceCounters {
  device: string;
  rx: Counters;
  tx: Counters;
}

/** A MAC address that an OVS bridge has seen, ovs-appctl(8) `fdb/show`. */
export interface Learned {
  bridge: string;
  port: string;
  vlan: number;
  mac: string;
  /** Seconds. */
  age: number;
}

export interface Details {
  places: Record<Place, { neighbours: Neighbour[]; counters: DeviceCounters[] }>;
  learned: Learned[];
}

/** Seconds. */
const TIMEOUT = 30;
const IP: Process = { argv: ["ip", "-j", "-s", "-batch", "-"], input: "neighbour show\nlink show\n" };

/** Never throws: what cannot be read, or has gone, is left out. */
export async function readDetails(places: Place[], ovsBridges: string[]): Promise<Details> {
  const jobs = places.map((place) => ({ netns: netnsPath(place), processes: [IP] }));
  const [ends, learned] = await Promise.all([runJobs(jobs, { timeout: TIMEOUT }), readLearned(ovsBridges)]);
  const details: Details = { places: {}, learned };
  for (const [i, place] of places.entries()) {
    const end = ends[i]?.[0];
    if (end?.exitCode !== 0) continue;
    const [neighbours, links] = jsonLines(end.output);
    details.places[place] = {
      neighbours: objects(neighbours).map(neighbour),
      counters: objects(links).flatMap(deviceCounters),
    };
  }
  return details;
}

function neighbour(row: JsonObject): Neighbour {
  const [address, device, mac] = [text(row.dst) ?? "", text(row.dev) ?? "", text(row.lladdr) ?? null];
  return { address, device, mac, state: strings(row.state).join(" ") };
}

function deviceCounters({ ifname, stats64 }: JsonObject): DeviceCounters[] {
  if (!isObject(stats64)) return [];
  return [{ device: text(ifname) ?? "", rx: counters(stats64.rx), tx: counters(stats64.tx) }];
}

function counters(row: JsonObject[string] | undefined): Counters {
  const number = (key: string) => (isObject(row) && typeof row[key] === "number" ? row[key] : 0);
  return { bytes: number("bytes"), packets: number("packets"), errors: number("errors"), dropped: number("dropped") };
}

async function readLearned(bridges: string[]): Promise<Learned[]> {
  if (bridges.length === 0) return [];
  const ports: Process = {
    argv: ["ovs-vsctl", "--timeout=10", "--format=json", "--columns=name,ofport", "list", "Interface"],
    input: "",
  };
  const shows = bridges.map(
    (bridge): Process => ({ argv: ["ovs-appctl", "--timeout=10", "fdb/show", bridge], input: "" }),
  );
  const jobs = [ports, ...shows].map((process) => ({ netns: "", processes: [process] }));
  const [names, ...tables] = (await runJobs(jobs, { timeout: TIMEOUT })).map(([end]) => end);
  const nameOf = names?.exitCode === 0 ? portNames(names.output) : new Map<string, string>();
  return tables.flatMap((end, i) => (end?.exitCode === 0 ? learnedRows(end.output, bridges[i]!, nameOf) : []));
}

function portNames(output: string): Map<string, string> {
  const reply = parseToolJson(output);
  const rows = isObject(reply) && Array.isArray(reply.data) ? (reply.data as [string, number][]) : [];
  return new Map(rows.map(([name, number]) => [String(number), name]));
}

/** Lines of `fdb/show` are port, VLAN, MAC and age; the bridge's own port is `LOCAL`. */
export function learnedRows(output: string, bridge: string, nameOf: Map<string, string>): Learned[] {
  return [...output.matchAll(/^\s*(\d+|LOCAL)\s+(\d+)\s+([0-9a-f:]{17})\s+(\d+)/gm)].map(
    ([, port, vlan, mac, age]) => ({
      bridge,
      port: port === "LOCAL" ? bridge : (nameOf.get(port!) ?? port!),
      vlan: Number(vlan),
      mac: mac!,
      age: Number(age),
    }),
  );
}
