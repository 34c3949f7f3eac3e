import { expect, test } from "vitest";
import { parseStat } from "../../../src/host/process/proc.js";
import { mergeSources } from "../../../src/host/read/ask.js";
import { parseNft } from "../../../src/host/read/nft.js";
import { parseOffload } from "../../../src/host/read/offload.js";
import { parseSysctls, sysctlPath } from "../../../src/host/read/sysctl.js";
import { recorded } from "./recorded.js";

test("offload: devices whose transmit checksum is left to the hardware", () => {
  expect(parseOffload(recorded("ethtool-6.1/features.txt"))).toEqual(["b", "br0", "lo", "p0"]);
});

test("nft: the objects of a table, nothing where there is none, its words where it fails", () => {
  const objects = parseNft(0, recorded("nftables-1.0.6/table.json"))!;
  expect(objects).toContainEqual({ table: expect.objectContaining({ family: "inet", name: "netlab_demo" }) });
  expect(objects).toContainEqual({ rule: expect.objectContaining({ chain: "postrouting", comment: "campus" }) });
  expect(parseNft(1, recorded("nftables-1.0.6/no-table.txt"))).toBeUndefined();
  expect(parseNft(127, "sh: nft: not found")).toBeUndefined();
  expect(() => parseNft(1, "Operation not permitted (you must be root)\n")).toThrow(/^Operation not permitted/);
});

test("sysctl: keys and files, dots in names of interfaces, lists with single spaces", () => {
  expect(sysctlPath("net.ipv4.conf.eth0/10.forwarding")).toBe("/proc/sys/net/ipv4/conf/eth0.10/forwarding");
  const output =
    "/proc/sys/net/ipv4/conf/eth0.10/forwarding\x001\n/proc/sys/net/ipv4/tcp_rmem\x004096\t87380\t6291456\n";
  expect(parseSysctls(`${output}grep: noise\n`)).toEqual({
    "net.ipv4.conf.eth0/10.forwarding": "1",
    "net.ipv4.tcp_rmem": "4096 87380 6291456",
  });
});

test("process: the name of a program may have brackets and spaces", () => {
  const fields = Array.from({ length: 40 }, (_, i) => i + 5).join(" ");
  expect(parseStat(`12 (a) b (c) S 7 ${fields}`)).toEqual({
    name: "a) b (c",
    state: "S",
    parent: 7,
    session: 6,
    start: "22",
  });
});

test("sources are merged into one question a place", () => {
  const question = mergeSources([
    { rows: "link" },
    { rows: "ovs" },
    { rows: "sysctl", place: "red", keys: ["net.ipv4.ip_forward"] },
    { rows: "sysctl", place: "red", keys: ["net.ipv4.ip_forward", "net.ipv4.tcp_rmem"] },
    { rows: "nft", place: "red", table: "netlab_demo" },
    { rows: "offload", place: "blue" },
  ]);
  expect(question).toMatchObject({ links: true, ovs: true, processes: false });
  expect(Object.fromEntries(question.places)).toEqual({
    red: {
      sysctls: new Set(["net.ipv4.ip_forward", "net.ipv4.tcp_rmem"]),
      tables: new Set(["netlab_demo"]),
      offload: false,
    },
    blue: { sysctls: new Set(), tables: new Set(), offload: true },
  });
});

test.each([
  [{ rows: "nft", place: "red", table: "-f" }],
  [{ rows: "nft", place: "red", table: "a b" }],
  [{ rows: "sysctl", place: "red", keys: ["net.//.//.//.etc.passwd"] }],
  [{ rows: "sysctl", place: "red", keys: ["-n"] }],
] as const)("a name that could mean something else is not read: %j", (source) => {
  expect(() => mergeSources([source as never])).toThrow(/refused to read/);
});
