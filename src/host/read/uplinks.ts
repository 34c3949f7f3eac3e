// The host's interfaces with all their addresses and routes, and who else looks after them.
import { existsSync, readFileSync } from "node:fs";
import { uptime } from "node:os";
import type { Rows, UplinkRow } from "../../kinds/rows.js";
import { HOST } from "../../topology/lab.js";
import { which } from "../process/environment.js";
import { textOf } from "../process/proc.js";
import { dhcpClients } from "./dhcp-clients.js";
import type { Read } from "./questions.js";
import { sessionAddress } from "./ssh-session.js";
import { type JsonObject, jsonLines, objects, strings, text } from "./tool-json.js";

const IP_READ = ["ip", "-N", "-j", "-d", "-batch", "-"];
const IP_LINES = "address show\nroute show table all\nneighbour show\n";
/** The same routes as text: JSON does not say which metrics are locked. */
const IP_TEXT = ["ip", "-N", "-d", "route", "show", "table", "all"];

/** @param rows where the interfaces go */
export function readUplinks(rows: Pick<Rows, "uplinks">): Read[] {
  const found: Record<string, UplinkRow> = {};
  const managed = new Set<string>();
  const locked: Locked[] = [];
  rows.uplinks = found;
  const network: Read = {
    place: HOST,
    process: { argv: IP_READ, input: IP_LINES },
    take({ exitCode, output }) {
      if (exitCode !== 0 || output.includes("Dump was interrupted"))
        throw new Error(output.trim().split("\n")[0] || `exit code ${exitCode}`);
      const [links, routes = [], neighbours = []] = jsonLines(output).map(objects);
      lock(routes, locked);
      const clients = dhcpClients();
      for (const link of links ?? []) {
        const client = clients(String(link.ifname));
        found[String(link.ifname)] = {
          ...uplinkRow(link, routes, neighbours),
          ...(client !== undefined && { client }),
        };
      }
      manage(found, managed);
    },
  };
  const locks: Read = {
    place: HOST,
    process: { argv: IP_TEXT, input: "" },
    take({ output }) {
      for (const line of output.split("\n").filter((one) => one.includes(" lock "))) {
        const [, dst = "", table = ""] = /^(?:\d+ |unicast )?(\S+).* table (\d+)/.exec(line) ?? [];
        for (const [, metric = "", value = ""] of line.matchAll(/ (\w+) lock (\d+)/g))
          locked.push({ dst, table, metric, value });
      }
      for (const { routes } of Object.values(found)) lock(routes, locked);
    },
  };
  const manager: Read = {
    place: HOST,
    process: { argv: ["nmcli", "-t", "-f", "DEVICE,STATE", "device"], input: "" },
    take({ exitCode, output }) {
      for (const [, name = "", state = ""] of exitCode === 0 ? output.matchAll(/^(.+):(.*)$/gm) : [])
        if (!/^un(managed|available)/.test(state)) managed.add(name);
      manage(found, managed);
    },
  };
  return which("nmcli") ? [network, locks, manager] : [network, locks];
}

interface Locked {
  dst: string;
  table: string;
  metric: string;
  value: string;
}

/** A locked metric gets the words that ip takes: `lock 1400`. */
function lock(routes: JsonObject[], locked: Locked[]): void {
  for (const { dst, table, metric, value } of locked)
    for (const route of routes) {
      const [metrics] = objects(route.metrics);
      if (route.dst === dst && route.table === table && metrics && String(metrics[metric]) === value)
        metrics[metric] = `lock ${value}`;
    }
}

function manage(found: Record<string, UplinkRow>, managed: Set<string>): void {
  for (const name of managed) if (found[name]) found[name].manager = "NetworkManager";
}

function uplinkRow(link: JsonObject, routes: JsonObject[], neighbours: JsonObject[]): UplinkRow {
  const name = String(link.ifname);
  const addresses = objects(link.addr_info).filter(({ local }) => typeof local === "string");
  const session = sessionAddress();
  return {
    up: strings(link.flags).includes("UP"),
    mac: String(link.address ?? ""),
    mtu: Number(link.mtu ?? 0),
    group: Number(link.group ?? 0),
    alias: text(link.ifalias) ?? "",
    addresses,
    routes: routes.filter((route) => route.dev === name || objects(route.nexthops).some(({ dev }) => dev === name)),
    neighbours: neighbours.filter(({ dev }) => dev === name),
    read: Math.floor(uptime()),
    ...(!usualQdiscs().includes(String(link.qdisc)) && { qdisc: String(link.qdisc) }),
    wireless: ["wireless", "phy80211"].some((file) => existsSync(`/sys/class/net/${name}/${file}`)),
    ...(isNetworkd(link.ifindex) && { manager: "systemd-networkd" as const }),
    session: session !== undefined && addresses.some(({ local }) => local === session),
  };
}

/** What a device gets by itself: Documentation/admin-guide/sysctl/net.rst, "default_qdisc". */
const usualQdiscs = (): string[] => [
  ...["undefined", "noop", "noqueue", "mq", "pfifo_fast", "fq_codel"],
  textOf("/proc/sys/net/core/default_qdisc").trim(),
];

/** What systemd-networkd says of a link: sd-network(3) reads it there. */
function isNetworkd(index: unknown): boolean {
  try {
    const state = readFileSync(`/run/systemd/netif/links/${index}`, "utf8");
    return !/^ADMIN_STATE=unmanaged$/m.test(state);
  } catch {
    return false;
  }
}
