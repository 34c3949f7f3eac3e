// The machine on the real kernel: what it reads, how it changes, what it does when something is in the way.
import { expect, test } from "vitest";
import type { Names } from "../../src/host/machine.js";
import type { Source } from "../../src/kinds/rows.js";
import { withBox } from "../helpers/box.js";
import { batch, callMachine, observe, runAll } from "../helpers/machine.js";

const NETWORK: Source[] = [{ rows: "link" }, { rows: "route" }];
const script = (stdin: string) => ({ args: ["-f", "-"], stdin });

test("a lab made by batches is read back as it was made", () =>
  withBox({}, async (box) => {
    const root = batch(
      "host",
      "ip",
      "netns add red",
      "netns add blue",
      "link add name br0 address 02:00:00:00:01:00 type bridge",
      "link add name eth0 netns red group 77 address 02:00:00:00:00:01 type veth peer name eth0 netns blue group 77 address 02:00:00:00:00:02",
      "link add name p0 master br0 group 77 type veth peer name eth1 netns blue group 77",
      "link set dev br0 up",
      "link set dev p0 up",
    );
    expect(await runAll(box, [root])).toEqual([{ done: 7 }]);
    const inside = ["red", "blue"].map((place, i) =>
      batch(
        place,
        "ip",
        "link set dev eth0 up alias netlab:demo",
        `address add 10.0.0.${i + 1}/24 dev eth0`,
        `address add fd00::${i + 1}/64 dev eth0 nodad`,
        "route add default via 10.0.0.9 proto 110",
        "route add 192.0.2.0/24 proto 110 nexthop via 10.0.0.8 weight 2 nexthop via 10.0.0.9",
      ),
    );
    expect(await runAll(box, inside)).toEqual([{ done: 5 }, { done: 5 }]);

    const rows = await observe(box, NETWORK);
    expect(rows.places).toEqual(["blue", "host", "red"]);
    const eth0 = rows.link.red!.find((link) => link.name === "eth0");
    expect(eth0).toMatchObject({
      ...{ kind: "veth", group: 77, alias: "netlab:demo", up: true, mac: "02:00:00:00:00:01" },
      peer: { place: "blue", name: "eth0" },
    });
    expect(
      eth0!.addresses.filter((address) => !address.dynamic).map(({ address, prefix }) => `${address}/${prefix}`),
    ).toEqual(["10.0.0.1/24", "fd00::1/64"]);
    expect(rows.link.host!.find((link) => link.name === "p0")).toMatchObject({
      master: "br0",
      peer: { place: "blue", name: "eth1" },
    });
    const hop = (via: string, weight: number) => ({ via, dev: "eth0", weight, onlink: false });
    expect(rows.route.red).toEqual([
      {
        family: 4,
        type: "unicast",
        dst: "0.0.0.0/0",
        nexthops: [hop("10.0.0.9", 1)],
        metric: 0,
        table: 254,
        protocol: "110",
      },
      {
        ...{ family: 4, type: "unicast", dst: "192.0.2.0/24", metric: 0, table: 254, protocol: "110" },
        nexthops: [hop("10.0.0.8", 2), hop("10.0.0.9", 1)],
      },
    ]);
    expect(rows).not.toHaveProperty("ovs");
  }));

test("settings, tables and offload are read where asked, and absent where there is none", () =>
  withBox({}, async (box) => {
    await box.sh("ip netns add red; ip link add eth0.7 netns red type veth peer name far; ethtool -K far tx off");
    const changes = [
      batch("red", "sysctl", "net.ipv4.ip_forward=1", "net.ipv4.conf.eth0/7.rp_filter=2"),
      batch(
        "red",
        "nft",
        script("add table inet netlab_demo\n"),
        script("table inet netlab_demo {\n  chain output {\n  }\n}\n"),
      ),
    ];
    expect(await runAll(box, changes)).toEqual([{ done: 2 }, { done: 2 }]);
    const keys = ["net.ipv4.ip_forward", "net.ipv4.conf.eth0/7.rp_filter", "net.ipv4.tcp_rmem", "net.ipv4.nothing"];
    const rows = await observe(box, [
      ...["red", "host"].flatMap((place): Source[] => [
        { rows: "sysctl", place, keys },
        { rows: "nft", place, table: "netlab_demo" },
        { rows: "offload", place },
      ]),
      { rows: "link" },
    ]);
    const memory = expect.stringMatching(/^\d+ \d+ \d+$/);
    expect(rows.sysctl.red).toEqual({
      "net.ipv4.ip_forward": "1",
      "net.ipv4.conf.eth0/7.rp_filter": "2",
      "net.ipv4.tcp_rmem": memory,
    });
    expect(rows.sysctl.host).toEqual({ "net.ipv4.ip_forward": "0", "net.ipv4.tcp_rmem": memory });
    expect(rows.nft.red).toContainEqual({ chain: expect.objectContaining({ table: "netlab_demo", name: "output" }) });
    expect(rows.nft).not.toHaveProperty("host");
    expect(rows.offload.red).toContain("eth0.7");
    expect(rows.offload.host).not.toContain("far");
  }));

test("files, leftovers and odd names in /run/netns disturb nobody", () =>
  withBox({}, async (box) => {
    await box.sh(`
      ip netns add red; ip netns add "it's \\$(x) \\"odd"
      : >/run/netns/plain; ln -s /nowhere /run/netns/broken
      ip netns add uts; umount /run/netns/uts; mount --bind /proc/self/ns/uts /run/netns/uts
      : >/run/netns/same; mount --bind /run/netns/red /run/netns/same
      : >/run/netns/me; mount --bind /proc/self/ns/net /run/netns/me
      ip link add "a\\"b'" netns red alias x type veth peer name "c\\\\d"
      ip -n red link set dev "a\\"b'" alias "say 'hi'
and \\"bye\\""
    `);
    const rows = await observe(box, NETWORK);
    expect(rows.places).toEqual(["host", "it's $(x) \"odd", "me", "red", "same"]);
    expect(rows.stale).toEqual(["broken", "plain", "uts"]);
    expect(rows.link.red!.find((link) => link.name === "a\"b'")).toMatchObject({
      alias: "say 'hi'\nand \"bye\"",
      peer: { place: "host", name: "c\\d" },
    });
    // A second name of a namespace is known, but nothing is listed twice.
    expect([rows.link.same, rows.link.me]).toEqual([[], []]);
  }));

test("veth pairs of equal indexes are told apart", () =>
  withBox({}, async (box) => {
    await box.sh(`
      for n in r0 r1 r2 r3; do ip netns add $n; done
      for n in 0 1 2; do
        ip link add name right index 3 netns r$n type veth peer name left index 2 netns r$((n + 1))
      done
      ip link add name hh index 9 type veth peer name uu index 9 netns r0
      ip link add name ww index 9 netns r3 type veth peer name vv index 9 netns r2
    `);
    const rows = await observe(box, [{ rows: "link" }]);
    const peer = (place: string, name: string) => rows.link[place]!.find((link) => link.name === name)!.peer;
    for (const n of [0, 1, 2]) {
      expect(peer(`r${n}`, "right")).toEqual({ place: `r${n + 1}`, name: "left" });
      expect(peer(`r${n + 1}`, "left")).toEqual({ place: `r${n}`, name: "right" });
    }
    expect(peer("host", "hh")).toEqual({ place: "r0", name: "uu" });
    expect(peer("r0", "uu")).toEqual({ place: "host", name: "hh" });
    expect(peer("r3", "ww")).toEqual({ place: "r2", name: "vv" });
  }));

test("Open vSwitch: one transaction, its rows, and a failure that changes nothing", () =>
  withBox({ ovs: true }, async (box) => {
    const [made, failed] = await runAll(box, [
      batch(
        "host",
        "ovs-vsctl",
        "add-br sw0 -- set bridge sw0 datapath_type=netdev external_ids:netlab=demo",
        "add-port sw0 tap1 tag=10 -- set interface tap1 type=internal",
      ),
    ]).then(async (results) => [
      ...results,
      ...(await runAll(box, [batch("host", "ovs-vsctl", "add-br sw1", "set bridge nothing stp_enable=true")])),
    ]);
    expect(made).toEqual({ done: 2 });
    expect(failed).toEqual({
      done: 0,
      failure: { step: 1, command: 0, message: 'no row "nothing" in table Bridge', exitCode: 1 },
    });
    const rows = await observe(box, [{ rows: "link" }, { rows: "ovs" }]);
    expect(rows.ovs!.bridges).toMatchObject([
      { name: "sw0", external_ids: { netlab: "demo" }, ports: ["sw0", "tap1"] },
    ]);
    expect(rows.ovs!.ports.find((port) => port.name === "tap1")).toMatchObject({ tag: 10 });
    expect(rows.link.host!.map((link) => link.name)).toEqual(expect.arrayContaining(["sw0", "tap1"]));
  }));

test("ovsdb-server or ovs-vswitchd stopped: bounded, and said", () =>
  withBox({ ovs: true }, async (box) => {
    await box.sh("kill -STOP $(cat /run/openvswitch/ovs-vswitchd.pid)");
    const [result] = await runAll(box, [batch("host", "ovs-vsctl", "add-br sw0")], { timeout: 3 });
    expect(result!.failure).toMatchObject({
      timedOut: true,
      message: expect.stringContaining("ovs-vsctl got no answer within 3 s"),
    });
    await box.sh("kill -STOP $(cat /run/openvswitch/ovsdb-server.pid)");
    await expect(observe(box, [{ rows: "ovs" }])).rejects.toThrow("ovsdb-server does not answer within 5 s");
    await box.sh("kill -CONT $(cat /run/openvswitch/ovsdb-server.pid) $(cat /run/openvswitch/ovs-vswitchd.pid)");
  }));

test("processes in a namespace are found, and ended with TERM, then KILL", () =>
  withBox({}, async (box) => {
    await box.sh("ip netns add red");
    const inRed = (command: string) => box.start(["nsenter", "--net=/run/netns/red", "sh", "-c", command]);
    // One after the other: they are found in the order of their numbers.
    await inRed("echo ready; exec sleep 1000").until(/ready/);
    await inRed("trap '' TERM; echo ready; sleep 1000; :").until(/ready/);
    // The first is a shell until it has become its sleep, the second has one of its own, and ends after it: one that
    // went on would start another where its sleep is killed first.
    const commands = async () => (await observe(box, [{ rows: "process" }])).process.map(({ command }) => command);
    await expect
      .poll(commands, { timeout: 60_000 })
      .toEqual(["sleep 1000", expect.stringContaining("trap '' TERM"), "sleep 1000"]);
    const rows = await observe(box, [{ rows: "process" }]);
    const kill = (pid: number, start: string) => ({ args: ["-TERM", String(pid)], stdin: start });
    const wrong = await runAll(box, [batch("red", "kill", ...rows.process.map(({ pid }) => kill(pid, "1")))]);
    expect(wrong).toEqual([{ done: rows.process.length }]);
    expect((await observe(box, [{ rows: "process" }])).process).toEqual(rows.process);
    const all = rows.process.map(({ pid, start }) => kill(pid, start));
    expect(await runAll(box, [batch("red", "kill", ...all)])).toEqual([{ done: all.length }]);
    expect((await observe(box, [{ rows: "process" }])).process).toEqual([]);
  }));

/** An ip that is only done when another one has begun, or after two seconds; it says when it begins and ends. */
const WAITING = `mkdir /run/slow; cat >/run/slow/ip <<'END'
#!/bin/sh
echo begin >>/run/slow/log
n=0
until [ "$(grep -c begin /run/slow/log)" -gt 1 ] || [ $n -ge 100 ]; do n=$((n + 1)); sleep 0.02; done
"$REAL" "$@"
status=$?
echo end >>/run/slow/log
exit $status
END
chmod +x /run/slow/ip`;

test("two that add namespaces run side by side, but not where they are the first of all", () =>
  withBox({}, async (box) => {
    const REAL = (await box.sh("command -v ip")).trim();
    await box.sh(WAITING);
    const env = { PATH: `/run/slow:${process.env.PATH}`, REAL };
    const ran = async (...names: string[]) => {
      await box.sh("rm -f /run/slow/log");
      const batches = names.map((name) => batch("host", "ip", `netns add ${name}`));
      expect(await runAll(box, batches, {}, env)).toEqual([{ done: 1 }, { done: 1 }]);
      return (await box.sh("cat /run/slow/log")).trim().split("\n");
    };
    expect(await ran("a", "b")).toEqual(["begin", "end", "begin", "end"]);
    expect(await ran("c", "d")).toEqual(["begin", "begin", "end", "end"]);
    expect((await box.sh("cat /proc/self/mountinfo")).match(/ \/run\/netns /g)).toHaveLength(1);
  }));

test("names that are taken: one behind which there is no namespace any more, too", () =>
  withBox({}, async (box) => {
    await box.sh("ip netns add red; ip netns add blue; umount /run/netns/blue");
    await box.sh("ip link add 'a|b' type bridge; ip link add v0 type veth peer name v1 netns red");
    const { namespaces, devices } = (await callMachine(box, ["names"])) as Names;
    expect({ namespaces: namespaces.sort(), devices: devices.sort() }).toEqual({
      namespaces: ["blue", "red"],
      devices: ["a|b", "lo", "v0"],
    });
  }));

test("facts: what a new namespace is born with", () =>
  withBox({}, async (box) => {
    await box.sh("sysctl -qw net.ipv4.conf.default.rp_filter=2");
    const facts = await callMachine(box, [
      "facts",
      { born: ["net.ipv4.ip_forward", "net.ipv4.conf.default.rp_filter", "net.nothing.here"], ovsDatapath: true },
    ]);
    const born = await box.sh("unshare -n sysctl -n net.ipv4.ip_forward net.ipv4.conf.default.rp_filter");
    const [forward, filter] = born.trim().split("\n");
    expect(facts).toEqual({
      born: { "net.ipv4.ip_forward": forward, "net.ipv4.conf.default.rp_filter": filter },
      ovsKernelDatapath: expect.any(Boolean),
      brNetfilter: (await box.run(["test", "-e", "/proc/sys/net/bridge/bridge-nf-call-iptables"])).code === 0,
    });
  }));
