// Checks on the real kernel, in networks built by hand: what each outcome looks like, and that nothing is left running.
import { existsSync } from "node:fs";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { type CheckOptions, runChecks } from "../../src/engine/check.js";
import type { CheckResult } from "../../src/engine/check-result.js";
import { openProbes } from "../../src/host/probe/probes.js";
import type { Check, Lab } from "../../src/topology/lab.js";
import { Box, type BoxOptions } from "../helpers/box.js";

const HELPER = path.resolve(import.meta.dirname, "../../dist/host/probe/helper.js");

/** red 192.0.2.1 and blue 192.0.2.2 at the two ends of a cable, both families. */
const CABLE = `
  ip netns add red; ip netns add blue
  ip link add eth0 netns red type veth peer name eth0 netns blue
  ip -n red address add 192.0.2.1/24 dev eth0; ip -n blue address add 192.0.2.2/24 dev eth0
  ip -n red address add 2001:db8::1/64 dev eth0 nodad; ip -n blue address add 2001:db8::2/64 dev eth0 nodad
  for ns in red blue; do ip -n $ns link set lo up; ip -n $ns link set eth0 up; done`;

async function boxWith(script: string, options: BoxOptions = {}): Promise<Box> {
  const box = await Box.open(options);
  onTestFinished(() => box.close());
  await box.sh(script);
  return box;
}

type Wish = Partial<Check> & Pick<Check, "from" | "test">;

function run(box: Box, wishes: Wish[], options: CheckOptions = {}): Promise<CheckResult[]> {
  expect(existsSync(HELPER), "npm run build").toBe(true);
  const checks = wishes.map(
    (wish, index) => ({ origin: `/checks/${index}`, expect: "ok", within: 5, ...wish }) as Check,
  );
  const probes = openProbes({ machine: ["nsenter", "-t", String(box.pid), "--net", "--mount"], helper: HELPER });
  return runChecks({ checks } as Lab, { probes, ...options });
}

const ping = (from: string, address: string, more: Partial<Check> = {}): Wish => ({
  from,
  test: { ping: address },
  ...more,
});

function tcp(from: string, address: string, port: number, more: Partial<Check> = {}): Wish {
  return { from, test: { tcp: { address, port } }, ...more };
}

const listen = (place: string, port: number) => ({ listen: { place, port } });

/** What the tests compare: no times. */
const short = (results: CheckResult[]) =>
  results.map(({ ok, got }) => `${ok ? "ok" : "FAILED"} ${got}`.replace(/[\d.]+ ms/, "_ ms"));

test("ping and TCP with data, both families, several checks sharing one listener", async () => {
  const box = await boxWith(CABLE);
  const results = await run(box, [
    ping("red", "192.0.2.2"),
    ping("red", "2001:db8::2"),
    tcp("red", "192.0.2.2", 80, listen("blue", 80)),
    tcp("red", "2001:db8::2", 80, { ...listen("blue", 80), seenAs: "2001:db8::1" }),
    tcp("blue", "127.0.0.1", 80, listen("blue", 80)),
    tcp("blue", "192.0.2.1", 8080, { ...listen("red", 8080), seenAs: "192.0.2.2" }),
  ]);
  expect(short(results)).toEqual([
    "ok 1 reply, _ ms",
    "ok 1 reply, _ ms",
    "ok seen as 192.0.2.1",
    "ok seen as 2001:db8::1",
    "ok seen as 127.0.0.1",
    "ok seen as 192.0.2.2",
  ]);
  expect(results.every((result) => result.attempts > 0 && result.reason === undefined)).toBe(true);
});

test("refused is not unreachable, and neither is ok", async () => {
  const box = await boxWith(`${CABLE}
    ip netns exec blue nft 'table inet t { chain i { type filter hook input priority 0;
      tcp dport 81 reject with tcp reset; tcp dport 82 drop; }; }'`);
  const results = await run(box, [
    tcp("red", "192.0.2.2", 80, { expect: "refused" }),
    tcp("red", "192.0.2.2", 81, { ...listen("blue", 81), expect: "refused" }),
    tcp("red", "192.0.2.2", 82, { ...listen("blue", 82), expect: "unreachable" }),
    tcp("red", "192.0.2.2", 83, { ...listen("blue", 83), expect: "unreachable" }),
    tcp("red", "192.0.2.2", 84, { expect: "unreachable" }),
    tcp("red", "192.0.2.2", 81, { ...listen("blue", 81), within: 0.5 }),
    tcp("red", "192.0.2.2", 85, { ...listen("blue", 85), expect: "refused", within: 0.5 }),
    ping("red", "192.0.2.2", { expect: "unreachable" }),
  ]);
  expect(short(results)).toEqual([
    "ok refused",
    "ok refused",
    "ok timed out",
    "FAILED seen as 192.0.2.1",
    "FAILED refused",
    "FAILED refused",
    "FAILED seen as 192.0.2.1",
    "FAILED 1 reply, _ ms",
  ]);
  expect(results[2]).toMatchObject({ attempts: 2 });
  expect(results[3]).toMatchObject({ attempts: 1, reason: "an answer came, where none was expected" });
  expect(results[5]!.reason).toBe("a connection that carries data was expected within 0.5 s");
  expect(results[6]!.reason).toBe("a refusal (TCP reset) was expected within 0.5 s");
});

test("every way of not getting there is unreachable, after two probes a second apart", async () => {
  const box = await boxWith(`${CABLE}
    n=0
    for type in blackhole unreachable prohibit; do
      n=$((n + 1)); ip -n red route add $type 198.51.100.$n; ip -n red -6 route add $type 2001:db8:1::$n
    done
    ip netns add dark; ip netns exec dark sysctl -qw net.ipv6.conf.all.disable_ipv6=1`);
  const places = ["198.51.100.1", "198.51.100.2", "198.51.100.3", "2001:db8:1::1", "2001:db8:1::2", "2001:db8:1::3"];
  const silent = ["192.0.2.9", "203.0.113.1"];
  const both = (from: string, address: string) => [
    ping(from, address, { expect: "unreachable" }),
    tcp(from, address, 80, { expect: "unreachable" }),
  ];
  const results = await run(
    box,
    [...places, ...silent].flatMap((at) => both("red", at)).concat(both("dark", "2001:db8::2")),
  );
  expect(results.filter(({ ok }) => !ok)).toEqual([]);
  for (const { attempts, ms } of results) {
    expect(attempts).toBe(2);
    expect(ms).toBeGreaterThanOrEqual(1000);
  }
  expect(short(results.slice(0, 4))).toEqual([
    "ok Invalid argument",
    "ok Invalid argument",
    "ok No route to host",
    "ok No route to host",
  ]);
});

test("a lab that comes up late is waited for", async () => {
  const box = await boxWith(`${CABLE}; ip -n blue link set eth0 down`);
  let begun = 0;
  const results = await run(box, [ping("red", "192.0.2.2"), tcp("red", "192.0.2.2", 80, listen("blue", 80))], {
    on: (event) => {
      if (event.type === "check-started" && ++begun === 2) void box.sh("ip -n blue link set eth0 up");
    },
  });
  expect(short(results)).toEqual(["ok 1 reply, _ ms", "ok seen as 192.0.2.1"]);
});

test("masquerade and port forwarding are seen by the listener", async () => {
  const box = await boxWith(`
    ip netns add in; ip netns add gw; ip netns add out
    ip link add eth0 netns in type veth peer name eth0 netns gw; ip link add eth1 netns gw type veth peer name eth0 netns out
    ip -n in address add 10.0.0.1/24 dev eth0; ip -n gw address add 10.0.0.254/24 dev eth0
    ip -n gw address add 198.51.100.1/24 dev eth1; ip -n out address add 198.51.100.2/24 dev eth0
    for end in in:eth0 gw:eth0 gw:eth1 out:eth0; do ip -n \${end%:*} link set \${end#*:} up; done
    ip -n in route add default via 10.0.0.254; ip netns exec gw sysctl -qw net.ipv4.ip_forward=1
    ip netns exec gw nft 'table ip t { chain post { type nat hook postrouting priority 100; oifname eth1 masquerade; };
      chain pre { type nat hook prerouting priority -100; tcp dport 8080 dnat to 10.0.0.1:80; }; }'`);
  const results = await run(box, [
    tcp("in", "198.51.100.2", 80, { ...listen("out", 80), seenAs: "198.51.100.1" }),
    tcp("out", "198.51.100.1", 8080, { ...listen("in", 80), seenAs: "198.51.100.2" }),
    tcp("in", "198.51.100.2", 81, { ...listen("out", 81), seenAs: "10.0.0.1", within: 0.5 }),
    tcp("out", "198.51.100.1", 8080, { ...listen("gw", 8080), within: 0.5 }),
    // Keeps the listener in `in` open while the one before meets it.
    tcp("out", "198.51.100.1", 8080, { ...listen("in", 80), seenAs: "192.0.2.1", within: 3 }),
  ]);
  expect(short(results)).toEqual([
    "ok seen as 198.51.100.1",
    "ok seen as 198.51.100.2",
    "FAILED seen as 198.51.100.1",
    "FAILED connected, but to the listener in in:80",
    "FAILED seen as 198.51.100.2",
  ]);
  expect(results[2]!.reason).toBe("the listener was to see 10.0.0.1, and saw 198.51.100.1");
});

test("what cannot be tried says why: no namespace, a taken port, another server", async () => {
  const box = await boxWith(CABLE);
  const server = box.start([
    "ip",
    "netns",
    "exec",
    "blue",
    "socat",
    "-d",
    "-d",
    "TCP4-LISTEN:80,fork,reuseaddr",
    "EXEC:cat",
  ]);
  await server.until(/listening on/);
  const results = await run(box, [
    ping("green", "192.0.2.2", { expect: "unreachable" }),
    tcp("green", "192.0.2.2", 80, { expect: "unreachable" }),
    tcp("red", "192.0.2.2", 80, listen("blue", 80)),
    tcp("red", "192.0.2.2", 81, listen("green", 81)),
    tcp("red", "192.0.2.2", 80),
  ]);
  expect(results.map(({ ok, reason }) => (ok ? "ok" : reason))).toEqual([
    'there is no namespace "green"',
    'there is no namespace "green"',
    "no listener in blue: port 80 is already taken",
    'no listener in green: there is no namespace "green"',
    "ok",
  ]);
});

test("on a userspace datapath ping passes, and TCP only without transmit offload", async () => {
  const box = await boxWith(
    `ovs-vsctl --timeout=10 add-br br0 -- set bridge br0 datapath_type=netdev
    for ns in red blue; do
      ip netns add $ns; ip link add p-$ns type veth peer name eth0 netns $ns; ip link set p-$ns up; ip -n $ns link set eth0 up
      ovs-vsctl --timeout=10 add-port br0 p-$ns
    done
    ip -n red address add 192.0.2.1/24 dev eth0; ip -n blue address add 192.0.2.2/24 dev eth0`,
    { ovs: true },
  );
  const both = [ping("red", "192.0.2.2"), tcp("red", "192.0.2.2", 80, { ...listen("blue", 80), within: 2 })];
  const before = await run(box, both);
  expect(before.map(({ ok }) => ok)).toEqual([true, false]);
  await box.sh("for ns in red blue; do ip netns exec $ns ethtool -K eth0 tx off; done");
  expect((await run(box, both)).map(({ ok }) => ok)).toEqual([true, true]);
});

test("an abort ends it at once, and no process stays", async () => {
  const box = await boxWith(CABLE);
  const abort = new AbortController();
  const begin = performance.now();
  const running = run(
    box,
    [ping("red", "192.0.2.9", { within: 60 }), tcp("red", "192.0.2.9", 80, { ...listen("blue", 80), within: 60 })],
    {
      signal: abort.signal,
      on: () => setTimeout(() => abort.abort(new Error("stopped")), 300),
    },
  );
  await expect(running).rejects.toThrow("stopped");
  expect(performance.now() - begin).toBeLessThan(30_000);
  for (const place of ["red", "blue"]) {
    await expect.poll(() => box.sh(`ip netns pids ${place}`), { timeout: 30_000 }).toBe("");
  }
});

test("killed, it leaves no process behind", async () => {
  const box = await boxWith(CABLE);
  const check = { ...tcp("red", "192.0.2.9", 80, listen("blue", 80)), expect: "ok", within: 60 };
  const script = `import { runChecks } from "./dist/engine/check.js";
    await runChecks({ checks: [${JSON.stringify(check)}] });`;
  const running = box.start([process.execPath, "--input-type=module", "-e", script]);
  const inside = (place: string) => box.sh(`ip netns pids ${place}`);
  await expect.poll(() => inside("red"), { timeout: 10_000 }).not.toBe("");
  expect(await inside("blue")).not.toBe("");
  running.kill("SIGKILL");
  for (const place of ["red", "blue"]) await expect.poll(() => inside(place), { timeout: 30_000 }).toBe("");
});
