// A lab said back in the words of its file is the same lab: every example, there and back.
import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import type { State } from "../../../src/core/resource.js";
import { kinds } from "../../../src/kinds/index.js";
import { NO_FACTS } from "../../../src/kinds/rows.js";
import { topologyOf } from "../../../src/kinds/topology-of.js";
import { yaml } from "../../../src/report/yaml.js";
import type { Lab } from "../../../src/topology/lab.js";
import { load } from "../../../src/topology/load.js";

const examples = readdirSync("examples", { recursive: true, encoding: "utf8" }).filter((file) =>
  file.endsWith(".yaml"),
);

/** What the kinds make of it, as if it were there: a device that nobody gave an MTU has the usual one. */
function stateOf(lab: Lab): State {
  const live = kinds
    .flatMap((kind) => kind.expand(lab, NO_FACTS))
    .map((r) => ({ ...r, owner: "lab" as const, origin: "" }));
  const withMtu = (r: (typeof live)[number]) =>
    r.kind === "interface" && r.at.name !== "lo" ? { ...r, fields: { ...r.fields, mtu: r.fields.mtu ?? 1500 } } : r;
  return Object.fromEntries(live.map((r) => [r.id, withMtu(r)]));
}

test("There are examples", () => {
  expect(examples.length).toBeGreaterThan(8);
});

test.each(examples)("%s", async (file) => {
  const { lab } = await load(`examples/${file}`);
  const state = stateOf(lab!);
  const back = await load({ text: yaml(topologyOf(lab!.name, state)), file: "back.yaml" });
  expect(back.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  expect(stateOf(back.lab!)).toEqual(state);
});

test("Addresses of several devices are said to be shared", async () => {
  const text = `
name: vrrp
namespaces:
  a: { interfaces: { eth0: { addresses: [10.0.0.9/24, 10.0.0.1/24], shared: true } } }
  b: { interfaces: { eth0: { addresses: [10.0.0.9/24, 10.0.0.2/24], shared: true } } }
  c: { interfaces: { eth0: { addresses: [10.0.0.3/24] } } }
bridges: { br0: }
links: [{ endpoints: [a:eth0, br0] }, { endpoints: [b:eth0, br0] }, { endpoints: [c:eth0, br0] }]
`;
  const { lab } = await load({ text, file: "vrrp.yaml" });
  const back = await load({ text: yaml(topologyOf("vrrp", stateOf(lab!))), file: "back.yaml" });
  expect(back.diagnostics).toEqual([]);
  expect(stateOf(back.lab!)).toEqual(stateOf(lab!));
});
