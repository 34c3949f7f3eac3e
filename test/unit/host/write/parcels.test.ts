import { expect, test } from "vitest";
import type { Command } from "../../../../src/core/resource.js";
import type { Parcel } from "../../../../src/host/write/parcel.js";
import { parcels } from "../../../../src/host/write/parcels.js";
import { recorded } from "../recorded.js";

const command = (tool: string, words: string, stdin?: string): Command => ({
  tool,
  place: "red",
  args: words.split(" "),
  stdin,
});
const pack = (tool: string, ...words: string[]) =>
  parcels(
    words.map((line) => command(tool, line)),
    5,
  );
const blame = (parcel: Parcel | undefined, output: string) => parcel!.blame({ exitCode: 1, output });

test("ip: one batch, a line a command", () => {
  const [batch, ...rest] = pack("ip", "link set dev br0 up", "link add name a type bridge");
  expect(rest).toEqual([]);
  expect(batch!.process).toEqual({
    argv: ["ip", "-batch", "-"],
    input: "link set dev br0 up\nlink add name a type bridge\n",
  });
});

test("ip: a batch is written at once, so a long one becomes several", () => {
  const batches = pack("ip", ...Array.from({ length: 2000 }, (_, i) => `link set dev interface${i} up`));
  expect(batches.length).toBeGreaterThan(1);
  expect(Math.max(...batches.map((batch) => batch.process.input.length))).toBeLessThanOrEqual(30_000);
  expect(batches.flatMap((batch) => batch.commands)).toHaveLength(2000);
});

test.each([
  ["batch-exists.txt", "RTNETLINK answers: File exists"],
  ["batch-no-device.txt", 'Cannot find device "nothing"'],
  ["batch-gateway.txt", "Error: Nexthop has invalid gateway."],
])("ip: an error of the kernel names its line: %s", (file, message) => {
  const [batch] = pack("ip", "link set dev br0 up", "link add name a type bridge", "link set dev br0 up");
  expect(blame(batch, recorded(`iproute2-6.1.0/${file}`))).toEqual({ command: 1, done: 1, message });
});

test("ip: an error in an argument names no line: the command with that argument, and nothing is done for certain", () => {
  const [batch] = pack("ip", "link set dev br0 up", "link set dev br0 mtu many", "address add 1.2.3.4/33 dev br0");
  expect(blame(batch, recorded("iproute2-6.1.0/batch-argument.txt"))).toMatchObject({ command: 1, done: 0 });
  expect(blame(batch, recorded("iproute2-6.1.0/batch-prefix.txt"))).toMatchObject({
    command: 2,
    done: 0,
    message: 'Error: any valid prefix is expected rather than "1.2.3.4/33".',
  });
  expect(blame(batch, "")).toEqual({ command: 0, done: 0, message: "exit code 1" });
});

test("ovs-vsctl: one transaction, always with a timeout", () => {
  const [transaction] = pack(
    "ovs-vsctl",
    "--may-exist add-br sw1 -- set bridge sw1 stp_enable=false",
    "set bridge nothing stp_enable=true",
  );
  expect(transaction!.process.argv.join(" ")).toBe(
    "ovs-vsctl --timeout=4 -- --may-exist add-br sw1 -- set bridge sw1 stp_enable=false -- set bridge nothing stp_enable=true",
  );
  expect(blame(transaction, recorded("openvswitch-3.1.0/no-row.txt"))).toEqual({
    command: 1,
    done: 0,
    message: 'no row "nothing" in table Bridge',
  });
});

test("ovs-vsctl: what does not wait goes apart from what does", () => {
  const transactions = pack("ovs-vsctl", "--no-wait del-br a", "--no-wait --if-exists del-br b", "add-br c");
  expect(transactions.map(({ process }) => process.argv.join(" "))).toEqual([
    "ovs-vsctl --timeout=4 --no-wait -- del-br a -- --if-exists del-br b",
    "ovs-vsctl --timeout=4 -- add-br c",
  ]);
});

test("nft: scripts of one place are one transaction, and an error's line leads to its script", () => {
  const [script] = parcels(
    [command("nft", "-f -", "add table inet netlab_a"), command("nft", "-f -", "delete rule inet a b handle 7\n")],
    5,
  );
  expect(script!.process).toEqual({
    argv: ["nft", "-f", "-"],
    input: "add table inet netlab_a\ndelete rule inet a b handle 7\n",
  });
  expect(blame(script, recorded("nftables-1.0.6/error.txt"))).toEqual({
    command: 1,
    done: 0,
    message: "Error: Could not process rule: No such file or directory",
  });
});

test("sysctl: one process for all keys with the same options, and the key that failed", () => {
  const [writes, lenient] = pack(
    "sysctl",
    "net.ipv4.ip_forward=1",
    "net.ipv4.conf.all.rp_filter=abc",
    "net.ipv4.nope=1",
    "-e net.x.y=1",
  );
  expect(writes!.process.argv).toEqual([
    "sysctl",
    "net.ipv4.ip_forward=1",
    "net.ipv4.conf.all.rp_filter=abc",
    "net.ipv4.nope=1",
  ]);
  expect(lenient!.process.argv).toEqual(["sysctl", "-e", "net.x.y=1"]);
  expect(blame(writes, 'sysctl: setting key "net.ipv4.conf.all.rp_filter": Invalid argument\n')).toMatchObject({
    command: 1,
    done: 1,
  });
  expect(blame(writes, "sysctl: cannot stat /proc/sys/net/ipv4/nope: No such file or directory\n")).toMatchObject({
    command: 2,
  });
});

test("other tools: one process a command", () => {
  const all = pack("ethtool", "-K eth0 tx off", "-K eth1 tx off");
  expect(all.map(({ process }) => process.argv)).toEqual([
    ["ethtool", "-K", "eth0", "tx", "off"],
    ["ethtool", "-K", "eth1", "tx", "off"],
  ]);
  expect(blame(all[0], "netlink error: no device matches name\nnetlink error: No such device\n").message).toBe(
    "netlink error: no device matches name; netlink error: No such device",
  );
});

test("nothing is packed that the guard refuses", () => {
  expect(() => pack("ip", "link set dev br0 up", "link set dev $(reboot)'")).toThrow(/refused/);
});
