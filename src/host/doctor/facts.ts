// What this machine is like, for `netlab doctor`: looked at, and tried where only trying tells. Nothing of it is changed.
import type { FilterChain } from "../../kinds/filters.js";
import { BRIDGE_NF } from "../../kinds/host-traffic.js";
import type { Rows } from "../../kinds/rows.js";
import { MachineError } from "../machine.js";
import { listNamespaces } from "../namespaces.js";
import { askPlaces } from "../read/ask-places.js";
import { readFilters } from "../read/filters.js";
import { ownSysctls } from "../read/sysctl.js";
import { mayChange } from "../rights.js";
import { insideSandbox } from "../sandbox/inside.js";
import { sandboxTrouble } from "../sandbox/trouble.js";
import { requireTools } from "../tools.js";
import { type Tried, tryFeatures } from "./kernel.js";
import { lookAtOvs, type OvsFacts } from "./ovs.js";
import { lookAtServices, type ServiceFacts } from "./services.js";
import { lookAtSettings, type SettingFacts } from "./settings.js";
import { lookAtTools, type ToolFacts } from "./tools.js";

export interface DoctorFacts {
  rights: {
    /** CAP_NET_ADMIN and CAP_SYS_ADMIN. */
    root: boolean;
    /** Why an ordinary user can make no sandbox here. */
    sandboxTrouble?: { message: string; hint?: string };
    /** The lab in whose sandbox this netlab runs. */
    inside?: string;
  };
  tools: ToolFacts;
  /** By name, tried in a network namespace of its own. */
  features: Record<string, Tried>;
  ovs: OvsFacts;
  settings: SettingFacts;
  services: ServiceFacts;
  /** Packet filters of the host; absent where they may not be read. */
  filters?: { chains: FilterChain[]; settings: Record<string, string> };
  /** Network namespaces with a name. */
  namespaces: number;
}

/**
 * Never throws for what is missing: that is what is looked for.
 * @param tools programs to look for besides the usual ones
 */
export async function examine(tools: string[] = []): Promise<DoctorFacts> {
  const root = mayChange();
  const inside = insideSandbox();
  const [found, tried, filters] = await Promise.all([lookAtTools(tools), tryFeatures(root), findFilters()]);
  const ovs = await lookAtOvs(root || tried.trouble === undefined);
  const trouble = tried.trouble === undefined ? undefined : sandboxTrouble(tried.trouble);
  return {
    rights: {
      root,
      ...(trouble && { sandboxTrouble: { message: trouble.message, ...(trouble.hint && { hint: trouble.hint }) } }),
      ...(inside !== undefined && { inside }),
    },
    tools: found,
    features: tried.features,
    ovs,
    settings: lookAtSettings(),
    services: lookAtServices(),
    ...(filters && { filters }),
    namespaces: listNamespaces().inodes.size - 1,
  };
}

/** Undefined where only root may read them. */
async function findFilters(): Promise<DoctorFacts["filters"]> {
  const rows: Pick<Rows, "filters"> = {};
  try {
    requireTools(["nft"]);
    await askPlaces(readFilters(rows));
  } catch (error) {
    if (error instanceof MachineError) return undefined;
    throw error;
  }
  return { chains: rows.filters ?? [], settings: ownSysctls(Object.values(BRIDGE_NF)) };
}
