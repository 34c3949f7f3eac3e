// The labs in this user's sandboxes: each is asked by a netlab inside, side by side.
import { askInside } from "./enter.js";
import { insideSandbox } from "./inside.js";
import { listSandboxes } from "./record.js";

/** What `netlab list --json` says in there: see LabSummary. */
export interface SandboxLab {
  name: string;
  namespaces: string[];
  counts: Record<string, number>;
  sandbox: true;
}

/** A sandbox in which nothing is left, or which does not answer, is listed with nothing in it. */
export async function sandboxLabs(): Promise<SandboxLab[]> {
  if (insideSandbox()) return [];
  const all = listSandboxes().map(async (sandbox) => {
    const text = await askInside(sandbox, ["list", "--json"]);
    const { labs } = JSON.parse(text ?? `{"labs":[]}`) as { labs: SandboxLab[] };
    const empty = { name: sandbox.lab, namespaces: [], counts: {} };
    return (labs.length > 0 ? labs : [empty]).map((lab): SandboxLab => ({ ...lab, sandbox: true }));
  });
  return (await Promise.all(all)).flat();
}
