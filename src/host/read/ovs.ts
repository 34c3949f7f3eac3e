// Reads the Open vSwitch database, in one process.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Rows } from "../../kinds/rows.js";
import { HOST } from "../../topology/lab.js";
import { MachineError } from "../machine.js";
import { which } from "../process/environment.js";
import { exec } from "../process/exec.js";
import { notPermitted } from "../rights.js";
import { patience } from "../tuning.js";
import { ovsRows } from "./ovs-json.js";

/** Seconds. */
const TIMEOUT = patience(5);

const READ = [
  ["--columns=name,datapath_type,external_ids,other_config,ports", "list", "Bridge"],
  ["--columns=_uuid,name,tag,trunks,vlan_mode,external_ids,interfaces", "list", "Port"],
  ["--columns=_uuid,name,type,ofport,error,mac,mtu_request,external_ids", "list", "Interface"],
];

/** The rows of Bridge, Port and Interface; neither where there is no Open vSwitch: `ovsMissing` says why. */
type OvsRead = Pick<Rows, "ovs" | "ovsUnseen">;

/**
 * @param lab whose mark in a database that is not served is reason to say that it was not seen
 * @throws MachineError where ovsdb-server runs and does not answer, or the answer is an error
 */
export async function readOvs(lab: string): Promise<OvsRead> {
  if (ovsMissing()) return isMarked(lab) ? UNSEEN : {};
  const args = [`--timeout=${TIMEOUT}`, "--format=json", ...READ.flatMap((command) => ["--", ...command])];
  const end = await exec("ovs-vsctl", args, { timeout: TIMEOUT + 2 });
  if (!end.failed) return { ovs: ovsRows(end.stdout) };
  // The socket file of a server that was killed.
  if (/Connection refused|No such file or directory/.test(end.stderr)) return UNSEEN;
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

const UNSEEN: OvsRead = {
  ovsUnseen: {
    message: "ovsdb-server does not run: what the lab has in the database of Open vSwitch could not be looked at",
    hint: "systemctl start openvswitch-switch, then destroy it again",
  },
};

/** Whether the database file of a server that does not run has ever borne the lab's mark; ovsdb(5). */
function isMarked(lab: string): boolean {
  try {
    const file = join(process.env.OVS_DBDIR ?? "/etc/openvswitch", "conf.db");
    return readFileSync(file).includes(`["netlab","${lab}"]`);
  } catch {
    return false; // no database, or none that may be read
  }
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
