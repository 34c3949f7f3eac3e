// What a DHCP client of the machine asks for, by its words.
import { expect, test } from "vitest";
import { askedFor, deniedInterfaces, isLike } from "../../../../src/host/read/dhcp-clients.js";

test.each([
  [
    "dhclient",
    "/sbin/dhclient -4 -v -i -pf /run/dhclient.ens3.pid -lf /var/lib/leases -I -df /var/lib/df ens3",
    ["ens3"],
  ],
  ["dhclient", "dhclient -d -cf conf -e NAMESPACE=host ens3 ens4", ["ens3", "ens4"]],
  ["dhclient", "/sbin/dhclient -4 -q -nw -pf /run/dhclient.pid", []],
  ["dhclient", "/bin/sh /run/fake/dhclient -d ens3", ["ens3"]],
  ["dhcpcd", "dhcpcd -B -4 -p -h host -c /run/hook ens3", ["ens3"]],
  ["dhcpcd", "/usr/sbin/dhcpcd -q -b", []],
  ["dhcpcd", "/usr/sbin/dhcpcd -qf /etc/dhcpcd.conf -C resolv.conf -o ntp", []],
  ["dhcpcd", "dhcpcd: [manager] [ip4] [ip6]", []],
  ["dhcpcd", "dhcpcd: [master]", []],
  ["dhcpcd", "dhcpcd: ens3 [ip4]", ["ens3"]],
  ["udhcpc", "udhcpc -f -R -t 3 -T 1 -A 1 -O staticroutes -i ens3 -x hostname:red -s /run/hook", ["ens3"]],
  ["udhcpc", "udhcpc -fqi ens3", ["ens3"]],
  ["udhcpc", "udhcpc -q -iens3", ["ens3"]],
  ["udhcpc", "udhcpc -b", ["eth0"]],
])("%s: %s", (program, text, names) => {
  const words = text.startsWith("dhcpcd: ") ? [text] : text.split(" ");
  expect(askedFor(program, words)?.names).toEqual(names);
});

test("dhcpcd's helpers ask for nothing; what it is to leave alone is known", () => {
  expect(askedFor("dhcpcd", ["dhcpcd: [privileged proxy]"])).toBeUndefined();
  expect(askedFor("dhcpcd", ["dhcpcd", "-Z", "ens*", "-b"])?.spares).toContain("ens*");
  expect(deniedInterfaces("# denyinterfaces a\ndenyinterfaces ens3 veth*\n  denyinterfaces br0\n")).toEqual([
    "ens3",
    "veth*",
    "br0",
  ]);
});

test.each([
  ["ens*", ["ens3", "ens"], ["xens3"]],
  ["e?s3", ["ens3"], ["es3"]],
  ["eth[0-2]", ["eth0", "eth2"], ["eth3", "eth[0-2]"]],
  ["eth[!0-2]", ["eth3"], ["eth0"]],
  ["eth[0", ["eth[0"], ["eth0"]],
  ["br.5", ["br.5"], ["brx5"]],
  ["eth[2-0]", [], ["eth1"]],
])("%s", (glob, like, unlike) => {
  expect([...like, ...unlike].filter((name) => isLike(name, glob))).toEqual(like);
});
