// What a chain does with a first packet, rule by rule; the shapes are those of `nft -j`.
import { describe, expect, test } from "vitest";
import type { Json } from "../../../src/core/resource.js";
import { chainsOf, type Expression } from "../../../src/kinds/filters.js";
import { fateOf, type Packet } from "../../../src/kinds/packet-fate.js";
import { DOCKER } from "../../helpers/docker-filters.js";

const OUT: Packet = { family: 4, in: "lan0", from: ["10.0.0.0/24"] };
const IN: Packet = { family: 4, out: "lan0", to: ["10.0.0.0/24"] };

const rule = (chain: string, ...expr: Expression[]) => ({
  rule: { family: "inet", table: "t", chain, handle: 1, expr },
});
const match = (left: Expression, right: Json, op = "==") => ({ match: { op, left, right } });
const meta = (key: string, right: Json, op?: string) => match({ meta: { key } }, right, op);
const address = (field: string, right: Json, protocol = "ip") => match({ payload: { protocol, field } }, right);
const [accept, drop, leave]: Expression[] = [{ accept: null }, { drop: null }, { return: null }];
const state = (...right: string[]) => match({ ct: { key: "state" } }, right, "in");

function fate(packet: Packet, policy: string, ...rules: { rule: object }[]): string {
  const names = ["forward", "other"];
  const chains = names.map((name) => ({
    chain: { family: "inet", table: "t", name, ...(name === "forward" && { hook: "forward", policy }) },
  }));
  const all = chainsOf([...chains, ...rules] as unknown as Json[]);
  return fateOf(all[0]!, all, packet);
}

describe("of what the lab sends", () => {
  test.each<[string, string, string, { rule: object }[]]>([
    ["no rule", "accept", "pass", []],
    ["no rule", "drop", "drop", []],
    ["its device is accepted", "drop", "pass", [rule("forward", meta("iifname", "lan0"), accept!)]],
    ["devices of its sort are accepted", "drop", "pass", [rule("forward", meta("iifname", "lan*"), accept!)]],
    ["another device is accepted", "drop", "drop", [rule("forward", meta("iifname", "eth0"), accept!)]],
    ["every device but another is accepted", "drop", "pass", [rule("forward", meta("iifname", "eth0", "!="), accept!)]],
    ["one of a set is accepted", "drop", "pass", [rule("forward", meta("iifname", { set: ["a", "lan0"] }), accept!)]],
    ["a set by name is accepted", "drop", "drop", [rule("forward", meta("iifname", "@mine"), accept!)]],
    ["a set by name is dropped", "accept", "pass", [rule("forward", meta("iifname", "@mine"), drop!)]],
    ["answers are accepted", "drop", "drop", [rule("forward", state("established", "related"), accept!)]],
    ["what is invalid is dropped", "accept", "pass", [rule("forward", state("invalid"), drop!)]],
    ["new connections are dropped", "accept", "drop", [rule("forward", state("new"), drop!)]],
    [
      "its subnet is dropped",
      "accept",
      "drop",
      [rule("forward", address("saddr", { prefix: { addr: "10.0.0.0", len: 8 } }), drop!)],
    ],
    ["one of its addresses is dropped", "accept", "some", [rule("forward", address("saddr", "10.0.0.7"), drop!)]],
    [
      "another subnet is dropped",
      "accept",
      "pass",
      [rule("forward", address("saddr", { prefix: { addr: "10.1.0.0", len: 16 } }), drop!)],
    ],
    [
      "another family is dropped",
      "accept",
      "pass",
      [rule("forward", address("saddr", { prefix: { addr: "::", len: 0 } }, "ip6"), drop!)],
    ],
    ["some target is dropped", "accept", "some", [rule("forward", address("daddr", "192.0.2.1"), drop!)]],
    [
      "a port is rejected",
      "accept",
      "some",
      [rule("forward", match({ payload: { protocol: "tcp", field: "dport" } }, 25), { reject: null })],
    ],
    [
      "iptables rejects",
      "accept",
      "drop",
      [rule("forward", { counter: { packets: 1 } }, { xt: { type: "target", name: "REJECT" } })],
    ],
    [
      "an extension of iptables decides",
      "accept",
      "pass",
      [rule("forward", { xt: { type: "match", name: "owner" } }, drop!)],
    ],
    ["a limit decides", "accept", "pass", [rule("forward", { limit: { rate: 1 } }, drop!)]],
    ["a log drops nothing", "accept", "pass", [rule("forward", { log: null })]],
    ["accepted before it is dropped", "accept", "pass", [rule("forward", accept!), rule("forward", drop!)]],
    ["a jump drops", "accept", "drop", [rule("forward", { jump: { target: "other" } }), rule("other", drop!)]],
    [
      "a jump returns",
      "accept",
      "pass",
      [rule("forward", { jump: { target: "other" } }), rule("other", leave!), rule("other", drop!)],
    ],
    ["what follows a jump", "accept", "drop", [rule("forward", { jump: { target: "other" } }), rule("forward", drop!)]],
    [
      "nothing follows a goto",
      "accept",
      "pass",
      [rule("forward", { goto: { target: "other" } }), rule("forward", drop!)],
    ],
    [
      "a jump for some drops",
      "accept",
      "some",
      [rule("forward", address("saddr", "10.0.0.7"), { jump: { target: "other" } }), rule("other", drop!)],
    ],
    [
      "a map drops",
      "accept",
      "drop",
      [
        rule("forward", {
          vmap: {
            key: { meta: { key: "iifname" } },
            data: {
              set: [
                ["eth0", accept!],
                ["lan0", drop!],
              ],
            },
          },
        }),
      ],
    ],
    [
      "a map goes elsewhere",
      "drop",
      "drop",
      [
        rule("forward", {
          vmap: { key: { meta: { key: "iifname" } }, data: { set: [["lan0", { goto: { target: "other" } }]] } },
        }),
        rule("forward", accept!),
      ],
    ],
    [
      "chains that call each other end",
      "accept",
      "pass",
      [rule("forward", { jump: { target: "other" } }), rule("other", { jump: { target: "other" } })],
    ],
  ])("%s (policy %s): %s", (_, policy, expected, rules) => {
    expect(fate(OUT, policy, ...rules)).toBe(expected);
  });
});

test("of what comes to it", () => {
  const own = { prefix: { addr: "10.0.0.0", len: 24 } };
  expect(fate(IN, "drop", rule("forward", address("daddr", own), accept!))).toBe("pass");
  expect(fate(IN, "drop", rule("forward", address("saddr", own), accept!))).toBe("drop");
  expect(fate(IN, "accept", rule("forward", meta("oifname", "lan0"), drop!))).toBe("drop");
});

test("of what crosses Docker's chains", () => {
  const forward = DOCKER.chains.find(({ name }) => name === "FORWARD")!;
  const of = (packet: Packet) => fateOf(forward, DOCKER.chains, packet);
  expect([of(OUT), of(IN), of({ family: 4, in: "docker0", out: "eth0" })]).toEqual(["drop", "drop", "pass"]);
  expect(of({ family: 4, in: "docker0", out: "docker0" })).toBe("pass");
});
