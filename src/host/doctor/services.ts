// Services and rules of the machine that take over network devices when they appear.
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { processIds, textOf } from "../process/proc.js";

export interface ServiceFacts {
  /** Those of DAEMONS that run. */
  running: string[];
  /** .network files of systemd-networkd: the names of devices that each is for. systemd.network(5) */
  networks: { file: string; names: string[] }[];
  /** The administrator's udev rules that rename network devices, or start something for them. udev(7) */
  udev: string[];
  /** What NetworkManager is told to leave alone: `unmanaged-devices` in NetworkManager.conf(5). */
  unmanaged: string[];
}

const DAEMONS = ["NetworkManager", "systemd-network", "systemd-networkd", "systemd-udevd", "connmand", "dhcpcd"];
const NETWORKS = ["/etc/systemd/network", "/run/systemd/network", "/usr/lib/systemd/network", "/lib/systemd/network"];
const UDEV = ["/etc/udev/rules.d", "/run/udev/rules.d"];
const MANAGER = ["/etc/NetworkManager/conf.d", "/run/NetworkManager/conf.d", "/usr/lib/NetworkManager/conf.d"];

export function lookAtServices(): ServiceFacts {
  return {
    running: runningOf(DAEMONS),
    networks: filesIn(NETWORKS, ".network")
      .map((file) => ({ file, names: matchedNames(textOf(file)) }))
      .filter(({ names }) => names.length > 0),
    udev: filesIn(UDEV, ".rules").filter((file) => takesOver(textOf(file))),
    unmanaged: ["/etc/NetworkManager/NetworkManager.conf", ...filesIn(MANAGER, ".conf")].flatMap((file) =>
      [...textOf(file).matchAll(/^\s*unmanaged-devices\s*[+]?=\s*(.+)$/gm)].map(([, devices]) => devices!.trim()),
    ),
  };
}

/** By the first 15 bytes of their names: proc(5) comm. */
function runningOf(names: string[]): string[] {
  const comms = new Set(processIds().map((pid) => textOf(`/proc/${pid}/comm`).trim()));
  return names.filter((name) => comms.has(name.slice(0, 15)));
}

/** A file of an earlier folder stands for one of the same name in a later one. */
function filesIn(folders: string[], ending: string): string[] {
  const found = new Map<string, string>();
  for (const folder of folders) {
    if (!existsSync(folder)) continue;
    for (const name of readdirSync(folder))
      if (name.endsWith(ending) && !found.has(name)) found.set(name, join(folder, name));
  }
  return [...found.values()].sort();
}

/** Globs; a section that matches by something else but a name is for few devices, and a lab's are not among them. */
export function matchedNames(text: string): string[] {
  const section = /^\[Match\]$([^[]*)/m.exec(text)?.[1] ?? "";
  const settings = [...section.matchAll(/^\s*(\w+)\s*=\s*(.*)$/gm)].map(([, key, value]) => ({
    key,
    value: value!.trim(),
  }));
  const names = settings.filter(({ key }) => key === "Name").flatMap(({ value }) => value.split(/\s+/));
  const plain = settings.every(
    ({ key, value }) => key === "Name" || (key === "Type" && /\b(ether|bridge)\b/.test(value)),
  );
  return plain ? (names.length > 0 ? names : settings.length > 0 ? ["*"] : []) : [];
}

function takesOver(text: string): boolean {
  const rules = text.replace(/\\\n/g, " ").split("\n");
  return rules.some(
    (rule) => /^\s*[^#]*SUBSYSTEM=="net"/.test(rule) && /\b(NAME|RUN(\{program\})?)\s*\+?=[^=]/.test(rule),
  );
}
