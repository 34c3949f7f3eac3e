// A physical interface in a bridge: what it has moves there and comes back to the last flag, connections live through both.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { type Box, withBox } from "../helpers/box.js";
import { figure, good } from "../helpers/faults.js";
import { machineState, plugIn, RICH, timesLeft } from "../helpers/physical.js";

const STREAM = path.resolve(import.meta.dirname, "../helpers/stream.mjs");
const scratch = mkdtempSync(path.join(tmpdir(), "netlab-physical-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const NAMESPACE = `namespaces: { vm: { interfaces: { eth0: { addresses: [198.51.100.50/24] } } } }
links: [{ endpoints: [vm:eth0, br0] }]
checks: [{ from: [host, vm], ping: 198.51.100.1 }]
`;
let files = 0;
function file(bridge: string): string {
  const name = path.join(scratch, `${++files}.yaml`);
  writeFileSync(name, `name: phys\nbridges: { br0: { ${bridge} } }\n${NAMESPACE}`);
  return name;
}
const LINUX = file("ports: { ens3: }");
const OVS = file("kind: ovs, ports: { ens3: }");
const STATIC = file("addresses: [198.51.100.77/24], ports: { ens3: }");
const BARE = file("");
const ASKED = "addresses: [dhcp], ports: { ens3: }";
const DHCP = file(ASKED);
const DHCP_OVS = file(`kind: ovs, ${ASKED}`);

const words = (box: Box, device: string) => box.sh(`ip -o address show dev ${device}`);
const empty = (box: Box, topology: string) => good(box, ["plan", "--detailed-exitcode", topology]);

describe.each([
  ["Linux", LINUX],
  ["Open vSwitch", OVS],
])("%s", (kind, topology) => {
  test("all that the interface has moves to the bridge, and comes back exactly", async () => {
    await withBox({ ovs: true }, async (box) => {
      await plugIn(box, "ens3", RICH);
      const before = await machineState(box);
      const [begun, times] = [performance.now(), await timesLeft(box)];
      const fingerprint = await box.fingerprint();
      await good(box, ["apply", "--yes", topology]);
      await empty(box, topology);
      expect(await words(box, "ens3")).not.toMatch(/198\.51|203\.0|2001:db8/);
      expect(await box.sh("ip -d route show table all")).not.toMatch(/(via|table 77).*dev ens3/);
      expect(await words(box, "br0")).toContain("198.51.100.20/24 scope global secondary br0:1");
      expect(await box.sh("cat /sys/class/net/br0/address 2>/dev/null || ip link show br0")).toContain(
        "02:00:5e:00:53:0a",
      );
      const settings = "net.ipv6.conf.br0.accept_ra net.ipv4.conf.br0.arp_notify";
      expect(await box.sh(`sysctl -n ${settings}`)).toBe("2\n1\n");
      await box.sh("ping -c1 -W5 198.51.100.1; ip netns exec vm ping -c1 -W5 198.51.100.1");
      await box.sh("ip netns exec outside ping -c1 -W5 198.51.100.20");
      await good(box, ["destroy", "--yes", topology]);
      expect(await machineState(box)).toBe(before);
      const [left, passed] = [await timesLeft(box), (performance.now() - begun) / 1000];
      // Each way a second may be lost by rounding, and the kernel's own counting.
      expect(times.length).toBeGreaterThan(4);
      for (const [i, time] of times.entries()) expect(time - left[i]!).toBeGreaterThan(-2);
      for (const [i, time] of times.entries()) expect(time - left[i]!).toBeLessThan(passed + 4);
      expect(await box.fingerprint()).toBe(fingerprint);
    });
  });

  test("a TCP stream through it survives the take-over and the return", async () => {
    await withBox({ ovs: true }, async (box) => {
      await firstBridge(box);
      await plugIn(box, "ens3");
      await listen(box);
      for (const verb of ["apply", "destroy"])
        await survives(box, `${verb}, ${kind}`, () => good(box, [verb, "--yes", topology]));
    });
  });
});

/** It has its address from a server; the machine prefers another interface's way out. */
const LEASED = `
  ip address change 198.51.100.10/24 dev ens3 valid_lft 900 preferred_lft 900
  ip route delete default
  ip route add default via 198.51.100.1 dev ens3 metric 50
  ip link add ens4 type veth peer name wan4 netns outside
  ip link set dev ens4 up
  ip address add 192.0.2.2/24 dev ens4
  ip route add default via 192.0.2.1 dev ens4
`;
const CLIENTS = ["udhcpc", "dhclient", "dhcpcd"];

describe.each([
  ["udhcpc", "Linux", DHCP],
  ["dhclient", "Linux", DHCP],
  ["dhcpcd", "Linux", DHCP],
  ["udhcpc", "Open vSwitch", DHCP_OVS],
])("by DHCP: %s, %s", (client, kind, topology) => {
  test("the bridge has the machine's lease, which outlives the lab; connections go on through all of it", async ({
    skip,
  }) => {
    await withBox({ ovs: kind !== "Linux" }, async (box) => {
      const installed = await box.sh(`for one in dnsmasq ${CLIENTS.join(" ")}; do command -v $one || :; done`);
      if (!installed.includes("dnsmasq") || !installed.includes(client)) skip("not installed");
      for (const other of CLIENTS.filter((one) => one !== client))
        await box.sh(`! command -v ${other} >/dev/null || mount --bind /dev/null "$(command -v ${other})"`);
      if (kind !== "Linux") await firstBridge(box);
      await plugIn(box, "ens3", LEASED);
      // As Debian and Ubuntu mount it.
      await box.sh("mount -o remount,noexec /run");
      await listen(box);
      const [before, fingerprint] = [await machineState(box), await box.fingerprint()];
      await survives(box, `apply, ${kind}, ${client}`, async () => {
        await good(box, ["apply", "--yes", topology]);
        const log = () => box.sh("cat /run/netlab/phys/services/host/dhcp-br0/log");
        await expect.poll(log, { timeout: 20_000 }).toMatch(/br0 has 198\.51\.100\.10\//);
      });
      expect(await lifetime(box, "br0")).toBeGreaterThan(900);
      expect(await box.sh("ip route show default")).toMatch(
        /^default via 192\.0\.2\.1 dev ens4 .*\ndefault via 198\S+ dev br0 .*\n$/,
      );
      expect(await box.sh("ip route show 10.77.128.0/17")).toMatch(
        /^10\S+ via 198\.51\.100\.2 dev br0 proto dhcp metric 50 \n$/,
      );
      await good(box, ["check", topology]);
      await empty(box, topology);
      await survives(box, `destroy, ${kind}, ${client}`, () => good(box, ["destroy", "--yes", topology]));
      expect(await lifetime(box, "ens3")).toBeGreaterThan(900);
      expect(await machineState(box)).toBe(before);
      expect(await box.fingerprint()).toBe(fingerprint);
    });
  });
});

/**
 * The first bridge of an ovs-vswitchd makes its userspace datapath, and now and then loses a packet in that moment: the
 * answer to an ARP request, which is asked again after a second.
 */
const firstBridge = (box: Box) =>
  box.sh("ovs-vsctl add-br first -- set bridge first datapath_type=netdev; ovs-vsctl del-br first");

/** Seconds that the machine's address is valid for. */
async function lifetime(box: Box, device: string): Promise<number> {
  const text = await box.sh(`ip address show dev ${device}`);
  return Number(/ 198\.51\.100\.10\/[^\n]*\n\s+valid_lft (\d+)sec/.exec(text)?.[1]);
}

/** Somebody outside who answers: `survives` talks to it. */
const listen = (box: Box) =>
  box.start(["ip", "netns", "exec", "outside", process.execPath, STREAM, "listen", "7000"]).until(/ready/);

/**
 * A userspace datapath may lose packets in the moment in which its ports change; TCP sends them again after 0.2 s, and after
 * twice as long each time that this one is lost, too.
 */
async function survives(box: Box, what: string, work: () => Promise<unknown>): Promise<void> {
  const silence = await during(box, work);
  figure(`milliseconds of silence: ${what}`, silence);
  expect(silence).toBeLessThan(what.includes("Open vSwitch") ? 3000 : 1000);
}

/** The longest silence, in milliseconds, of a stream to the outside while something is done; nothing of it is lost. */
async function during(box: Box, work: () => Promise<unknown>): Promise<number> {
  const client = box.start([process.execPath, STREAM, "198.51.100.1", "7000", "/run/enough"]);
  await client.until(/ready/);
  await work();
  await box.sh("touch /run/enough");
  const { code, stdout } = await client.ended;
  await box.sh("rm /run/enough");
  expect(code, stdout).toBe(0);
  const { whole, sent, silence } = JSON.parse(stdout.split("\n")[1]!);
  expect([whole, sent > 20]).toEqual([true, true]);
  return silence;
}

test("declared addresses of the bridge stand in for those of the interface; routes that hold with them come along", async () => {
  await withBox({}, async (box) => {
    await plugIn(box, "ens3", RICH);
    const before = await machineState(box);
    await good(box, ["apply", "--yes", STATIC]);
    await empty(box, STATIC);
    expect(await words(box, "br0")).toContain("198.51.100.77/24");
    expect((await words(box, "br0")) + (await words(box, "ens3"))).not.toMatch(/198\.51\.100\.[12]0|203\.0/);
    expect(await box.sh("ip route show default")).toContain("via 198.51.100.1 dev br0");
    await good(box, ["destroy", "--yes", STATIC]);
    expect(await machineState(box)).toBe(before);
  });
});

test("an interface lent to a namespace comes home as it was", async () => {
  await withBox({}, async (box) => {
    await plugIn(box, "ens3", `${RICH}\nip link set dev ens3 alias nic-1 mtu 1600`);
    const before = await machineState(box);
    const [lent, plain] = ["mtu: 1400, ", ""].map((mtu) => {
      const name = path.join(scratch, `lent${mtu.length}.yaml`);
      const entry = `{ existing: true, ${mtu}addresses: [198.51.100.60/24] }`;
      writeFileSync(name, `name: phys\nnamespaces: { red: { interfaces: { ens3: ${entry} } } }\n`);
      return name;
    });
    for (const topology of [lent!, plain!]) {
      await good(box, ["apply", "--yes", topology]);
      await empty(box, topology);
      // Back by hand.
      await box.sh("ip -n red link set dev ens3 netns 1");
      expect((await box.netlab(["plan", "--detailed-exitcode", topology])).code).toBe(2);
      await good(box, ["apply", "--yes", topology]);
      await box.sh("ip netns exec red ping -c1 -W5 198.51.100.1");
      const yaml = (await good(box, ["show", "--lab", "phys", "--yaml"])).stdout;
      const again = await box.netlab(["plan", "--detailed-exitcode", "-"], { input: yaml });
      expect(again.code, yaml + again.stdout + again.stderr).toBe(0);
      await good(box, ["destroy", "--yes", topology]);
      // The kernel looks for others with the link-local address when the link comes up.
      await expect.poll(() => machineState(box), { timeout: 60_000, interval: 200 }).toBe(before);
    }
    expect(await box.sh("ls /run/netlab 2>/dev/null || :")).toBe("");
  });
});

test("what is changed by hand is drift, and the way back is there from everywhere", async () => {
  await withBox({}, async (box) => {
    await plugIn(box, "ens3", RICH);
    const before = await machineState(box);
    for (const hand of [
      "ip link set dev ens3 nomaster",
      "ip link set dev ens3 type bridge_slave hairpin on",
      "ip link delete dev br0",
      "ip address add 198.51.100.10/24 dev ens3",
      "ip address delete 198.51.100.10/24 dev br0",
      "ip -6 route delete 2001:db8:5::/48",
    ]) {
      await good(box, ["apply", "--yes", LINUX], hand);
      await box.sh(hand);
      expect((await box.netlab(["plan", "--detailed-exitcode", LINUX])).code, hand).toBe(2);
      await good(box, ["apply", "--yes", LINUX], hand);
      await empty(box, LINUX);
      await box.sh(hand);
      await good(box, ["destroy", "--yes", LINUX], hand);
      expect(await machineState(box), hand).toBe(before);
    }
    // Taken out of the file, with the bridge still in it.
    await good(box, ["apply", "--yes", LINUX]);
    await good(box, ["apply", "--yes", BARE]);
    expect(await box.sh("ip -o route show default")).toContain("dev ens3");
    await good(box, ["destroy", "--yes", BARE]);
    expect(await machineState(box)).toBe(before);
  });
});

test("who else looks after an interface is found, and named", async () => {
  await withBox({}, async (box) => {
    await plugIn(box, "ens3");
    const warnings = async (topology: string) =>
      (await good(box, ["plan", topology])).stdout.match(/managed-interface {2}.*/g) ?? [];
    expect(await warnings(LINUX)).toEqual([]);
    await box.sh(`mkdir -p /run/systemd/netif/links /run/fake
      printf 'ADMIN_STATE=configured\n' >/run/systemd/netif/links/$(cat /sys/class/net/ens3/ifindex)
      printf '#!/bin/sh\nwhile sleep 1; do :; done\n' >/run/fake/dhclient; chmod +x /run/fake/dhclient`);
    expect(await warnings(LINUX)).toEqual([expect.stringMatching(/systemd-networkd sets ens3 up/)]);
    await box.sh("echo ADMIN_STATE=unmanaged >/run/systemd/netif/links/$(cat /sys/class/net/ens3/ifindex)");
    box.start(["/run/fake/dhclient", "-d", "ens3"]);
    box.start(["ip", "netns", "exec", "outside", "/run/fake/dhclient", "-d", "ens3"]);
    await expect.poll(() => box.sh("pgrep -c dhclient"), { timeout: 60_000 }).toBe("2\n");
    const client = /dhclient \(process \d+\) asks by DHCP for ens3/;
    expect(await warnings(LINUX)).toEqual([expect.stringMatching(client)]);
    expect(await warnings(LINUX)).toEqual([expect.stringContaining("the bridge asks instead")]);
    expect(await warnings(DHCP)).toEqual([expect.not.stringContaining("the bridge asks instead")]);
    await box.sh("kill $(pgrep dhclient); mv /run/fake/dhclient /run/fake/dhcpcd");
    box.start(["/run/fake/dhcpcd", "-q", "-b"]);
    await expect.poll(() => box.sh("pgrep -c dhcpcd"), { timeout: 60_000 }).toBe("1\n");
    const general = /dhcpcd \(process \d+, for every interface\) asks by DHCP for ens3.* "denyinterfaces ens3 br0"/;
    expect(await warnings(LINUX)).toEqual([expect.stringMatching(general)]);
  });
});

test("an interface that is pulled out of the machine is missed, and the lab can go", async () => {
  await withBox({}, async (box) => {
    await plugIn(box, "ens3");
    await good(box, ["apply", "--yes", LINUX]);
    await box.sh("ip link delete ens3");
    const { code, stdout, stderr } = await box.netlab(["plan", LINUX]);
    expect([code, stdout + stderr]).toEqual([1, expect.stringMatching(/the host has no interface of that name/)]);
    await good(box, ["destroy", "--yes", LINUX]);
    expect(await box.sh("ls /run/netlab 2>/dev/null || :; ip -br link show type bridge")).toBe("");
  });
});

test("what cannot be in a bridge is refused before the first change, with the cure", async () => {
  await withBox({}, async (box) => {
    await plugIn(box, "ens3");
    const refused = async (how: string, message: RegExp, undo: string, env = {}) => {
      await box.sh(how);
      const before = await machineState(box);
      const { code, stderr } = await box.netlab(["apply", "--yes", LINUX], { env });
      expect([code, stderr], how).toEqual([1, expect.stringMatching(message)]);
      expect(await machineState(box)).toBe(before);
      await box.sh(undo);
    };
    await refused(
      "ip link set dev ens3 name ens4",
      /the host has no interface of that name/,
      "ip link set dev ens4 name ens3; ip link set dev ens3 up",
    );
    await refused(
      "ip link add other type bridge; ip link set dev ens3 master other",
      /ens3 is in other already/,
      "ip link delete dev other",
    );
    await refused(
      "mkdir -p /run/fake; printf '#!/bin/sh\\necho ens3:connected\\n' >/run/fake/nmcli; chmod +x /run/fake/nmcli",
      /NetworkManager manages ens3[\s\S]*nmcli device set ens3 managed no/,
      "rm -r /run/fake",
      { PATH: `/run/fake:${process.env.PATH}` },
    );
    await refused(
      "ip nexthop add id 7 via 198.51.100.1 dev ens3; ip route add 10.7.0.0/16 nhid 7",
      /the route to 10\.7\.0\.0\/16 has "nhid"/,
      "ip route delete 10.7.0.0/16; ip nexthop delete id 7",
    );
  });
});
