import { isIPv6 } from "node:net";
import fc from "fast-check";
import { expect, test } from "vitest";
import { inetText, linkLayerText } from "../../../../src/host/netlink/address.js";
import { parseAddress } from "../../../../src/topology/inet.js";

const bytes = (hex: string) => Buffer.from(hex.replaceAll(" ", ""), "hex");

test.each([
  ["0a000001", "10.0.0.1"],
  ["0000 0000 0000 0000 0000 0000 0000 0000", "::"],
  ["0000 0000 0000 0000 0000 0000 0000 0001", "::1"],
  ["fd00 0000 0000 0000 0000 0000 0000 0000", "fd00::"],
  ["2001 0db8 0000 0001 0000 0000 0000 0001", "2001:db8:0:1::1"],
  ["2001 0000 0000 0001 0000 0000 0002 0003", "2001::1:0:0:2:3"],
  ["2001 0db8 0000 0001 0002 0003 0004 0005", "2001:db8:0:1:2:3:4:5"],
  ["0000 0000 0000 0000 0000 ffff 0102 0304", "::ffff:1.2.3.4"],
  ["0000 0000 0000 0000 0000 0000 0102 0304", "::1.2.3.4"],
])("%s is %s", (hex, text) => expect(inetText(bytes(hex))).toBe(text));

test("any sixteen bytes are an address that reads back as itself", () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(0, 0, 0, 1, 255), { minLength: 16, maxLength: 16 }), (numbers) => {
      const text = inetText(Buffer.from(numbers));
      expect(isIPv6(text)).toBe(true);
      // A lab's file says the same address in any of its forms: it is known again by this one.
      expect(parseAddress(text)?.address).toBe(text);
      const back = new URL(`http://[${text}]/`).hostname;
      const plain = Array.from({ length: 8 }, (_, i) => ((numbers[2 * i]! << 8) | numbers[2 * i + 1]!).toString(16));
      expect(new URL(`http://[${plain.join(":")}]/`).hostname).toBe(back);
    }),
  );
});

test.each([
  ["0:0:0:0:0:0:102:304", "::1.2.3.4"],
  ["::ffff:102:304", "::ffff:1.2.3.4"],
  ["::1:0", "::0.1.0.0"],
  ["::ffff", "::ffff"],
  ["2001:DB8:0:0::1", "2001:db8::1"],
])("%s of a file is %s, as it is read back", (text, address) => expect(parseAddress(text)?.address).toBe(address));

test("a tunnel's link-layer address is an IP address", () => {
  expect(linkLayerText(bytes("020000000001"), 1)).toBe("02:00:00:00:00:01");
  expect(linkLayerText(bytes("0a000001"), 776)).toBe("10.0.0.1");
});
