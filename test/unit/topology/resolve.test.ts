// What a correct topology comes to: names, defaults, derived things, and where each was asked for.
import { describe, expect, test } from "vitest";
import { deviceOf, labOf, loadText, placeOf } from "./help.js";

const ROUTER = `
name: lab
namespaces:
  red: { interfaces: { eth0: { addresses: [10.0.0.1/24] } } }
  gw:
    forwarding: ipv4
    bridges: { br0: { addresses: [10.0.0.254/24], mtu: 1450 } }
    sysctl: { net/ipv4/conf/eth0.10/rp_filter: 0, net.core.somaxconn: " 5 " }
links:
  - endpoints: [red:eth0, gw/br0]
  - endpoints: [gw:eth0.10, { end: "host:up", addresses: [192.0.2.1/24], mac: "02:AA:00:00:00:01", up: false }]
    mtu: 9000
`;

describe("interfaces", () => {
  const lab = labOf(ROUTER);

  test("every namespace has lo, the host has none; lists are sorted", () => {
    expect(placeOf(lab, "gw").interfaces.map(({ name, made }) => [name, made])).toEqual([
      ["br0", "bridge"],
      ["eth0.10", "veth"],
      ["lo", "lo"],
      ["red-eth0", "veth"],
    ]);
    expect(lab.host.interfaces.map(({ name }) => name)).toEqual(["up"]);
    expect(lab.namespaces.map(({ name }) => name)).toEqual(["gw", "red"]);
  });

  test("a bridge is an interface with its own attributes, a link's mtu is that of both ends", () => {
    expect(deviceOf(lab, "gw", "br0")).toMatchObject({
      mtu: 1450,
      up: true,
      addresses: [{ address: "10.0.0.254", prefix: 24 }],
    });
    expect(deviceOf(lab, "gw", "eth0.10").mtu).toBe(9000);
    expect(deviceOf(lab, "host", "up")).toMatchObject({ mtu: 9000, up: false, mac: "02:aa:00:00:00:01" });
    expect(deviceOf(lab, "gw", "red-eth0")).not.toHaveProperty("mtu");
  });

  test("an interface's mtu beats the link's; attributes come from every place that gives some", () => {
    const merged = labOf(`
name: lab
namespaces: { red: { interfaces: { eth0: { mtu: 1400, addresses: [10.0.0.1/24] } } }, blue: }
links: [{ endpoints: [{ end: red:eth0, mac: "02:00:00:00:00:09", mtu: 1400 }, blue:eth0], mtu: 9000 }]
`);
    expect(deviceOf(merged, "red", "eth0")).toMatchObject({
      mtu: 1400,
      mac: "02:00:00:00:00:09",
      addresses: [{ family: 4 }],
    });
    expect(deviceOf(merged, "red", "eth0").origin).toBe("/namespaces/red/interfaces/eth0");
    expect(deviceOf(merged, "blue", "eth0")).toMatchObject({ mtu: 9000, origin: "/links/0/endpoints/1" });
  });

  test("links have their ends in order", () => {
    expect(lab.links.map(({ a, b }) => [a.place, a.name, b.place, b.name])).toEqual([
      ["gw", "eth0.10", "host", "up"],
      ["gw", "red-eth0", "red", "eth0"],
    ]);
  });

  test("forwarding and sysctls", () => {
    expect(placeOf(lab, "gw").forwarding).toMatchObject({ ipv4: true, ipv6: false });
    expect(placeOf(lab, "red").forwarding).toMatchObject({ ipv4: false, ipv6: false });
    expect(lab.host.forwarding).toEqual({ origin: "/host" });
    expect(placeOf(lab, "gw").sysctls.map(({ key, value }) => [key, value])).toEqual([
      ["net.core.somaxconn", "5"],
      ["net.ipv4.conf.eth0/10.rp_filter", "0"],
    ]);
    expect(labOf("name: lab\nhost: { forwarding: ipv4 }\n").host.forwarding).toEqual({
      ipv4: true,
      origin: "/host/forwarding",
    });
  });
});

describe("ports", () => {
  test("Open vSwitch: tags and trunks, internal ports in their namespaces", () => {
    const lab = labOf(`
name: lab
namespaces: { vm: { interfaces: { tap0: { kind: internal, bridge: br0, mtu: 1400 } } }, red: }
bridges: { br0: { kind: ovs, datapath: userspace, ports: { tap0: { tag: 10 }, red-eth0: { trunks: [20, 10, 20] } } } }
links: [{ endpoints: [red:eth0, br0] }]
`);
    expect(deviceOf(lab, "vm", "tap0")).toMatchObject({
      made: "internal",
      mtu: 1400,
      port: { bridge: "br0", kind: "ovs", tag: 10 },
    });
    expect(deviceOf(lab, "host", "red-eth0").port).toEqual({
      bridge: "br0",
      kind: "ovs",
      origin: "/bridges/br0/ports/red-eth0",
      hairpin: false,
      trunks: [10, 20],
    });
    expect(deviceOf(lab, "host", "br0").made).toBe("ovs-bridge");
    expect(lab.host.bridges).toEqual([
      { name: "br0", origin: "/bridges/br0", kind: "ovs", stp: false, datapath: "userspace" },
    ]);
  });

  test("a long far end gives a name with a hash, which does not change when other cables do", () => {
    const far =
      "name: lab\nnamespaces: { a-long-namespace: , b: }\nbridges: { br0: }\nlinks:\n  - endpoints: [a-long-namespace:eth0, br0]\n";
    const names = (text: string) => labOf(text).host.interfaces.map(({ name }) => name);
    expect(names(far)).toEqual(["a-long-n-8rji7n", "br0"]);
    expect(names(`${far}  - endpoints: [b:eth0, br0]\n`)).toContain("a-long-n-8rji7n");
  });

  test("two far ends of one readable name, or a name that is taken, get hashes", () => {
    const lab = labOf(`
name: lab
namespaces: { a-b: , a: , red: }
bridges: { br0: , red-eth0: }
links:
  - endpoints: [a-b:c, br0]
  - endpoints: [a:b-c, br0]
  - endpoints: [red:eth0, br0]
`);
    const names = lab.host.interfaces.map(({ name }) => name);
    expect(new Set(names).size).toBe(5);
    expect(names.filter((name) => /^(a|a-b|red)-[a-z0-9]{6}$/.test(name))).toHaveLength(3);
  });
});

describe("routes", () => {
  const routes = (list: string) =>
    placeOf(
      labOf(`
name: lab
namespaces:
  red:
    interfaces:
      eth0: { addresses: [10.0.0.1/24, "fd00::1/64"] }
      eth1: { addresses: [10.0.0.129/25] }
    routes: ${list}
  blue:
links: [{ endpoints: [red:eth0, blue:eth0] }, { endpoints: [red:eth1, blue:eth1] }]
`),
      "red",
    ).routes;

  test("the interface is the one with the longest prefix that has the gateway", () => {
    expect(routes("[{ to: default, via: 10.0.0.7 }]")[0]).toEqual({
      origin: "/namespaces/red/routes/0",
      family: 4,
      to: "0.0.0.0/0",
      type: "unicast",
      nexthops: [{ via: "10.0.0.7", dev: "eth0", weight: 1, onlink: false }],
      table: 254,
    });
    expect(routes("[{ to: default, via: 10.0.0.200 }]")[0]!.nexthops[0]!.dev).toBe("eth1");
  });

  test("a route with a dev alone reaches gateways too", () => {
    const [, second] = routes("[{ to: 192.0.2.1, dev: eth1 }, { to: 198.51.100.0/24, via: 192.0.2.1 }]");
    expect(second).toMatchObject({ to: "198.51.100.0/24", nexthops: [{ via: "192.0.2.1", dev: "eth1" }] });
  });

  test("the family of a default route is that of via, of a nexthop, of src, else IPv4", () => {
    expect(routes('[{ to: default, via: "FD00:0::2" }]')[0]).toMatchObject({
      family: 6,
      to: "::/0",
      nexthops: [{ via: "fd00::2" }],
    });
    expect(routes('[{ to: default, nexthops: [{ via: "fd00::2" }, { via: "fd00::3", weight: 5 }] }]')[0]).toMatchObject(
      {
        family: 6,
        nexthops: [{ weight: 1 }, { weight: 5 }],
      },
    );
    expect(routes('[{ to: default, dev: eth0, src: "fd00::1" }]')[0]).toMatchObject({ family: 6, src: "fd00::1" });
    expect(routes("[{ to: default, dev: eth0 }]")[0]!.family).toBe(4);
  });

  test("on-link and link-local gateways are taken at their word", () => {
    expect(routes("[{ to: default, via: 203.0.113.9, dev: eth0, onlink: true }]")[0]!.nexthops[0]!.onlink).toBe(true);
    expect(routes('[{ to: default, via: "fe80::1", dev: eth1 }]')[0]!.nexthops[0]).toMatchObject({
      via: "fe80::1",
      dev: "eth1",
    });
  });

  test("an address alone is a host route, other types have no nexthops", () => {
    expect(
      routes('[{ to: "fd00:9::1", type: blackhole }, { to: 192.0.2.1, type: prohibit, metric: 7, table: 100 }]'),
    ).toEqual([
      {
        origin: "/namespaces/red/routes/1",
        family: 4,
        to: "192.0.2.1/32",
        type: "prohibit",
        nexthops: [],
        metric: 7,
        table: 100,
      },
      {
        origin: "/namespaces/red/routes/0",
        family: 6,
        to: "fd00:9::1/128",
        type: "blackhole",
        nexthops: [],
        table: 254,
      },
    ]);
  });
});

test("NAT", () => {
  const lab = labOf(`
name: lab
host:
  nat:
    masquerade: [{ source: "FD00::/64", out: uplink0 }]
    forward: [{ protocol: tcp, port: 80, to: "[fd00::2]:8080" }, { address: 192.0.2.1, to: 10.0.0.2 }]
`);
  expect(lab.host.nat).toEqual({
    origin: "/host/nat",
    masquerade: [{ origin: "/host/nat/masquerade/0", family: 6, source: "fd00::/64", out: "uplink0" }],
    forward: [
      { origin: "/host/nat/forward/0", family: 6, protocol: "tcp", port: 80, to: "fd00::2", toPort: 8080 },
      { origin: "/host/nat/forward/1", family: 4, address: "192.0.2.1", to: "10.0.0.2" },
    ],
  });
});

test("checks are multiplied out, a listener has the port of the test where it has none", () => {
  const { checks } = labOf(`
name: lab
namespaces: { red: , blue: }
checks:
  - { from: [red, host], tcp: ["10.0.0.1:80", "[fd00::1]:81"], listen: blue, within: 0.5 }
`);
  expect(checks.map(({ from, test, listen }) => [from, test, listen?.port])).toEqual([
    ["red", { tcp: { address: "10.0.0.1", port: 80 } }, 80],
    ["red", { tcp: { address: "fd00::1", port: 81 } }, 81],
    ["host", { tcp: { address: "10.0.0.1", port: 80 } }, 80],
    ["host", { tcp: { address: "fd00::1", port: 81 } }, 81],
  ]);
  expect(checks[0]).toMatchObject({ expect: "ok", within: 0.5, origin: "/checks/0" });
});

describe("YAML", () => {
  test("anchors and merge keys; own keys win over merged ones", () => {
    const text = `
name: lab
namespaces:
  red: &base
    forwarding: true
    interfaces: &eth { eth0: { mtu: 1400 } }
  blue: { <<: *base, forwarding: ipv6 }
  green: { <<: [{ forwarding: ipv4 }, *base], interfaces: *eth }
links:
  - endpoints: [red:eth0, blue:eth0]
  - endpoints: [green:eth0, host:g0]
`;
    const lab = labOf(text);
    expect(deviceOf(lab, "blue", "eth0").mtu).toBe(1400);
    expect(placeOf(lab, "blue").forwarding).toMatchObject({ ipv4: false, ipv6: true });
    expect(placeOf(lab, "green").forwarding).toMatchObject({ ipv4: true, ipv6: false });
    const { locate } = loadText(text);
    expect(locate("/namespaces/blue/interfaces/eth0/mtu")).toMatchObject({ line: 6, column: 37, length: 4 });
  });

  test("null is an empty map or list, and words of YAML 1.1 are text", () => {
    const lab = labOf("name: no\nnamespaces:\n  off:\n    routes:\n    nat:\nbridges:\n  y:\nlinks:\nchecks:\n");
    expect(lab.name).toBe("no");
    expect(lab.namespaces.map(({ name }) => name)).toEqual(["off"]);
    expect(lab.links).toEqual([]);
  });

  test("names that JavaScript's objects have are only names", () => {
    const lab = labOf(
      "name: lab\nnamespaces: { constructor: , toString: , __proto__x: }\nlinks: [{ endpoints: [constructor:valueOf, toString:a] }]\n".replace(
        ", __proto__x:",
        "",
      ),
    );
    expect(lab.namespaces.map(({ name }) => name)).toEqual(["constructor", "toString"]);
    expect(deviceOf(lab, "constructor", "valueOf").made).toBe("veth");
  });

  test("the order of keys and links changes nothing", () => {
    const one = labOf(
      "name: lab\nnamespaces: { a: { forwarding: true }, b: }\nbridges: { br0: , br1: }\nlinks: [{ endpoints: [a:x, br0] }, { endpoints: [br1, b:y] }]\n",
    );
    const two = labOf(
      "links: [{ endpoints: [br1, b:y] }, { endpoints: [a:x, br0] }]\nbridges: { br1: , br0: }\nnamespaces: { b: , a: { forwarding: true } }\nname: lab\n",
    );
    const bare = (value: unknown) =>
      JSON.parse(JSON.stringify(value, (key, member) => (key === "origin" ? undefined : member)));
    expect(bare(two)).toEqual(bare(one));
  });
});

test("locate finds keys and values, and the nearest thing above what is not there", () => {
  const { locate } = loadText(ROUTER);
  expect(locate("/namespaces/red/interfaces/eth0/addresses/0")).toMatchObject({
    file: "lab.yaml",
    line: 4,
    column: 44,
    length: 11,
  });
  expect(locate("/namespaces/gw")).toMatchObject({ line: 5, column: 3, length: 2, source: "  gw:" });
  expect(locate("/links/1/endpoints/0")).toMatchObject({ line: 11, column: 17, length: 10 });
  expect(locate("/namespaces/gw/routes/3/via")).toMatchObject({ line: 5, column: 3 });
});
