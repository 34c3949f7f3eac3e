// A lab beside each firewall: what drops is named, accepted where that is asked for, and left as it was.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { Box, type Ran } from "../helpers/box.js";

const FIXTURES = path.resolve("test/fixtures/firewalls");
const scratch = mkdtempSync(path.join(tmpdir(), "netlab-firewall-"));
const file = (name: string, text: string) => {
  writeFileSync(path.join(scratch, name), text);
  return path.join(scratch, name);
};
/** The example: a bridge and a cable, routed by the host. Its checks are not waited for as long. */
const text = readFileSync("examples/11-firewall.yaml", "utf8").replaceAll(/(- \{ from: .*) \}/g, "$1, within: 1 }");
const ACCEPT = file("accept.yaml", text);
const LEAVE = file("leave.yaml", text.replace(/^ {2}firewall: accept/m, "  firewall: leave"));
let box: Box;

beforeAll(async () => {
  box = await Box.open();
});
afterAll(async () => {
  await box.close();
  rmSync(scratch, { recursive: true, force: true });
});
beforeEach(async () => {
  await box.sh("nft flush ruleset");
});
afterEach(async () => {
  await box.netlab(["destroy", "--yes", ACCEPT]);
});

async function netlab(...args: string[]): Promise<Ran> {
  return box.netlab(args);
}

async function succeeds(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await netlab(...args);
  expect(code, `netlab ${args.join(" ")}\n${stdout}${stderr}`).toBe(0);
  return stdout + stderr;
}

/** Without counters, which count. */
const ruleset = () => box.sh("nft -s list ruleset");

const isEmpty = async (...args: string[]) => (await netlab("plan", "--detailed-exitcode", ...args)).code === 0;

describe.each([
  ["docker", "Docker's firewall (the chain FORWARD of the table filter (ip)) drops what", "ip filter DOCKER-USER"],
  [
    "firewalld",
    "firewalld's firewall (the chain filter_FORWARD of the table firewalld (inet)) drops what",
    "inet firewalld filter_FORWARD",
  ],
  ["ufw", "ufw's firewall (the chain FORWARD of the table filter (ip)) drops what", "ip filter FORWARD"],
  ["by-hand", "(the chain forward of the table mine (inet)) drops what", "bridge mine forward"],
])("%s", (name, words, chain) => {
  test("drops, is named, lets the lab through, and is as before", async () => {
    await box.sh(`nft -f ${FIXTURES}/${name}.nft`);
    const before = await ruleset();
    expect(await succeeds("apply", "--yes", LEAVE)).toContain(words);
    const failed = await netlab("check", LEAVE);
    expect([failed.code, failed.stderr]).toEqual([1, expect.stringContaining(words)]);
    expect(await ruleset()).toBe(before);

    const planned = await succeeds("plan", ACCEPT);
    expect(planned).toContain(`+  firewall  ${chain.replaceAll(" ", "/")}`);
    expect(planned).not.toContain("warning");
    await succeeds("apply", "--yes", ACCEPT);
    expect(await ruleset()).toContain(`comment "netlab:firewall"`);
    await succeeds("check", ACCEPT);
    expect(await isEmpty(ACCEPT)).toBe(true);

    await box.sh(`nft flush ruleset; nft -f ${FIXTURES}/${name}.nft`);
    expect(await isEmpty(ACCEPT)).toBe(false);
    const again = await netlab("check", ACCEPT);
    expect([again.code, again.stderr]).toEqual([1, expect.stringContaining("netlab apply puts them there")]);
    await succeeds("apply", "--yes", ACCEPT);
    await succeeds("check", ACCEPT);
    await succeeds("destroy", "--yes", ACCEPT);
    expect(await ruleset()).toBe(before);
  });
});

/** A server of addresses and names on the host, and who asks it. */
const SERVED = (firewall: string) => `
name: firewall
namespaces:
  guest: { interfaces: { eth0: { addresses: [dhcp] } } }
  fixed: { interfaces: { eth0: { addresses: [10.74.0.5/24] } } }
bridges: { lan74: { addresses: [10.74.0.1/24], dhcp: { range: 10.74.0.100-10.74.0.110 } } }
links: [{ endpoints: [guest:eth0, lan74] }, { endpoints: [fixed:eth0, lan74] }]
host: { firewall: ${firewall} }
checks:
  - { from: guest, ping: 10.74.0.1, within: ${firewall === "accept" ? 20 : 1} }
  - { from: fixed, tcp: "10.74.0.1:8080", listen: "host:8080", within: 1 }`;

test.each([
  ["ufw", "ufw's firewall (the chain INPUT of the table filter (ip))", "ip filter INPUT"],
  [
    "firewalld",
    "firewalld's firewall (the chain filter_INPUT of the table firewalld (inet))",
    "inet firewalld filter_INPUT",
  ],
])("%s: what clients ask of the host is dropped, is named, and is let through", async (name, who, chain) => {
  const [leave, accept] = ["leave", "accept"].map((word) => file(`served-${word}.yaml`, SERVED(word)));
  await box.sh(`nft -f ${FIXTURES}/${name}.nft`);
  const before = await ruleset();
  const words = `${who} drops what the lab sends to the host itself (lan74)`;
  expect(await succeeds("apply", "--yes", leave!)).toContain(words);
  const failed = await netlab("check", leave!);
  expect([failed.code, failed.stderr.match(/check-failed/g)]).toEqual([1, ["check-failed", "check-failed"]]);
  expect(failed.stderr).toContain(words);
  expect(await succeeds("apply", "--yes", accept!)).not.toContain("warning");
  await succeeds("check", accept!);
  expect(await box.sh("ip netns exec fixed getent hosts guest")).toMatch(/^10\.74\.0\.1\d\d +guest$/m);
  expect(await box.sh(`nft list chain ${chain}`)).toMatch(
    /\{[^{}]*hook input[^{}]*?;\s*(policy \w+;\s*)?iifname "lan74" accept/,
  );
  await succeeds("destroy", "--yes", accept!);
  expect(await ruleset()).toBe(before);
});

test("Both families are let through, each in its own tables", async () => {
  const both = text
    .replace("forwarding: ipv4", "forwarding: true")
    .replaceAll(/\[10\.70\.(\d)\.(\d+)\/24\]/g, '[10.70.$1.$2/24, "fd00:70:$1::$2/64"]')
    .replaceAll(/(\{ to: default, via: 10\.70\.(\d)\.254 \})/g, '$1, { to: default, via: "fd00:70:$2::254" }')
    .replaceAll("10.70.2.1]", '"fd00:70:2::1"]');
  // Link-local addresses, with which IPv6 neighbours are asked for, may be tentative for the first second.
  const lab = file("both.yaml", both.replaceAll("within: 1 ", "within: 5 "));
  await box.sh(`nft -f ${FIXTURES}/ufw.nft; sysctl -q net.ipv6.conf.all.disable_ipv6=0`);
  const before = await ruleset();
  await succeeds("apply", "--yes", file("both-leave.yaml", both.replace(/^ {2}firewall: accept/m, "")));
  const { results } = JSON.parse((await netlab("check", "--json", lab)).stdout);
  expect(results.map(({ ok }: { ok: boolean }) => ok)).toContain(false);
  await succeeds("apply", "--yes", lab);
  await succeeds("check", lab);
  expect(await box.sh("nft list table ip6 filter")).toContain("netlab:firewall");
  await succeeds("destroy", "--yes", lab);
  expect(await ruleset()).toBe(before);
});

test("A table that only its maker may change is told of, and the lab is made all the same", async () => {
  // It is gone when its maker ends.
  const orders = `
    echo 'add table inet firewalld { flags owner; }'
    echo 'add chain inet firewalld f { type filter hook forward priority 10; policy drop; }'
    cat /run/hold`;
  await box.sh("mkfifo /run/hold");
  const owner = box.start(["sh", "-c", `{ ${orders}; } | nft -i`]);
  await box.sh("for i in $(seq 100); do nft list chain inet firewalld f && exit; sleep 0.1; done; exit 1");
  try {
    expect(await succeeds("apply", "--yes", ACCEPT)).toContain("firewall-locked");
    const failed = await netlab("check", ACCEPT);
    expect([failed.code, failed.stderr]).toEqual([1, expect.stringContaining("NftablesTableOwner=no")]);
    await succeeds("destroy", "--yes", ACCEPT);
  } finally {
    await box.sh(": >/run/hold");
    await owner.ended;
  }
});

test("libvirt's rules are for its own bridge: a lab that does not use it is let alone, one that does is let through", async () => {
  await box.sh(`nft -f ${FIXTURES}/libvirt.nft`);
  const before = await ruleset();
  await succeeds("apply", "--yes", ACCEPT);
  await succeeds("check", ACCEPT);
  expect(await ruleset()).toBe(before);
  await succeeds("destroy", "--yes", ACCEPT);

  await box.sh(`
    ip netns add guest; ip link add virbr0 type bridge; ip link set virbr0 up; ip address add 192.168.122.1/24 dev virbr0
    ip link add vnet0 master virbr0 type veth peer name eth0 netns guest; ip link set vnet0 up
    ip -n guest link set eth0 up; ip -n guest address add 192.168.122.2/24 dev eth0`);
  try {
    const lab = (firewall: string) => `
      name: firewall
      namespaces: { red: { interfaces: { eth0: { addresses: [10.72.0.1/24] } }, routes: [{ to: default, via: 10.72.0.254 }] } }
      links: [{ endpoints: ["red:eth0", { end: "host:gw72", addresses: [10.72.0.254/24] }] }]
      host: { forwarding: ipv4, nat: { masquerade: [{ source: 10.72.0.0/24, out: virbr0 }] }, firewall: ${firewall} }
      checks: [{ from: red, ping: 192.168.122.2, within: 1 }]`;
    const [leave, accept] = ["leave", "accept"].map((word) => file(`libvirt-${word}.yaml`, lab(word)));
    expect(await succeeds("apply", "--yes", leave!)).toContain("libvirt's firewall (the chain FORWARD");
    expect((await netlab("check", leave!)).code).toBe(1);
    await succeeds("apply", "--yes", accept!);
    await succeeds("check", accept!);
    await succeeds("destroy", "--yes", accept!);
    expect(await ruleset()).toBe(before);
  } finally {
    await box.sh("ip link delete virbr0; ip netns delete guest");
  }
});

test("What a bridge carries is dropped where br_netfilter shows it to the filters of IP, and not where it does not", async ({
  skip,
}) => {
  const setting = "net.bridge.bridge-nf-call-iptables";
  if ((await box.run(["sysctl", setting])).code !== 0) skip("br_netfilter is not loaded");
  const lab = (more: string) => `
    name: firewall
    namespaces: { a: { interfaces: { eth0: { addresses: [10.73.0.1/24] } } }, b: { interfaces: { eth0: { addresses: [10.73.0.2/24] } } } }
    bridges: { lan73: }
    links: [{ endpoints: [a:eth0, lan73] }, { endpoints: [b:eth0, lan73] }]
    checks: [{ from: a, ping: 10.73.0.2, within: 1 }]
    ${more}`;
  const [leave, accept] = [file("l2.yaml", lab("")), file("l2-accept.yaml", lab("host: { firewall: accept }"))];
  await box.sh(`nft -f ${FIXTURES}/docker.nft; sysctl -q ${setting}=1`);
  const before = await ruleset();
  expect(await succeeds("apply", "--yes", leave)).toContain("firewall-drops");
  expect((await netlab("check", leave)).code).toBe(1);
  await succeeds("apply", "--yes", accept);
  await succeeds("check", accept);
  expect(await ruleset()).toContain('iifname "lan73" oifname "lan73" accept comment "netlab:firewall"');
  await box.sh(`sysctl -q ${setting}=0`);
  await succeeds("apply", "--yes", accept);
  expect(await ruleset()).toBe(before);
  await succeeds("check", accept);
  expect(await succeeds("plan", leave)).not.toContain("firewall-drops");
  await succeeds("destroy", "--yes", accept);
});

test("Two labs beside one firewall: each takes its own rules away", async () => {
  await box.sh(`nft -f ${FIXTURES}/docker.nft`);
  const before = await ruleset();
  const other = file(
    "other.yaml",
    text
      .replace(/^name: .*/m, "name: other")
      .replaceAll(/\b(desk\d|server)\b/g, "$1o")
      .replaceAll("10.70.", "10.71.")
      .replaceAll("lan70", "lan71")
      .replaceAll("gw70", "gw71"),
  );
  await succeeds("apply", "--yes", ACCEPT);
  const one = await ruleset();
  await succeeds("apply", "--yes", other);
  await succeeds("check", other);
  expect(await isEmpty(ACCEPT)).toBe(true);
  await succeeds("destroy", "--yes", other);
  expect(await ruleset()).toBe(one);
  await succeeds("destroy", "--yes", ACCEPT);
  expect(await ruleset()).toBe(before);
});

/** @returns a search path with an nft that does this with the lab's own rules, which are in /run/asked */
async function nftThat(name: string, does: string): Promise<string> {
  const folder = path.join(scratch, name);
  await box.sh(`
    mkdir -p ${folder}
    real=$(command -v nft)
    cat >${folder}/nft <<END
#!/bin/sh
[ "\\$*" = "-f -" ] || exec $real "\\$@"
cat >/run/asked
grep -q netlab:firewall /run/asked || exec $real -f /run/asked
${does.replaceAll("$", "\\$").replace("nft", "$real")}
END
    chmod +x ${folder}/nft`);
  return `${folder}:${process.env.PATH}`;
}

test("An apply that fails takes the rules away again; a command that fails when it has done its work is no failure", async () => {
  await box.sh(`nft -f ${FIXTURES}/docker.nft`);
  const before = await ruleset();
  const bad = file(
    "bad.yaml",
    text.replace("  desk2:\n", "  desk2:\n    sysctl: { net.ipv4.conf.all.rp_filter: none }\n"),
  );
  const late = await netlab("apply", "--yes", "-v", bad);
  expect([late.code, late.stderr]).toEqual([1, expect.stringMatching(/nft -f[\s\S]*Rolled back/)]);
  expect(await ruleset()).toBe(before);

  const failing = await nftThat("failing", "nft -f /run/asked; echo no >&2; exit 1");
  const { code, stderr } = await box.netlab(["apply", "--yes", ACCEPT], { env: { PATH: failing } });
  expect([code, stderr]).toEqual([0, expect.stringContaining("Applied lab firewall")]);
  const refusing = await nftThat("refusing", "echo no >&2; exit 1");
  await succeeds("destroy", "--yes", ACCEPT);
  const refused = await box.netlab(["apply", "--yes", ACCEPT], { env: { PATH: refusing } });
  expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining("firewall:host/ip/filter/DOCKER-USER")]);
  expect(await ruleset()).toBe(before);
  expect(await box.sh("ip netns list")).toBe("");
});

test("An apply that is killed when it has put the rules in is ended by destroy, or by the next apply", async () => {
  await box.sh(`nft -f ${FIXTURES}/docker.nft`);
  const before = await ruleset();
  const killing = await nftThat("killing", "nft -f /run/asked; kill -KILL $PPID");
  for (const verb of ["destroy", "apply"]) {
    const { code } = await box.netlab(["apply", "--yes", ACCEPT], { env: { PATH: killing, NETLAB_BATCH: "single" } });
    expect(code).toBe(137);
    expect(await ruleset()).toContain("netlab:firewall");
    await succeeds(verb, "--yes", ACCEPT);
  }
  await succeeds("check", ACCEPT);
  await succeeds("destroy", "--yes", ACCEPT);
  expect(await ruleset()).toBe(before);
});

test("Tables of iptables-legacy are passed by iptables-legacy", async ({ skip }) => {
  if ((await box.run(["iptables-legacy", "--version"])).code !== 0) skip("iptables-legacy is not installed");
  await box.sh("iptables-legacy -P FORWARD DROP; iptables-legacy -A FORWARD -o eth9 -j ACCEPT");
  try {
    const before = await box.sh("iptables-legacy -S");
    expect(await succeeds("apply", "--yes", LEAVE)).toContain(
      "(the chain FORWARD of the table filter (iptables-legacy)) drops",
    );
    expect((await netlab("check", LEAVE)).code).toBe(1);
    await succeeds("apply", "--yes", ACCEPT);
    await succeeds("check", ACCEPT);
    expect(await isEmpty(ACCEPT)).toBe(true);
    await box.sh("iptables-legacy -I FORWARD -s 10.70.2.0/24 -j DROP");
    expect(await isEmpty(ACCEPT)).toBe(false);
    await succeeds("apply", "--yes", ACCEPT);
    await succeeds("check", ACCEPT);
    await succeeds("destroy", "--yes", ACCEPT);
    await box.sh("iptables-legacy -D FORWARD -s 10.70.2.0/24 -j DROP");
    expect(await box.sh("iptables-legacy -S")).toBe(before);
  } finally {
    await box.sh("iptables-legacy -F; iptables-legacy -P FORWARD ACCEPT");
  }
});
