// Cross-checks on the edge: what is allowed, and what is only warned of.
import { describe, expect, test } from "vitest";
import { codesOf, labOf } from "./help.js";

describe("one address on one segment", () => {
  const twice = (bridge: string, extra = "") => `
name: lab
namespaces:
  a: { interfaces: { eth0: { addresses: [10.0.0.1/24]${extra} } } }
  b: { interfaces: { eth0: { addresses: [10.0.0.1/24]${extra} } } }
bridges: { br0: ${bridge}, br1: }
links: [{ endpoints: [a:eth0, br0:pa] }, { endpoints: [b:eth0, br0:pb] }]
`;

  test("is an error, also across two bridges, and unless both are shared", () => {
    expect(codesOf(twice("{}"))).toEqual(["duplicate-address"]);
    expect(codesOf(twice("{}").replace("br0:pb] }", "br1:pb] }, { endpoints: [br0:up, br1:down] }"))).toEqual([
      "duplicate-address",
    ]);
    expect(codesOf(twice("{}", ", shared: true"))).toEqual([]);
    expect(codesOf(twice("{}").replace("24] }", "24], shared: true }"))).toEqual(["duplicate-address"]);
  });

  test("is none on two segments: other bridges, other VLANs", () => {
    expect(codesOf(twice("{}").replace("br0:pb", "br1:pb"))).toEqual([]);
    expect(codesOf(twice("{ kind: ovs, ports: { pa: { tag: 10 }, pb: { tag: 20 } } }"))).toEqual([]);
    expect(codesOf(twice("{ kind: ovs, ports: { pa: { tag: 10 }, pb: { tag: 10 } } }"))).toEqual(["duplicate-address"]);
    expect(codesOf(twice("{ kind: ovs, ports: { pa: { tag: 10 }, pb: { trunks: [10] } } }"))).toEqual([]);
  });

  test("follows a VLAN over a trunk between two bridges", () => {
    const trunk = (vlans: string) => `
name: lab
namespaces:
  a: { interfaces: { eth0: { addresses: [10.0.0.1/24] } } }
  b: { interfaces: { eth0: { addresses: [10.0.0.1/24] } } }
bridges:
  br0: { kind: ovs, ports: { pa: { tag: 10 }, t0: { trunks: [${vlans}] } } }
  br1: { kind: ovs, ports: { pb: { tag: 10 }, t1: { trunks: [${vlans}] } } }
links: [{ endpoints: [a:eth0, br0:pa] }, { endpoints: [b:eth0, br1:pb] }, { endpoints: [br0:t0, br1:t1] }]
`;
    expect(codesOf(trunk("10, 20"))).toEqual(["duplicate-address"]);
    expect(codesOf(trunk("20"))).toEqual([]);
  });

  test("holds for an internal port and the bridge's own address", () => {
    const text = (tag: string) => `
name: lab
namespaces: { vm: { interfaces: { tap0: { kind: internal, bridge: br0, addresses: [10.0.0.1/24] } } } }
bridges: { br0: { kind: ovs, addresses: [10.0.0.1/24], ports: { tap0: ${tag} } } }
`;
    expect(codesOf(text("{}"))).toEqual(["duplicate-address"]);
    expect(codesOf(text("{ tag: 5 }"))).toEqual([]);
  });
});

describe("warnings leave the lab valid", () => {
  const valid = (text: string): string[] => {
    labOf(text);
    return codesOf(text);
  };

  test("a circle of bridges, unless one has stp or the VLANs differ", () => {
    const circle = (br0: string) => `
name: lab
bridges: { br0: ${br0}, br1: ${br0.replace("stp: true", "stp: false")} }
links: [{ endpoints: [br0:a, br1:a1] }, { endpoints: [br0:b, br1:b1] }]
`;
    expect(valid(circle("{}"))).toEqual(["bridge-loop"]);
    expect(valid(circle("{ stp: true }"))).toEqual([]);
    const vlans = "{ kind: ovs, ports: { a: { tag: 1 }, b: { tag: 2 } } }";
    const far = "{ kind: ovs, ports: { a1: { tag: 1 }, b1: { tag: 2 } } }";
    expect(valid(circle("{}").replace("br0: {}", `br0: ${vlans}`).replace("br1: {}", `br1: ${far}`))).toEqual([]);
  });

  test("overlapping subnets in one place, on two segments", () => {
    const text = (second: string) => `
name: lab
namespaces: { a: { interfaces: { eth0: { addresses: [10.0.0.1/16] }, eth1: { addresses: [${second}] } } }, b: }
links: [{ endpoints: [a:eth0, b:eth0] }, { endpoints: [a:eth1, b:eth1] }]
`;
    expect(valid(text("10.0.9.1/24"))).toEqual(["overlapping-subnets"]);
    expect(valid(text("10.1.9.1/24"))).toEqual([]);
    expect(valid(text("10.0.9.1/32"))).toEqual([]);
    expect(valid(text('"fe80::1/64"'))).toEqual([]);
  });

  test("NAT in a namespace that does not forward, on the host not", () => {
    const nat = "nat: { masquerade: [{ source: 10.0.0.0/24 }] }";
    expect(valid(`name: lab\nnamespaces: { gw: { ${nat} } }\n`)).toEqual(["nat-without-forwarding"]);
    expect(valid(`name: lab\nnamespaces: { gw: { ${nat}, forwarding: ipv4 } }\n`)).toEqual([]);
    expect(valid(`name: lab\nhost: { ${nat} }\n`)).toEqual([]);
  });

  test("the anycast address of an IPv6 subnet", () => {
    expect(valid('name: lab\nbridges: { br0: { addresses: ["fd00::/64"] } }\n')).toEqual(["not-a-host-address"]);
    expect(valid('name: lab\nbridges: { br0: { addresses: ["fd00::/127", 10.0.0.0/31] } }\n')).toEqual([]);
  });
});

test("one error is not the cause of others", () => {
  const text = (address: string, end: string) => `
name: lab
namespaces:
  a:
    interfaces: { eth0: { addresses: [${address}] } }
    routes: [{ to: default, via: 10.0.0.2, src: 10.0.0.1 }]
    nat: { masquerade: [{ out: eth0 }] }
    forwarding: true
  b:
links: [{ endpoints: [${end}, b:eth0] }]
`;
  expect(codesOf(text("10.0.0.1/24", "a:eth0"))).toEqual([]);
  expect(codesOf(text("10.0.0.1", "a:eth0"))).toEqual(["missing-prefix"]);
  expect(codesOf(text("10.0.0.1/24", "x:eth0"))).toEqual(["unknown-namespace"]);
  expect(codesOf(text("10.0.0.1/24", "5"))).toEqual(["not-text"]);
});
