// netlab doctor on real machines: it finds what is missing, and leaves no trace of having tried.
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Finding } from "../../src/engine/doctor/finding.js";
import { Box } from "../helpers/box.js";
import { noOthers, User } from "../helpers/user.js";

const OVS_LAB = "examples/03-ovs-veth.yaml";
const PLAIN_LAB = "examples/01-veth-pair.yaml";
const ROUTED_LAB = "examples/06b-nat-on-host.yaml";
let box: Box;

beforeAll(async () => {
  box = await Box.open({ ovs: true });
});
afterAll(() => box.close());

async function findings(where: Pick<Box, "netlab">, ...args: string[]) {
  const { code, stdout, stderr } = await where.netlab(["doctor", "--json", ...args]);
  expect(stderr).toBe("");
  const json = JSON.parse(stdout) as { format: number; ok: boolean; lab?: string; findings: Finding[] };
  const of = (level: Finding["level"]) => json.findings.filter((one) => one.level === level);
  return { code, ...json, of, named: (name: string) => json.findings.find((one) => one.name === name) };
}

test("It tries the kernel and Open vSwitch, and the machine is as before", async () => {
  const before = await box.fingerprint();
  const { code, format, named } = await findings(box);
  expect([code, format]).toEqual([0, 1]);
  for (const name of [
    "ip",
    "veth",
    "bridge",
    "nft masquerade ipv4",
    "nft dnat ipv6",
    "ovs-vswitchd",
    "userspace datapath",
  ])
    expect(named(name), name).toMatchObject({ level: "ok" });
  await expect.poll(() => box.fingerprint(), { timeout: 60_000 }).toBe(before);
});

test("What the kernel cannot do is what it says when asked otherwise", async () => {
  const { named } = await findings(box);
  for (const [feature, command] of [
    ["dummy", "ip link add name trial type dummy"],
    ["vxlan", "ip link add name trial type vxlan id 7 dstport 4789"],
    ["vlan", "ip link add name low type veth peer name high; ip link add link low name trial type vlan id 7"],
  ]) {
    const { code } = await box.run(["unshare", "-n", "sh", "-ec", command!]);
    expect(named(feature!)?.level, feature).toBe(code === 0 ? "ok" : "note");
  }
});

test("Every example can run here, and says so on a terminal", async () => {
  for (const file of [OVS_LAB, PLAIN_LAB, ROUTED_LAB]) {
    const { code, stdout, stderr } = await box.netlab(["doctor", file]);
    expect([code, stdout + stderr]).toEqual([
      0,
      expect.stringMatching(/^rights\n {2}ok .*\n[\s\S]*\nLab [\w-]+ can run here/),
    ]);
  }
});

test("A lab that lacks a program or a daemon cannot run, and is told how to cure it; others can", async () => {
  const bare = await Box.open();
  try {
    await bare.sh("nft=$(command -v nft); mount --bind /dev/null $nft");
    const ovs = await findings(bare, OVS_LAB);
    expect([ovs.code, ovs.ok, ovs.lab]).toEqual([1, false, "ovs-veth"]);
    expect(ovs.of("problem")).toMatchObject([{ name: "database", cure: "systemctl start openvswitch-switch" }]);
    const nat = await findings(bare, ROUTED_LAB);
    expect([nat.code, nat.of("problem")]).toMatchObject([1, [{ name: "nft", cure: "sudo apt install nftables" }]]);
    expect((await findings(bare, PLAIN_LAB)).code).toBe(0);
    expect((await findings(bare)).code).toBe(0);
  } finally {
    await bare.close();
  }
});

test("A firewall that drops is found, for labs that it concerns", async () => {
  await box.sh("nft -f test/fixtures/firewalls/docker.nft");
  try {
    expect((await findings(box)).named("ip filter FORWARD")).toMatchObject({
      level: "note",
      found: expect.stringMatching(/^Docker: it drops/),
    });
    const concerned = await findings(box, ROUTED_LAB);
    expect([concerned.code, concerned.named("forwarding")?.level]).toEqual([0, "note"]);
    expect((await findings(box, PLAIN_LAB)).of("note")).toEqual([]);
  } finally {
    await box.sh("nft flush ruleset");
  }
});

test("An ordinary user learns what goes without root", async () => {
  const user = await User.of(box);
  const { code, named } = await findings(user);
  expect([code, named("root")?.level, named("sandbox")?.level]).toEqual([0, "note", "ok"]);
  expect(named("veth")).toMatchObject({ level: "ok" });
  expect(named("userspace datapath")).toMatchObject({ level: "ok" });
  const planned = await user.netlab(["plan", ROUTED_LAB]);
  expect([planned.code, planned.stderr]).toEqual([1, expect.stringMatching(/needs root.*\n.*sudo netlab plan/)]);
});

test("Who may not open /dev/net/tun is told so", async ({ skip }) => {
  if (noOthers) skip(noOthers);
  const closed = await User.of(box, { tun: "600" });
  expect((await findings(closed)).named("userspace datapath")).toMatchObject({
    level: "note",
    cure: expect.stringContaining("/dev/net/tun"),
  });
});
