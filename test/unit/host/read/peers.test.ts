import { expect, test } from "vitest";
import { linkRows, type ReadLink } from "../../../../src/host/read/ip-links.js";
import { type Netnsids, plainLink, resolvePeers } from "../../../../src/host/read/peers.js";
import { jsonLines, objects, text } from "../../../../src/host/read/tool-json.js";
import { recorded, recordedNetwork } from "../recorded.js";

const veth = (index: number, linkIndex: number, netnsid: number | undefined, name = `eth${index}`): ReadLink => ({
  ...{ index, name, kind: "veth", up: true, loopback: false, mtu: 1500, mac: "", group: 0 },
  ...{ data: {}, portData: {}, addresses: [], linkIndex, netnsid },
});

test("the recorded namespaces: pairs across and inside, and one pair of equal indexes", () => {
  const places = ["host", "red", "blue", "gw"];
  const links = Object.fromEntries(places.map((place) => [place, linkRows(recordedNetwork(place).links)]));
  const peer = (place: string, name: string) => links[place]!.find((link) => link.name === name)!.peer;
  expect(resolvePeers(links)).toEqual([]);
  expect(peer("red", "eth0")).toEqual({ place: "blue", name: "eth0" });
  expect(peer("red", "eth1")).toEqual({ place: "host", name: "p0" });
  expect(peer("host", "p0")).toEqual({ place: "red", name: "eth1" });
  expect(peer("host", "a")).toEqual({ place: "host", name: "b" });
  expect(peer("gw", "it's")).toEqual({ place: "blue", name: "far" });
  expect(links.host!.find((link) => link.name === "br0")).not.toHaveProperty("peer");
});

test("where indexes leave it open, the namespaces' numbers decide", () => {
  // A chain r0 - r1 - r2: every link has index 3 on its left and 2 on its right end.
  const links = { r0: [veth(3, 2, 0)], r1: [veth(2, 3, 0), veth(3, 2, 1)], r2: [veth(2, 3, 0)] };
  expect(resolvePeers(links)).toEqual(["r0", "r2"]);
  const netnsids: Netnsids = { r0: new Map([[0, "r1"]]), r2: new Map([[0, "r1"]]) };
  expect(resolvePeers(links, netnsids)).toEqual([]);
  expect(links.r0[0]!.peer).toEqual({ place: "r1", name: "eth2" });
  expect(links.r1.map((link) => link.peer)).toEqual([
    { place: "r0", name: "eth3" },
    { place: "r2", name: "eth2" },
  ]);
});

test("one number for two namespaces cannot be right: both are looked up", () => {
  // Ends in a nameless namespace have numbers that suit two others by chance.
  const links = { a: [veth(2, 7, 0), veth(3, 8, 0)], b: [veth(7, 2, 0)], c: [veth(8, 3, 0)] };
  expect(resolvePeers(links)).toEqual(["a"]);
  expect(resolvePeers(links, { a: new Map([[0, "b"]]) })).toEqual([]);
  expect(links.a.map((link) => link.peer)).toEqual([{ place: "b", name: "eth7" }, null]);
});

test("a number without a name is the host or out of sight", () => {
  const links = { host: [veth(3, 2, 0)], a: [veth(2, 3, 0)], b: [veth(2, 3, 0)] };
  const netnsids: Netnsids = {
    host: new Map([[0, "b"]]),
    a: new Map([[0, undefined]]),
    b: new Map([[0, undefined]]),
  };
  resolvePeers(links, netnsids);
  expect(links.host[0]!.peer).toEqual({ place: "b", name: "eth2" });
  expect(links.b[0]!.peer).toEqual({ place: "host", name: "eth3" });
  expect(links.a[0]!.peer).toBeNull();
});

test("a peer in a namespace that was not read is null", () => {
  const links = { host: [veth(5, 2, 0), { ...veth(6, 7, undefined), linkName: "gone" }] };
  expect(resolvePeers(links)).toEqual([]);
  expect(links.host.map((link) => link.peer)).toEqual([null, null]);
});

test("list-id as recorded names the namespaces that have names", () => {
  const ids = objects(jsonLines(recorded("iproute2-6.1.0/netnsids-red.json"))[0]);
  expect(ids.map((id) => [id.nsid, text(id.name)])).toEqual([
    [0, "blue"],
    [1, undefined],
  ]);
});

test("rows keep nothing of how peers were found", () => {
  expect(Object.keys(plainLink(veth(2, 3, 0)))).not.toEqual(expect.arrayContaining(["linkIndex"]));
  expect(plainLink({ ...veth(2, 3, 0), linkName: "x" })).not.toHaveProperty("linkName");
});

test("a thousand namespaces are resolved within five seconds of processor time", () => {
  const json = recordedNetwork("red").links.slice(0, 2);
  const begin = process.cpuUsage();
  const links: Record<string, ReadLink[]> = { host: [] };
  for (let n = 0; n < 1000; n++) {
    links[`n${n}`] = linkRows(json).map((link) =>
      link.kind ? { ...link, index: 2, linkIndex: n + 3, netnsid: 0 } : link,
    );
    links.host!.push(veth(n + 3, 2, n, `v${n}`));
  }
  expect(resolvePeers(links)).toEqual([]);
  expect(process.cpuUsage(begin).user / 1000).toBeLessThan(5000);
  expect(links.host![999]!.peer).toEqual({ place: "n999", name: "eth0" });
});
