// Reads the Open vSwitch database, in one process.
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { OvsRows } from "../kinds/rows.js";
import { HOST } from "../topology/lab.js";
import { which } from "./environment.js";
import { exec } from "./exec.js";
import { MachineError } from "./machine.js";
import { ovsRows } from "./ovs-json.js";
import { notPermitted } from "./rights.js";
import { patience } from "./tuning.js";

/** Seconds. */
const TIMEOUT = patience(5);

const READ = [
  ["--columns=name,datapath_type,external_ids,other_config,ports", "list", "Bridge"],
  ["--columns=_uuid,name,tag,trunks,vlan_mode,external_ids,interfaces", "list", "Port"],
  ["--columns=_uuid,name,type,ofport,error,mac,mtu_request,external_ids", "list", "Interface"],
];

/**
 * The rows of Bridge, Port and Interface, or undefined where there is no Open vSwitch: `ovsMissing` says why.
 * @throws MachineError where ovsdb-server runs and does not answer, or the answer is an error
 */
export async function readOvs(): Promise<OvsRows | undefined> {
  if (ovsMissing()) return undefined;
  const args = [`--timeout=${TIMEOUT}`, "--format=json", ...READ.flatMap((command) => ["--", ...command])];
  const end = await exec("ovs-vsctl", args, { timeout: TIMEOUT + 2 });
  if (!end.failed) return ovsRows(end.stdout);
  // The socket file of a server that was killed.
  if (/Connection refused|No such file or directory/.test(end.stderr)) return undefined;
  if (/Permission denied/.test(end.stderr)) throw notPermitted("reading the database of Open vSwitch");
  const silent = end.timedOut || /Alarm clock/.test(end.stderr);
  throw new MachineError(
    silent ? `ovsdb-server does not answer within ${TIMEOUT} s` : `ovs-vsctl cannot read its database: ${end.message}`,
    {
      command: { tool: "ovs-vsctl", place: HOST, args },
      ...(silent ? { hint: "is it stopped or overloaded? systemctl restart openvswitch-switch" } : {}),
    },
  );
}

/** Why there is no Open vSwitch here, with the cure, or undefined where there seems to be one. */
export function ovsMissing(): { message: string; hint: string } | undefined {
  if (!which("ovs-vsctl")) {
    return { message: "ovs-vsctl is not installed", hint: "on Debian and Ubuntu: apt install openvswitch-switch" };
  }
  const socket = join(process.env.OVS_RUNDIR ?? "/var/run/openvswitch", "db.sock");
  if (existsSync(socket)) return undefined;
  return { message: `ovsdb-server does not run: there is no ${socket}`, hint: "systemctl start openvswitch-switch" };
}
