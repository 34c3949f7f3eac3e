// A lab edited and edited back, on the real kernel: each edit is one apply, after which nothing differs.
import { beforeAll, expect, test } from "vitest";
import { Box } from "../helpers/box.js";

const BASE = `
name: edits
namespaces:
  red:
    interfaces: { eth0: { addresses: [10.1.0.1/24, "fd01::1/64"] } }
    routes: [{ to: default, via: 10.1.0.254 }]
  blue:
    interfaces: { eth0: { addresses: [10.1.0.2/24, 10.1.0.22/24] } }
    routes: [{ to: 10.9.0.0/16, via: 10.1.0.1 }]
  vm: { interfaces: { tap0: { kind: internal, bridge: sw0, addresses: [10.2.0.1/24] } } }
bridges:
  lan0: { addresses: [10.1.0.254/24] }
  sw0: { kind: ovs }
links:
  - endpoints: [red:eth0, lan0]
  - endpoints: [blue:eth0, lan0:to-blue]
  - endpoints: [vm:eth1, sw0:to-vm]
`;

/** Each a list of replacements in the file. */
const EDITS: { [what: string]: [from: string, to: string][] } = {
  "IPv6 off, and on again": [
    ["name: edits", "name: edits\nipv6: false"],
    [', "fd01::1/64"', ""],
  ],
  "another primary address": [["[10.1.0.2/24, 10.1.0.22/24]", "[10.1.0.22/24, 10.1.0.2/24]"]],
  "a primary address before the old one": [["[10.1.0.2/24, ", "[10.1.0.3/24, 10.1.0.2/24, "]],
  "a longer prefix": [
    ["10.1.0.1/24", "10.1.0.1/25"],
    ["via: 10.1.0.254", "via: 10.1.0.2"],
  ],
  "a Linux bridge to Open vSwitch": [["lan0: {", "lan0: { kind: ovs,"]],
  "Open vSwitch to a Linux bridge": [
    ["sw0: { kind: ovs }", "sw0:"],
    ["{ interfaces: { tap0: { kind: internal, bridge: sw0, addresses: [10.2.0.1/24] } } }", "{}"],
  ],
  "an internal port to a cable": [
    ["kind: internal, bridge: sw0, ", ""],
    ["links:", "links:\n  - endpoints: [vm:tap0, sw0]"],
  ],
  "an internal port to another namespace": [
    ["  vm: {", "  wm: {"],
    ["vm:eth1", "wm:eth1"],
  ],
  "a bridge into a namespace": [
    ["  lan0: { addresses: [10.1.0.254/24] }\n", ""],
    ["  vm:", "  gw: { bridges: { lan0: { addresses: [10.1.0.254/24] } } }\n  vm:"],
    ["red:eth0, lan0", "red:eth0, gw/lan0"],
    ["lan0:to-blue", "gw/lan0:to-blue"],
  ],
  "names of an interface and a port": [
    ["  blue:\n    interfaces: { eth0", "  blue:\n    interfaces: { eth9"],
    ["blue:eth0, lan0:to-blue", "blue:eth9, lan0:blue-port"],
  ],
};

let box: Box;
beforeAll(async () => {
  box = await Box.open({ ovs: true });
  await applied(BASE);
  return () => box.close();
});

async function applied(text: string): Promise<void> {
  for (const verb of [
    ["apply", "--yes"],
    ["plan", "--detailed-exitcode"],
  ]) {
    const { code, stdout, stderr } = await box.netlab([...verb, "-"], { input: text });
    expect(code, `netlab ${verb.join(" ")}\n${stdout}${stderr}`).toBe(0);
  }
}

test.each(Object.entries(EDITS))("%s", async (_, edits) => {
  const edited = edits.reduce((text, [from, to]) => {
    expect(text).toContain(from);
    return text.replace(from, to);
  }, BASE);
  await applied(edited);
  await applied(BASE);
});

test("settings that are taken out of the file are as they were before it; an edit that fails leaves them", async () => {
  const keys = ["net.ipv4.ip_default_ttl", "net.ipv4.conf.eth0.log_martians", "net.ipv4.conf.default.log_martians"];
  const values = async () => (await box.sh(`ip netns exec blue sysctl -n ${keys.join(" ")}`)).trim().split("\n");
  const withSettings = (...wanted: string[]) =>
    BASE.replace(
      "  blue:\n",
      `  blue:\n    sysctl: { ${wanted.map((value, i) => `${keys[i]}: ${value}`).join(", ")} }\n`,
    );
  const before = await values();
  await applied(withSettings("77", "1"));
  expect(await values()).toEqual(["77", "1", "0"]);
  for (const edited of [BASE, withSettings("88"), withSettings("77", "0", "1")]) {
    const broken = `${edited}host: { sysctl: { net.ipv4.nope: 1 } }\n`;
    const failed = await box.netlab(["apply", "--yes", "-"], { input: broken });
    expect(failed.stderr).toMatch(/Rolled back/);
    expect(await values()).toEqual(["77", "1", "0"]);
  }
  await applied(withSettings("78"));
  expect(await values()).toEqual(["78", before[1], before[2]]);
  await box.sh("ip netns delete blue");
  await applied(withSettings("78", "1"));
  await applied(BASE);
  expect(await values()).toEqual(before);
});

test("the first IPv4 address of a subnet is the primary one", async () => {
  const primaries = async () => (await box.sh("ip -n blue -o -4 address show dev eth0 -secondary")).trim();
  const [before, after] = ["10.1.0.2/24", "10.1.0.22/24"];
  expect(await primaries()).toContain(before);
  await applied(BASE.replace(`[${before}, ${after}]`, `[${after}, ${before}]`));
  expect(await primaries()).toContain(after);
});
