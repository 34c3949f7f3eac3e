// Open vSwitch: the one of the machine, and whether a private one can run here with the userspace datapath.
import { MachineError } from "../machine.js";
import { which } from "../process/environment.js";
import { exec } from "../process/exec.js";
import { ovsMissing } from "../read/ovs.js";
import { enterWords, startOvs } from "../sandbox/enter.js";
import { endSandbox, makeSandbox } from "../sandbox/hold.js";
import { requireTun } from "../sandbox/trouble.js";
import { patience } from "../tuning.js";
import type { Tried } from "./kernel.js";

export interface OvsFacts {
  /** Why its database does not answer. */
  trouble?: { message: string; hint?: string };
  /** As ovs-vswitchd says them; null where it does not run. */
  datapaths: string[] | null;
  bridges: number;
  kernel: Tried;
  userspace: Tried;
}

/** Seconds. */
const TIMEOUT = patience(5);

/** @param trial whether namespaces can be made to try in */
export async function lookAtOvs(trial: boolean): Promise<OvsFacts> {
  const [state, kernel, userspace] = await Promise.all([
    databaseState(),
    outcome("ovs-dpctl", [`--timeout=${TIMEOUT}`, "dump-dps"]),
    trial ? tryUserspace() : ({ works: false, words: "no sandbox can be made to try it in" } as const),
  ]);
  return { ...state, kernel, userspace };
}

async function databaseState(): Promise<Pick<OvsFacts, "trouble" | "datapaths" | "bridges">> {
  const missing = ovsMissing();
  if (missing) return { trouble: missing, datapaths: null, bridges: 0 };
  const end = await exec(
    "ovs-vsctl",
    [`--timeout=${TIMEOUT}`, "--no-wait", "get", "Open_vSwitch", ".", "datapath_types", "bridges"],
    {
      timeout: TIMEOUT + 2,
    },
  );
  if (end.failed) {
    const hint = /Permission denied/.test(end.stderr)
      ? "look as root: sudo netlab doctor"
      : "systemctl restart openvswitch-switch";
    return { trouble: { message: end.message ?? "its database does not answer", hint }, datapaths: null, bridges: 0 };
  }
  const [types = "", bridges = ""] = end.stdout.split("\n");
  const list = (text: string) => text.match(/[\w-]+/g) ?? [];
  return { datapaths: list(types).length > 0 ? list(types) : null, bridges: list(bridges).length };
}

async function outcome(file: string, args: string[]): Promise<Tried> {
  const end = await exec(file, args, { timeout: TIMEOUT + 2 });
  return end.failed ? { works: false, words: end.message ?? "it fails" } : { works: true };
}

const BRIDGE = `
ovs-vsctl --timeout=5 add-br trial -- set bridge trial datapath_type=netdev
ip link show dev trial`;

/** In a sandbox with an ovsdb-server and an ovs-vswitchd of its own. */
async function tryUserspace(): Promise<Tried> {
  const missing = ["ovsdb-server", "ovs-vswitchd", "ovsdb-tool"].find((tool) => !which(tool));
  if (missing) return { works: false, words: `${missing} is not installed` };
  try {
    requireTun("the userspace datapath");
    const { sandbox } = await makeSandbox("doctor");
    try {
      const words = await startOvs(sandbox);
      if (words !== undefined) return { works: false, words };
      const [file, ...args] = enterWords(sandbox, ["sh", "-ec", `export OVS_RUNDIR=/run/openvswitch\n${BRIDGE}`]);
      return await outcome(file!, args);
    } finally {
      await endSandbox(sandbox);
    }
  } catch (error) {
    if (error instanceof MachineError) return { works: false, words: error.message };
    throw error;
  }
}
