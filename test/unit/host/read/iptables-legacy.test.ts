// `iptables-legacy -S` in the shape of nft's chains.
import { expect, test } from "vitest";
import { legacyChains } from "../../../../src/host/read/iptables-legacy.js";

test("Policies, chains and rules; what is not known is said not to be", () => {
  const output = `-P INPUT ACCEPT
-P FORWARD DROP
-N mine
-A FORWARD -i lan0 -m comment --comment "netlab:demo" -j ACCEPT
-A FORWARD ! -i eth+ -s 10.0.0.0/8 -d 192.0.2.1/32 -j mine
-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A FORWARD -p tcp -m tcp --dport 25 -j REJECT --reject-with icmp-port-unreachable
-A mine -m owner --uid-owner 0 -m comment --comment "say \\"it\\"" -g other
`;
  const chains = legacyChains("legacy-ip", output);
  expect(chains.map(({ name, hook, policy }) => [name, hook, policy])).toEqual([
    ["INPUT", "input", "accept"],
    ["FORWARD", "forward", "drop"],
    ["mine", undefined, undefined],
  ]);
  const match = (left: object, right: unknown, op = "==") => ({ match: { op, left, right } });
  const [input, output6] = [
    (key: string) => ({ meta: { key } }),
    (field: string) => ({ payload: { protocol: "ip", field } }),
  ];
  expect(chains[1]!.rules).toEqual([
    { handle: 0, comment: "netlab:demo", expr: [match(input("iifname"), "lan0"), { accept: null }] },
    {
      handle: 0,
      expr: [
        match(input("iifname"), "eth*", "!="),
        match(output6("saddr"), { prefix: { addr: "10.0.0.0", len: 8 } }),
        match(output6("daddr"), "192.0.2.1"),
        { jump: { target: "mine" } },
      ],
    },
    { handle: 0, expr: [match({ ct: { key: "state" } }, { set: ["related", "established"] }), { accept: null }] },
    { handle: 0, expr: [match(input("l4proto"), "tcp"), { reject: null }] },
  ]);
  expect(chains[2]!.rules).toEqual([
    { handle: 0, comment: 'say "it"', expr: [{ xt: { type: "match", name: "owner" } }, { goto: { target: "other" } }] },
  ]);
});
