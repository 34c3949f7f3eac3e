// Tables: of a live lab with its drift, of labs, of checks; and how columns line up.
import { expect, test } from "vitest";
import type { Resource, State } from "../../../src/core/resource.js";
import type { CheckResult } from "../../../src/engine/check-result.js";
import { checkSummary, checkTable } from "../../../src/report/check-text.js";
import { paint } from "../../../src/report/color.js";
import { labTable } from "../../../src/report/lab-table.js";
import { driftOf, showTable } from "../../../src/report/show-table.js";
import { table } from "../../../src/report/table.js";
import { change } from "./make-plan.js";

const plain = paint(false);
const resource = (id: string, fields: Resource["fields"] = {}, owner: Resource["owner"] = "lab"): Resource => {
  const { kind, place } = change("create", id);
  return { id, kind, place, fields, at: {}, owner };
};

test("Columns line up by what is seen, styles and wide characters counted right", () => {
  const color = paint(true);
  expect(table([[color.red("a"), "x"], ["日本", "y"], ["last one may be longer"]])).toBe(
    `${color.red("a")}     x\n日本  y\nlast one may be longer`,
  );
});

test("A live lab, with what differs from the file marked", () => {
  const state: State = Object.fromEntries(
    [
      resource("namespace:red"),
      resource("interface:red/eth0", { up: false, mtu: 1400, alias: "netlab:demo" }),
      resource("address:red/eth0/10.0.0.1/24"),
      resource("interface:red/lo", { up: true }, "ambient"),
      resource("nat:red", { postrouting: ["type nat hook postrouting priority 100;", "oifname eth0 masquerade"] }),
    ].map((r) => [r.id, r]),
  );
  const drift = [
    change("update", "interface:red/eth0", { fields: [{ field: "up", from: false, to: true }] }),
    change("delete", "address:red/eth0/10.0.0.1/24"),
    change("create", "bridge:host/br0"),
    change("create", "nat:red", { reason: "lost with namespace:red" }),
  ];
  expect(driftOf(drift, state)).toEqual(drift.slice(0, 3));
  expect(showTable(state, { drift, paint: plain })).toBe(
    [
      "host",
      "  +  bridge  br0  missing",
      "",
      "red",
      "     namespace",
      "  ~  interface  eth0              down, mtu 1400  the file says: up false -> true",
      "  -  address    eth0/10.0.0.1/24  not in the file",
      "     nat",
      "        postrouting: oifname eth0 masquerade",
      "",
    ].join("\n"),
  );
  expect(showTable(state, { paint: plain, verbose: true })).toContain("     interface  lo ");
});

test("Labs", () => {
  const namespaces = Array.from({ length: 12 }, (_, i) => `n${i}`);
  const text = labTable([{ name: "demo", namespaces, counts: { namespace: 12, veth: 1200 } }], plain);
  expect(text).toBe("LAB   THINGS  NAMESPACES\ndemo  1,212   12          n0, n1, n2, n3, n4, … n11\n");
});

test("Checks", () => {
  const check = { origin: "/checks/0", from: "red", expect: "ok" as const, within: 5 };
  const results: CheckResult[] = [
    { check: { ...check, test: { ping: "fd00::1" } }, ok: true, got: "1 reply, 0.08 ms", attempts: 1, ms: 31 },
    {
      check: {
        ...check,
        test: { tcp: { address: "fd00::1", port: 80 } },
        listen: { place: "blue", port: 81 },
        seenAs: "fd00::9",
      },
      ok: false,
      got: "refused",
      attempts: 9,
      ms: 5012,
    },
  ];
  expect(checkTable(results, plain)).toBe(
    [
      "      FROM  CHECK                        EXPECT           GOT               TIME",
      "ok    red   ping fd00::1                 ok               1 reply, 0.08 ms  31 ms",
      "FAIL  red   tcp [fd00::1]:80 to blue:81  seen as fd00::9  refused           5.0 s",
      "",
    ].join("\n"),
  );
  expect(checkSummary(results, plain)).toBe("Failed: 1 of 2 checks.\n");
  expect(checkSummary(results.slice(0, 1), plain)).toBe("Passed: 1 check.\n");
  expect(checkSummary([], plain)).toBe("The file has no checks.\n");
});
