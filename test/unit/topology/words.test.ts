// What patterns let through and words do not, and the other way round: the two must agree on every text.
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { contains, parseAddress, parseCidr, subnetOf } from "../../../src/topology/inet.js";
import { didYouMean, distance } from "../../../src/topology/suggest.js";
import { wordReason } from "../../../src/topology/words.js";

const schema = JSON.parse(readFileSync(new URL("../../../schemas/topology.schema.json", import.meta.url), "utf8"));

describe("patterns and words", () => {
  const formats: [string, string][] = [];
  JSON.stringify(schema, (_, part) => {
    if (part?.pattern && part.format && part.format !== "sysctl-value") formats.push([part.format, part.pattern]);
    return part;
  });
  const piece = fc.constantFrom(
    ..."a b 0 1 9 . : / - _ @ % { } $ * [ ] é".split(" "),
    "host",
    "all",
    "default",
    "net.",
    "10.0.0.1",
    "/24",
    "fd00::1",
    "02:",
    "eth0",
    ":80",
    "\n",
    " ",
  );

  test.each([...new Map(formats)])("%s: what the pattern refuses has a reason", (format, pattern) => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 6 }), (pieces) => {
        const text = pieces.join("");
        if (!new RegExp(pattern, "u").test(text))
          expect([text, wordReason(format, text)?.message]).not.toEqual([text, undefined]);
      }),
      { numRuns: 3000 },
    );
  });
});

describe("inet", () => {
  test("canonical text (RFC 5952), and what is no address", () => {
    expect(parseAddress("FD00:0:0::0001")?.address).toBe("fd00::1");
    expect(parseCidr("10.0.0.1/8")).toMatchObject({ family: 4, address: "10.0.0.1", prefix: 8 });
    for (const text of ["", "1.2.3", "010.0.0.1", "1.2.3.256", "fe80::1%eth0", "::1::", "10.0.0.1/24"])
      expect(parseAddress(text)).toBeUndefined();
    for (const text of ["10.0.0.1", "10.0.0.1/33", "10.0.0.1/024", "::1/129", "10.0.0.1/", "10.0.0.1/-1"])
      expect(parseCidr(text)).toBeUndefined();
  });

  test("subnets", () => {
    expect(subnetOf("10.1.2.3/15")).toBe("10.0.0.0/15");
    expect(subnetOf("fd00:15::1/64")).toBe("fd00:15::/64");
    expect(contains("10.0.0.0/15", "10.1.255.255")).toBe(true);
    expect(contains("10.0.0.0/15", "10.2.0.0")).toBe(false);
    expect(contains("0.0.0.0/0", "::1")).toBe(false);
  });
});

describe("did you mean", () => {
  test("counts insertions, deletions, replacements and swaps", () => {
    expect(distance("", "abc")).toBe(3);
    expect(distance("br-lna", "br-lan")).toBe(1);
    expect(distance("kitten", "sitting")).toBe(3);
  });

  test("suggests only what is near", () => {
    expect(didYouMean("adresses", ["mtu", "addresses"])).toBe('did you mean "addresses"?');
    expect(didYouMean("Eth0", ["eth0"])).toBe('did you mean "eth0"?');
    expect(didYouMean("xyz", ["mtu", "mac"])).toBeUndefined();
  });
});
