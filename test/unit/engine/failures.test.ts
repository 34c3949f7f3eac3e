// The first thing that goes wrong is what is told first, whatever goes wrong after it.
import { expect, test } from "vitest";
import type { Batch } from "../../../src/core/plan.js";
import { applyLab } from "../../../src/engine/apply.js";
import type { Result } from "../../../src/engine/events.js";
import { type Journal, type Machine, MachineError } from "../../../src/host/machine.js";
import type { Rows } from "../../../src/kinds/rows.js";
import { load } from "../../../src/topology/load.js";

const FULL = "cannot write the journal in /run/netlab/zoo: ENOSPC";
const BROKEN = "Cannot create namespace file: No space left on device";

/** What a new namespace has. */
const BORN: Record<string, string> = {
  "net.ipv4.ip_forward": "0",
  "net.ipv6.conf.all.forwarding": "0",
  "net.ipv6.conf.all.disable_ipv6": "0",
};

interface Trouble {
  /** Numbers of the reads, and of the writes of the journal, that fail, from 1. */
  reads?: number[];
  writes?: number[];
  /** `ip netns add` succeeds. */
  works?: boolean;
}

/** A machine without a namespace, where making one fails. */
function machine({ reads = [], writes = [], works = false }: Trouble): Machine {
  let [read, written] = [0, 0];
  let journal: Journal = { format: 1, namespaces: [], devices: [], sysctls: {}, routes: [], uplinks: {} };
  const places = new Map<string, string | undefined>();
  const rows = (): Rows => {
    const all = ["host", ...places.keys()];
    const each = <T>(value: (place: string) => T) => Object.fromEntries(all.map((place) => [place, value(place)]));
    const lo = (place: string) => {
      const alias = places.get(place);
      const device = { index: 1, name: "lo", up: alias !== undefined, loopback: true, mtu: 65536, mac: "", group: 0 };
      return [{ ...device, ...(alias !== undefined && { alias }), data: {}, portData: {}, addresses: [] }];
    };
    const sysctl = each((place) => (place === "host" ? {} : BORN));
    return {
      ...{ places: all, stale: [], link: each(lo), route: each(() => []), sysctl, nft: {}, offload: each(() => []) },
      ...{ process: [], service: [], etcFile: [], journal: { ...journal, others: { namespaces: {}, routes: {} } } },
    };
  };
  const run = ({ steps }: Batch) => {
    if (!works) return { done: 0, failure: { step: 0, command: 0, message: BROKEN, exitCode: 1 } };
    for (const { args } of steps.flatMap(({ commands }) => commands))
      if (args[0] === "netns") places.set(args[2]!, undefined);
      else if (args[0] === "link") places.set("red", "netlab:zoo");
    return { done: steps.length };
  };
  return {
    require: () => {},
    facts: async () => ({ born: BORN, ovsKernelDatapath: false, brNetfilter: false }),
    async observe() {
      if (reads.includes(++read)) throw new MachineError("ip does not answer");
      return rows();
    },
    names: async () => ({ namespaces: [...places.keys()], devices: ["lo"] }),
    run: async (batch) => run(batch),
    runAll: async (batches) => batches.map(run),
    lock: async () => ({ release: async () => {} }),
    readJournal: async () => structuredClone(journal),
    noteMade: async () => {},
    async writeJournal(_, next) {
      if (writes.includes(++written)) throw new MachineError(FULL);
      journal = next;
    },
  };
}

async function applied(trouble: Trouble): Promise<Result> {
  const { lab } = await load({ text: "{ name: zoo, namespaces: { red: } }", file: "zoo.yaml" });
  return applyLab(lab!, machine(trouble));
}

test("without more trouble: the command's own words, rolled back", async () => {
  const { outcome, failure } = await applied({});
  expect(outcome).toBe("rolled-back");
  expect(failure).toMatchObject({ message: BROKEN, step: { id: "namespace:red" } });
  expect(failure).not.toHaveProperty("also");
});

test("a look that fails after a command that failed", async () => {
  expect((await applied({ reads: [2] })).failure).toMatchObject({ message: BROKEN, also: ["ip does not answer"] });
});

test("a way back on which nothing can be read any more", async () => {
  const { outcome, failure } = await applied({ reads: [3, 4, 5] });
  expect(outcome).toBe("left-behind");
  expect(failure).toMatchObject({ message: BROKEN, also: ["ip does not answer"] });
});

test("a journal that cannot be written at the end of the way back", async () => {
  const { outcome, failure } = await applied({ writes: [2] });
  expect(outcome).toBe("rolled-back");
  expect(failure).toMatchObject({ message: BROKEN, also: [FULL] });
});

test("a journal that cannot be written when all is done: it is done, and said", async () => {
  const { outcome, failure } = await applied({ works: true, writes: [2] });
  expect(outcome).toBe("applied");
  expect(failure).toMatchObject({ message: FULL });
  expect((await applied({ works: true })).failure).toBeUndefined();
});
