// Which devices a .network file of systemd-networkd is for.
import { expect, test } from "vitest";
import { matchedNames } from "../../../../src/host/doctor/services.js";

test.each([
  ["[Match]\nName=en* eth0\n\n[Network]\nDHCP=yes\n", ["en*", "eth0"]],
  ["[Match]\nType=ether\n[Network]\nDHCP=yes\n", ["*"]],
  ["[Match]\nName=vb-*\nDriver=veth\n", []],
  ["[Match]\nMACAddress=02:00:00:00:00:01\n", []],
  ["[Match]\nType=wlan\n", []],
  ["# nothing\n", []],
])("%j", (text, names) => {
  expect(matchedNames(text)).toEqual(names);
});
