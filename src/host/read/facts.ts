// What the machine is like: probes whose answers the desired state depends on.
import { existsSync } from "node:fs";
import { BRIDGE_NF } from "../../kinds/host-traffic.js";
import type { Facts, Rows } from "../../kinds/rows.js";
import { settingKeys, settingsOf } from "../../kinds/uplink-settings.js";
import { HOST } from "../../topology/lab.js";
import { type FactsWanted, MachineError } from "../machine.js";
import { loadSystem } from "../netlink/system.js";
import { exec } from "../process/exec.js";
import { mayChange } from "../rights.js";
import { insideSandbox } from "../sandbox/inside.js";
import { requireTools } from "../tools.js";
import { patience } from "../tuning.js";
import { askPlaces } from "./ask-places.js";
import { readFilters } from "./filters.js";
import type { Reader } from "./reader.js";
import { ownSysctls, parseSysctls, sysctlArgs } from "./sysctl.js";
import { readUplinks } from "./uplinks.js";

/** Seconds. */
const TIMEOUT = patience(10);

/** @throws MachineError where a probe that was asked for cannot be made */
export async function findFacts(wanted: FactsWanted, reader: Reader = "auto"): Promise<Facts> {
  const [born, ovsKernelDatapath, filters, uplinks] = await Promise.all([
    wanted.born.length > 0 ? readBorn(wanted.born, reader) : {},
    wanted.ovsDatapath ? hasKernelDatapath() : false,
    wanted.filters ? findFilters() : undefined,
    wanted.uplinks?.length ? findUplinks(wanted.uplinks) : undefined,
  ]);
  const brNetfilter = existsSync("/proc/sys/net/bridge/bridge-nf-call-iptables");
  return { born, ovsKernelDatapath, brNetfilter, ...(filters && { filters }), ...(uplinks && { uplinks }) };
}

async function findUplinks(names: string[]): Promise<Facts["uplinks"]> {
  const found: Pick<Rows, "uplinks"> = {};
  await askPlaces(readUplinks(found));
  const values = ownSysctls(["default", ...names].flatMap(settingKeys));
  for (const name of names) if (found.uplinks?.[name]) found.uplinks[name].settings = settingsOf(name, values);
  return found.uplinks;
}

async function findFilters(): Promise<Facts["filters"]> {
  const found: Pick<Rows, "filters"> = {};
  await askPlaces(readFilters(found));
  return { chains: found.filters ?? [], settings: ownSysctls(Object.values(BRIDGE_NF)) };
}

/**
 * Reads sysctls in a namespace made for it. What it is born with depends on net.core.devconf_inherit_init_net and on
 * the first namespace's values, so it is looked at, not worked out.
 */
async function readBorn(keys: string[], reader: Reader): Promise<Record<string, string>> {
  const system = reader === "ip" || !mayChange() ? undefined : await loadSystem();
  if (system) return system.insideNew(() => ownSysctls(keys));
  // Without the right to make a network namespace, one inside a user namespace shows the same.
  const args = [mayChange() ? "-n" : "-rn", "grep", ...sysctlArgs(keys)];
  const end = await exec("unshare", args, { timeout: TIMEOUT });
  if (end.failed && (end.exitCode === undefined || end.exitCode > 2 || end.stderr !== "")) {
    requireTools(["unshare", "grep"]);
    throw new MachineError(`cannot read the settings of a new network namespace: ${end.message}`, {
      command: { tool: "unshare", place: HOST, args },
    });
  }
  return parseSysctls(end.stdout);
}

/**
 * The module is there, or is loaded by asking for it: then the datapaths can be listed, ovs-dpctl(8). A sandbox is
 * the same everywhere: with the userspace datapath.
 */
async function hasKernelDatapath(): Promise<boolean> {
  if (insideSandbox()) return false;
  const end = await exec("ovs-dpctl", [`--timeout=${Math.ceil(TIMEOUT / 2)}`, "dump-dps"], { timeout: TIMEOUT });
  return !end.failed;
}
