// What ovs-appctl says about learned addresses (Open vSwitch 3.1).
import { expect, test } from "vitest";
import { learnedRows } from "../../../../src/host/read/details.js";

test("Ports have their names, the bridge's own port that of the bridge", () => {
  const output = ` port  VLAN  MAC                Age
    2    10  02:00:00:00:15:01    3
LOCAL     0  02:66:e5:30:06:ea    0
    9     0  02:00:00:00:15:02   12
`;
  expect(learnedRows(output, "br1", new Map([["2", "up0"]]))).toEqual([
    { bridge: "br1", port: "up0", vlan: 10, mac: "02:00:00:00:15:01", age: 3 },
    { bridge: "br1", port: "br1", vlan: 0, mac: "02:66:e5:30:06:ea", age: 0 },
    { bridge: "br1", port: "9", vlan: 0, mac: "02:00:00:00:15:02", age: 12 },
  ]);
});
