// A machine with one namespace, red, of lab zoo, whose lo has what a test says; every command on it succeeds unless told.
import type { Batch } from "../../../src/core/plan.js";
import { type BatchResult, type Journal, type Machine, MachineError } from "../../../src/host/machine.js";
import type { AddressRow, RouteRow, Rows } from "../../../src/kinds/rows.js";

export const UNSEEN = "ip does not answer";

/** What a namespace has. */
const BORN: Record<string, string> = {
  "net.ipv4.ip_forward": "0",
  "net.ipv6.conf.all.forwarding": "0",
  "net.ipv6.conf.all.disable_ipv6": "0",
};

interface Lo {
  addresses?: AddressRow[];
  routes?: RouteRow[];
  mtu?: number;
}

interface Script {
  /** What lo has at a read, counted from 1. */
  lo: (read: number) => Lo;
  /** Numbers of the reads that fail. */
  unseen?: number[];
  run?: (batch: Batch) => BatchResult;
}

export const address = (address: string, more: Partial<AddressRow> = {}): AddressRow => ({
  ...{ family: 4, address, prefix: 24, secondary: false, dynamic: false, tentative: false, dadfailed: false },
  ...more,
});

export function loMachine({ lo, unseen = [], run = ({ steps }) => ({ done: steps.length }) }: Script): Machine {
  let read = 0;
  const journal: Journal = { format: 1, namespaces: [], devices: [], sysctls: {}, routes: [], uplinks: {} };
  const rows = ({ addresses = [], routes = [], mtu = 65536 }: Lo): Rows => {
    const device = { index: 1, name: "lo", up: true, loopback: true, mac: "", group: 0, data: {}, portData: {} };
    return {
      ...{
        places: ["host", "red"],
        stale: [],
        offload: { host: [], red: [] },
        sysctl: { host: {}, red: BORN },
        nft: {},
      },
      link: { host: [{ ...device, mtu, addresses: [] }], red: [{ ...device, mtu, addresses, alias: "netlab:zoo" }] },
      route: { host: [], red: routes },
      ...{ process: [], service: [], etcFile: [], journal: { ...journal, others: { namespaces: {}, routes: {} } } },
    };
  };
  return {
    require: () => {},
    facts: async () => ({ born: BORN, ovsKernelDatapath: false, brNetfilter: false }),
    async observe() {
      if (unseen.includes(++read)) throw new MachineError(UNSEEN);
      return rows(lo(read));
    },
    names: async () => ({ namespaces: ["red"], devices: ["lo"] }),
    run: async (batch) => run(batch),
    runAll: async (batches) => batches.map(run),
    lock: async () => ({ release: async () => {} }),
    readJournal: async () => structuredClone(journal),
    noteMade: async () => {},
    writeJournal: async () => {},
  };
}
