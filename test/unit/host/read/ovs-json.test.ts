import { expect, test } from "vitest";
import { ovsRows } from "../../../../src/host/read/ovs-json.js";
import { recorded } from "../recorded.js";

test("sets, maps and references of a real database", () => {
  const rows = ovsRows(recorded("openvswitch-3.1.0/rows.json"));
  expect(rows.bridges).toEqual([
    {
      name: "sw0",
      datapath_type: "netdev",
      external_ids: { netlab: "demo" },
      other_config: { hwaddr: "02:00:00:00:04:00" },
      ports: ["b", "gone", "sw0", "tap1"],
    },
  ]);
  const port = (name: string) => rows.ports.find((row) => row.name === name);
  expect(port("tap1")).toMatchObject({ tag: 10, trunks: [], vlan_mode: null, interfaces: ["tap1"] });
  expect(port("gone")).toMatchObject({ tag: null, trunks: [10, 20] });
  expect(port("b")).toMatchObject({ tag: 5, vlan_mode: "native-untagged" });
  const device = (name: string) => rows.interfaces.find((row) => row.name === name);
  expect(device("tap1")).toMatchObject({
    type: "internal",
    error: null,
    mtu_request: 1400,
    external_ids: { netlab: "demo" },
  });
  expect(device("gone")).toMatchObject({ type: "", ofport: -1, error: expect.stringContaining("No such device") });
  expect(device("sw0")).toMatchObject({ type: "internal", ofport: 65534, mtu_request: null });
});

test("an empty database", () => {
  expect(ovsRows(recorded("openvswitch-3.1.0/no-rows.json"))).toEqual({ bridges: [], ports: [], interfaces: [] });
});
