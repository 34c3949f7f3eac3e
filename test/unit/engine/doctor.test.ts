// The doctor's judgement, on machines that lack one thing each, without a lab, with one that needs it, and one that does not.
import { beforeAll, describe, expect, test } from "vitest";
import type { Finding } from "../../../src/engine/doctor/finding.js";
import { diagnose } from "../../../src/engine/doctor/index.js";
import { type Needs, needsOf } from "../../../src/engine/doctor/needs.js";
import type { DoctorFacts } from "../../../src/host/doctor/facts.js";
import { NO_FACTS } from "../../../src/kinds/rows.js";
import { load } from "../../../src/topology/load.js";
import { DOCKER } from "../../helpers/docker-filters.js";

const TOOLS =
  "ip nsenter unshare flock sysctl grep nft ping ovs-vsctl ovs-vswitchd ovsdb-server ethtool conntrack dnsmasq udhcpc socat";
const FEATURES = [
  ...["ip -j", "veth", "bridge", "bridge vlan_filtering", "vlan", "vxlan", "dummy", "tun"],
  ...[4, 6].flatMap((family) => [`nft masquerade ipv${family}`, `nft dnat ipv${family}`]),
];

/** A machine that has everything. */
const healthy = (): DoctorFacts => ({
  rights: { root: true },
  tools: Object.fromEntries(TOOLS.split(" ").map((tool) => [tool, { path: `/usr/bin/${tool}`, version: "1.0" }])),
  features: Object.fromEntries(FEATURES.map((feature) => [feature, { works: true }])),
  ovs: { datapaths: ["netdev", "system"], bridges: 1, kernel: { works: true }, userspace: { works: true } },
  settings: {
    kernel: "6.1.0",
    sysctls: {
      "net.ipv4.ip_forward": "0",
      "user.max_net_namespaces": "15000",
      "net.ipv4.neigh.default.gc_thresh3": "1024",
      "net.ipv6.neigh.default.gc_thresh3": "1024",
    },
    ipv6: true,
    brNetfilter: false,
    writable: { settings: true, run: true },
    openFiles: 4096,
  },
  services: { running: [], networks: [], udev: [], unmanaged: [] },
  filters: { chains: [], settings: {} },
  namespaces: 3,
});

const labs: Record<string, Needs> = {};
const TEXTS: Record<string, string> = {
  plain:
    "name: plain\nnamespaces: { a: , b: }\nlinks: [{ endpoints: [a:eth0, b:eth0] }]\nchecks: [{ from: a, ping: 192.0.2.1 }]",
  routed: `
name: routed
namespaces: { a: { interfaces: { eth0: { addresses: [10.0.0.1/24, "fd00::1/64"] } } } }
bridges: { lan0: { addresses: [10.0.0.254/24, "fd00::fe/64"] } }
links: [{ endpoints: [a:eth0, lan0] }]
host: { forwarding: true, nat: { masquerade: [{ source: 10.0.0.0/24 }], forward: [{ protocol: tcp, port: 80, to: "[fd00::1]:80" }] } }`,
  ovs: "name: ovs\nnamespaces: { a: }\nbridges: { sw0: { kind: ovs } }\nlinks: [{ endpoints: [a:eth0, sw0] }]",
  served: `
name: served
namespaces: { a: { interfaces: { eth0: { addresses: [dhcp] } }, services: { web: { command: [socat, "-"] } } } }
bridges: { lan0: { addresses: [10.0.0.254/24], dhcp: { range: 10.0.0.1-10.0.0.9 } } }
links: [{ endpoints: [a:eth0, lan0] }]`,
  boxed: "name: boxed\nsandbox: true\nnamespaces: { a: , b: }\nlinks: [{ endpoints: [a:eth0, b:eth0] }]",
};

beforeAll(async () => {
  for (const [name, text] of Object.entries(TEXTS)) {
    const { lab, diagnostics } = await load({ text, file: `${name}.yaml` });
    expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
    labs[name] = needsOf(lab!, NO_FACTS);
  }
});

/** What is not well. */
function complaints(change: (facts: DoctorFacts) => void, lab?: string): string[] {
  const facts = healthy();
  change(facts);
  return diagnose(facts, lab === undefined ? undefined : labs[lab])
    .filter(({ level }) => level !== "ok")
    .map(({ level, name }: Finding) => `${level} ${name}`);
}

const gone = (tool: string) => (facts: DoctorFacts) => {
  facts.tools[tool] = { path: null, version: null };
};
const unable = (feature: string) => (facts: DoctorFacts) => {
  facts.features[feature] = { works: false, words: "Operation not supported" };
};
const sysctl = (key: string, value: string) => (facts: DoctorFacts) => {
  facts.settings.sysctls[key] = value;
};
const running = (name: string) => (facts: DoctorFacts) => {
  facts.services.running = [name];
};

test.each([undefined, ...Object.keys(TEXTS)])("Nothing is wrong with a machine that has everything (lab %s)", (lab) => {
  expect(complaints(() => {}, lab)).toEqual([]);
});

test("One of two programs is enough for a way out of a sandbox", async () => {
  const text = "name: out\nsandbox: { uplink: true }\nnamespaces: { a: }";
  const needs = needsOf((await load({ text, file: "out.yaml" })).lab!, NO_FACTS);
  const found = (tools: string[]) => {
    const facts = healthy();
    for (const one of ["pasta", "slirp4netns"])
      facts.tools[one] = { path: tools.includes(one) ? one : null, version: null };
    return diagnose(facts, needs).flatMap(({ level, cure }) => (level === "ok" ? [] : [cure]));
  };
  expect(found(["pasta"])).toEqual([]);
  expect(found(["slirp4netns"])).toEqual([]);
  expect(found([])).toEqual(["sudo apt install passt", "sudo apt install slirp4netns"]);
});

test("One of three programs is enough to ask by DHCP", () => {
  const found = (tools: string[]) =>
    complaints((facts) => {
      for (const one of ["udhcpc", "dhclient", "dhcpcd"])
        facts.tools[one] = { path: tools.includes(one) ? one : null, version: null };
    }, "served");
  for (const one of ["udhcpc", "dhclient", "dhcpcd"]) expect(found([one])).toEqual([]);
  expect(found([])).toEqual(["problem udhcpc"]);
});

describe.each<[string, (facts: DoctorFacts) => void, Record<string, string[]>]>([
  ["no ip", gone("ip"), { none: ["problem ip"], plain: ["problem ip"] }],
  ["no nft", gone("nft"), { none: ["note nft"], plain: [], routed: ["problem nft"] }],
  ["no ping", gone("ping"), { none: ["note ping"], plain: ["problem ping"], routed: [] }],
  ["no ethtool", gone("ethtool"), { none: ["note ethtool"], plain: [], ovs: ["problem ethtool"] }],
  ["no dnsmasq", gone("dnsmasq"), { none: ["note dnsmasq"], plain: [], served: ["problem dnsmasq"] }],
  ["no DHCP client", gone("udhcpc"), { none: ["note udhcpc"], plain: [], served: ["problem udhcpc"] }],
  ["no program of a service", gone("socat"), { plain: [], served: ["problem socat"] }],
  ["an ip without JSON", unable("ip -j"), { none: ["problem ip -j"], plain: ["problem ip -j"] }],
  ["no veth", unable("veth"), { none: ["problem veth"], plain: ["problem veth"] }],
  ["no bridge", unable("bridge"), { none: ["note bridge"], plain: [], routed: ["problem bridge"] }],
  ["no dummy", unable("dummy"), { none: ["note dummy"], plain: [] }],
  [
    "no NAT",
    unable("nft masquerade ipv4"),
    { none: ["note nft masquerade ipv4"], plain: [], routed: ["problem nft masquerade ipv4"] },
  ],
  ["no NAT for IPv6", unable("nft dnat ipv6"), { plain: [], routed: ["problem nft dnat ipv6"] }],
  [
    "a user without root",
    (facts) => {
      facts.rights.root = false;
      delete facts.filters;
    },
    { none: ["note root", "note rules"], plain: ["note root", "note rules"], boxed: ["note rules"] },
  ],
  [
    "a user who may make no namespaces",
    (facts) => {
      facts.rights = { root: false, sandboxTrouble: { message: "user.max_user_namespaces is 0", hint: "sudo sysctl" } };
      facts.features = {};
    },
    { none: ["problem root", "problem sandbox", "note features"], boxed: ["problem sandbox", "note features"] },
  ],
  [
    "settings that nobody may write",
    (facts) => {
      facts.settings.writable.settings = false;
    },
    { none: ["problem /proc/sys"], plain: ["problem /proc/sys"] },
  ],
  [
    "no Open vSwitch",
    (facts) => {
      facts.ovs.trouble = { message: "ovsdb-server does not run" };
      facts.ovs.datapaths = null;
    },
    { none: ["note database"], plain: [], ovs: ["problem database"] },
  ],
  [
    "no ovs-vswitchd",
    (facts) => {
      facts.ovs.datapaths = null;
    },
    { none: ["note ovs-vswitchd"], ovs: ["problem ovs-vswitchd"] },
  ],
  [
    "no kernel datapath",
    (facts) => {
      facts.ovs.kernel = { works: false, words: "" };
    },
    { none: ["note kernel datapath"], ovs: [] },
  ],
  [
    "no userspace datapath",
    (facts) => {
      facts.ovs.userspace = { works: false, words: "needs /dev/net/tun" };
    },
    { ovs: ["problem userspace datapath"], plain: [] },
  ],
  [
    "Docker",
    (facts) => {
      facts.filters = DOCKER;
    },
    { none: ["note ip filter FORWARD"], plain: [], routed: ["note forwarding"] },
  ],
  [
    "a firewall before the machine itself",
    (facts) => {
      const input = { family: "inet" as const, table: "filter", name: "input", hook: "input", policy: "drop" };
      facts.filters = { settings: {}, chains: [{ ...input, rules: [] }] };
    },
    { none: ["note inet filter input"], plain: [], served: ["note forwarding"] },
  ],
  [
    "tables of iptables-legacy that cannot be read",
    (facts) => {
      facts.filters = {
        settings: {},
        chains: [{ family: "legacy-ip", table: "filter", name: "FORWARD", hook: "forward", rules: [], hidden: true }],
      };
    },
    { none: ["note legacy-ip filter FORWARD"], routed: ["note forwarding"] },
  ],
  [
    "no IPv6",
    (facts) => {
      facts.settings.ipv6 = false;
    },
    { none: ["note IPv6"], plain: [], routed: ["problem IPv6"] },
  ],
  ["IPv6 switched off", sysctl("net.ipv6.conf.all.disable_ipv6", "1"), { plain: [], routed: ["problem IPv6"] }],
  ["few namespaces", sysctl("user.max_net_namespaces", "4"), { none: [], plain: ["problem user.max_net_namespaces"] }],
  [
    "few neighbours",
    sysctl("net.ipv6.neigh.default.gc_thresh3", "3"),
    { none: [], routed: ["note net.ipv6.neigh.default.gc_thresh3"] },
  ],
  [
    "few open files",
    (facts) => {
      facts.settings.openFiles = 256;
    },
    { none: ["note open files"] },
  ],
  [
    "NetworkManager",
    running("NetworkManager"),
    { none: ["note NetworkManager"], plain: [], routed: ["note NetworkManager"] },
  ],
  ["dhcpcd", running("dhcpcd"), { plain: [], routed: ["note dhcpcd"] }],
  [
    "udev rules",
    (facts) => {
      facts.services.udev = ["/etc/udev/rules.d/70-net.rules"];
    },
    { none: ["note udev"], plain: [] },
  ],
])("%s", (_, change, expected) => {
  test.each(Object.entries(expected))("lab %s", (lab, findings) => {
    expect(complaints(change, lab === "none" ? undefined : lab)).toEqual(findings);
  });
});

test("A manager that is told to leave the lab's devices alone is no trouble", () => {
  const told = (unmanaged: string) => (facts: DoctorFacts) => {
    facts.services = { ...facts.services, running: ["NetworkManager"], unmanaged: [unmanaged] };
  };
  expect(complaints(told("mac:02:*;interface-name:lan*,interface-name:a-eth0"), "routed")).toEqual([]);
  expect(complaints(told("interface-name:lan*"), "routed")).toEqual(["note NetworkManager"]);
  const matching =
    (...names: string[]) =>
    (facts: DoctorFacts) => {
      facts.services = { ...facts.services, running: ["systemd-networkd"], networks: [{ file: "a.network", names }] };
    };
  expect(complaints(matching("en*", "eth?"), "routed")).toEqual([]);
  expect(complaints(matching("l*"), "routed")).toEqual(["note systemd-networkd"]);
});

test("A bridge with more ports than a Linux bridge takes", async () => {
  const links = Array.from({ length: 1024 }, (_, i) => ({ endpoints: [`n${i}:eth0`, "lan0"] }));
  const namespaces = Object.fromEntries(links.map((_, i) => [`n${i}`, null]));
  const text = JSON.stringify({ name: "big", namespaces, bridges: { lan0: null }, links });
  const { lab } = await load({ text, file: "big.yaml" });
  const found = diagnose(healthy(), needsOf(lab!, NO_FACTS)).filter(({ level }) => level === "problem");
  expect(found).toMatchObject([{ name: "ports of a bridge", found: "lan0 has 1024, a Linux bridge takes 1023" }]);
});

test("Whatever is a problem has a cure", () => {
  const facts = healthy();
  for (const tool of Object.keys(facts.tools)) gone(tool)(facts);
  facts.rights.root = false;
  facts.ovs.userspace = { works: false, words: "it does not start" };
  facts.filters = DOCKER;
  const bad = diagnose(facts).filter(({ level }) => level !== "ok");
  expect(bad.length).toBeGreaterThan(15);
  for (const { name, cure } of bad) expect(cure, name).toMatch(/\w/);
});
