// Which namespaces batches make, and which they delete: ip-netns(8).
import type { Batch } from "../../core/plan.js";
import type { Place } from "../../topology/lab.js";

/** Names in `ip netns VERB NAME`, in the order of the commands. */
export const namesIn = (batches: Batch[], verb: "add" | "delete"): Place[] =>
  batches
    .flatMap(({ steps }) => steps.flatMap(({ commands }) => commands))
    .flatMap(({ tool, args: [object, done, name] }) =>
      tool === "ip" && object === "netns" && done === verb && name !== undefined ? [name] : [],
    );
