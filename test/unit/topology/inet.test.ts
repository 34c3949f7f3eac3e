// IPv4 addresses that are read without the library are what the library makes of them.
import fc from "fast-check";
import { Address4 } from "ip-address";
import { expect, test } from "vitest";
import {
  isBroadcast,
  isNetwork,
  networkOf,
  parseAddress,
  parseCidr,
  scopeOf,
  subnetOf,
} from "../../../src/topology/inet.js";

const cidr = fc.tuple(fc.ipV4(), fc.integer({ min: 0, max: 32 })).map(([address, prefix]) => `${address}/${prefix}`);

test("an address with a prefix, its subnet and its broadcast address", () => {
  fc.assert(
    fc.property(cidr, (text) => {
      const [inet, other] = [parseCidr(text)!, new Address4(text)];
      expect(inet).toEqual({
        family: 4,
        address: other.correctForm(),
        prefix: other.subnetMask,
        value: other.bigInt(),
      });
      const [first, last] = [other.startAddress(), other.endAddress()];
      expect(networkOf(inet).address).toBe(first.correctForm());
      expect(subnetOf(text)).toBe(`${first.correctForm()}/${inet.prefix}`);
      expect(isNetwork(inet)).toBe(inet.value === first.bigInt());
      expect(isBroadcast(inet)).toBe(inet.prefix < 31 && inet.value === last.bigInt());
    }),
    { examples: [["0.0.0.0/0"], ["255.255.255.255/0"], ["255.255.255.255/32"], ["10.0.0.255/24"], ["10.0.0.0/31"]] },
  );
});

test.each(["256.0.0.1", "01.2.3.4", "1.2.3", "1.2.3.4.5", "1.2.3.4 ", "1.2.3.-4", "1.2.3.4a", "1.2.3.999", ""])(
  "%o is no address",
  (text) => {
    expect(parseAddress(text)).toBeUndefined();
  },
);

test.each(["1.2.3.4/33", "1.2.3.4/-1", "1.2.3.4/", "1.2.3.4/024", "1.2.3.4/8/8"])(
  "%o is none with a prefix",
  (text) => {
    expect(parseCidr(text)).toBeUndefined();
  },
);

test.each([
  ["0.1.2.3", "unspecified"],
  ["127.0.0.1", "loopback"],
  ["169.254.1.1", "link-local"],
  ["224.0.0.1", "multicast"],
  ["255.255.255.255", "reserved"],
  ["10.0.0.1", "global"],
  ["::1", "loopback"],
  ["fe80::1", "link-local"],
])("%s is %s", (text, scope) => {
  expect(scopeOf(parseAddress(text)!)).toBe(scope);
});
