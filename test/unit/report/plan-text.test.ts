// What a plan looks like.
import { expect, test } from "vitest";
import { paint } from "../../../src/report/color.js";
import { planText } from "../../../src/report/plan-text.js";
import { change, planOf } from "./make-plan.js";

const plain = { paint: paint(false) };

test("A plan without changes says so", () => {
  expect(planText(planOf([]), plain)).toBe("No changes. The lab is as the file says.\n");
});

test("Changes are grouped by place, the host first, with symbol, fields, reason and cost", () => {
  const plan = planOf([
    change("create", "namespace:red"),
    change("create", "interface:red/eth0", {
      fields: [
        { field: "mtu", from: undefined, to: 1400 },
        { field: "up", from: undefined, to: true },
        { field: "alias", from: undefined, to: "netlab:demo" },
      ],
    }),
    change("update", "interface:blue/eth0", {
      fields: [{ field: "mac", from: "02:00:00:00:00:01", to: "02:00:00:00:00:02" }],
      traffic: "flap",
    }),
    change("replace", "ovs-bridge:br1", {
      place: "host",
      fields: [{ field: "datapath", from: "system", to: "netdev" }],
      traffic: "rebuild",
    }),
    change("create", "address:blue/eth0/10.0.0.1/24", { reason: "lost with veth:blue/eth0~red/eth0" }),
    change("delete", "bridge:host/br0"),
    change("delete", "port:host/p1", { goesWith: "bridge:host/br0" }),
    change("delete", "address:host/p1/10.0.0.9/24", { goesWith: "port:host/p1" }),
  ]);
  expect(planText(plan, plain)).toBe(
    [
      "host",
      "  ±  ovs-bridge  br1  datapath system -> netdev  ! stops traffic until it is rebuilt",
      "  -  bridge      br0  and 2 things that go with it",
      "",
      "blue",
      "  ~  interface  eth0              mac 02:00:00:00:00:01 -> 02:00:00:00:00:02  ! interrupts traffic for a moment",
      "  +  address    eth0/10.0.0.1/24  made again (lost with veth:blue/eth0~red/eth0)",
      "",
      "red",
      "  +  namespace",
      "  +  interface  eth0  mtu 1400, up",
      "",
      "Plan: 3 to create, 1 to change, 1 to replace, 3 to delete.",
      "",
    ].join("\n"),
  );
});

test("Verbose shows netlab's own marks and what goes with a deletion", () => {
  const plan = planOf([
    change("create", "interface:red/eth0", { fields: [{ field: "alias", from: undefined, to: "netlab:demo" }] }),
    change("delete", "bridge:host/br0"),
    change("delete", "port:host/p1", { goesWith: "bridge:host/br0" }),
  ]);
  const text = planText(plan, { ...plain, verbose: true });
  expect(text).toContain("alias netlab:demo");
  expect(text).toContain("  -  port    p1");
  expect(text).not.toContain("go with it");
});

test("Routes read as ip-route(8) writes them", () => {
  const hop = { via: "10.0.0.2", dev: "eth0", weight: 1, onlink: false };
  const fields = [{ field: "nexthops", from: undefined, to: [hop] }];
  const plan = planOf([
    change("create", "route:red/254/0.0.0.0/0", { fields }),
    change("create", "route:red/100/10.0.0.0/8/metric 50", {
      fields: [{ field: "nexthops", from: [hop], to: [{ ...hop, via: "10.0.0.3" }] }],
      reason: "lost with veth:blue/eth0~red/eth0",
    }),
    change("update", "route:red/254/fd00::/8/metric 7", { fields: [{ field: "nexthops", from: [hop], to: [] }] }),
  ]);
  const text = planText(plan, plain);
  expect(text).toContain("  +  route  0.0.0.0/0                       via 10.0.0.2 dev eth0\n");
  expect(text).toContain(
    "10.0.0.0/8 table 100 metric 50  nexthops via 10.0.0.2 dev eth0 -> via 10.0.0.3 dev eth0  made again (lost with",
  );
  expect(text).toContain("fd00::/8 metric 7               nexthops via 10.0.0.2 dev eth0 -> -\n");
});

test("A change of nothing but a mark is told", () => {
  const plan = planOf([
    change("update", "interface:red/eth0", { fields: [{ field: "alias", from: null, to: "netlab:demo" }] }),
  ]);
  expect(planText(plan, plain)).toContain("  ~  interface  eth0  alias - -> netlab:demo\n");
});

test("Settings of a new namespace share a line, those that the file names first", () => {
  const keys = ["net.ipv4.ip_forward", "net.ipv6.conf.all.forwarding", "net.ipv4.conf.all.rp_filter"];
  const plan = planOf(
    keys.map((key) =>
      change("create", `sysctl:red/${key}`, {
        fields: [{ field: "value", from: undefined, to: "0" }],
        origin: key.includes("rp_filter") ? `/namespaces/red/sysctl/${key}` : "/namespaces/red",
      }),
    ),
  );
  const line = "  +  sysctl  net.ipv4.conf.all.rp_filter=0, net.ipv4.ip_forward=0, and 1 more\n";
  expect(planText(plan, plain)).toContain(line);
  expect(planText(plan, { ...plain, verbose: true })).toContain("net.ipv4.conf.all.rp_filter   value 0");
});

test("Texts of several lines are compared line by line", () => {
  const head = "type nat hook postrouting priority 100; policy accept;";
  const [old, kept] = ["ip saddr 10.0.0.0/24 masquerade", 'oifname "eth1" masquerade'];
  const plan = planOf([
    change("update", "nat:gw", { fields: [{ field: "postrouting", from: [head, old, kept], to: [head, kept] }] }),
  ]);
  const text = planText(plan, plain);
  expect(text).toContain(`        - postrouting: ${old}\n`);
  expect(text).not.toContain(kept);
  expect(text).not.toContain("hook");
});

test("What is many and alike is counted, and verbose shows it", () => {
  const changes = Array.from({ length: 1000 }, (_, i) => change("create", `namespace:n${i}`));
  const plan = planOf([...changes, change("create", "bridge:host/br0")]);
  const text = planText(plan, plain);
  expect(text.split("\n").length).toBeLessThan(12);
  expect(text).toContain("In 1,000 places  (-v shows each)\n  +  1,000  namespace  n0, n1, … n999\n");
  expect(text).toContain("host\n  +  bridge  br0\n");
  expect(text).toContain("Plan: 1,001 to create");
  expect(planText(plan, { ...plain, verbose: true }).split("\n").length).toBeGreaterThan(2000);
});

test("Warnings and conflicts stand at their place in the file, or alone where there is none", () => {
  const plan = planOf([], {
    warnings: [{ code: "forward-drop", message: "Docker drops what the host forwards." }],
    conflicts: [
      {
        id: "bridge:host/br0",
        holder: "interface:host/br0",
        message: "br0 is there and carries no mark.",
        hint: "take it over: --adopt",
        origin: "/bridges/br0",
      },
    ],
  });
  const locate = () => ({ file: "t.yaml", line: 4, column: 3, length: 3, source: "  br0:" });
  const text = planText(plan, { ...plain, locate });
  expect(text).toContain("warning  forward-drop  Docker drops what the host forwards.");
  expect(text).toContain("t.yaml:4:3  error  conflict  br0 is there and carries no mark.");
  expect(text).toContain("take it over: --adopt");
  expect(text).not.toContain("No changes");
});

test("Control characters of foreign names never reach the terminal", () => {
  const plan = planOf([change("delete", "process:red/7", { reason: "runs \u001b[2Jevil" })]);
  expect(planText(plan, plain)).not.toContain("\u001b");
});

test("Colour adds nothing but styles", () => {
  const plan = planOf([change("create", "namespace:red"), change("delete", "bridge:host/br0")]);
  const colored = planText(plan, { paint: paint(true) });
  expect(colored).toContain("\u001b[32m+");
  expect(colored.replace(/\u001b\[[0-9]+m/g, "")).toBe(planText(plan, plain));
});
