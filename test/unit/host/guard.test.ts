import { expect, test } from "vitest";
import { guard, isSysctlKey } from "../../../src/host/guard.js";
import { REMOVE, WRITE } from "../../../src/kinds/etc-file.js";
import { CLEAN, START, STOP } from "../../../src/kinds/service-words.js";

const command = (tool: string, args: string[], place = "red", stdin?: string) => ({ tool, args, place, stdin });

test.each([
  ["ip", ["link", "add", "name", "eth0", "netns", "red", "type", "veth", "peer", "name", "v@0"]],
  ["ip", ["route", "replace", "::/0", "via", "fd00::1", "proto", "110"]],
  ["ovs-vsctl", ["--may-exist", "add-port", "br0", "p0", "tag=10", "--", "set", "interface", "p0", "type=internal"]],
  ["ovs-vsctl", ["--no-wait", "--if-exists", "del-br", "br 0"]],
  ["nft", ["-f", "-"]],
  ["sysctl", ["-e", "net.ipv4.conf.eth0/1.forwarding=0"]],
  ["sysctl", ["-w", "net.ipv4.ip_local_port_range=1024 65535"]],
  ["ethtool", ["-K", "eth0", "tx", "off"]],
  ["kill", ["-TERM", "1234"]],
])("%s %j may run", (tool, args) => {
  expect(() => guard(command(tool, args))).not.toThrow();
});

test.each([
  ["ip", ["link", "set", "dev", "a b"]],
  ["ip", ["link", "set", "dev", "a\tb"]],
  ["ip", ["link", "set", "dev", "a\nlink delete b"]],
  ["ip", ["link", "set", "dev", "a\u00a0b"]],
  ["ip", ["link", "set", "dev", 'a"b']],
  ["ip", ["link", "set", "dev", "a'b"]],
  ["ip", ["link", "set", "dev", "a\\"]],
  ["ip", ["link", "set", "dev", "#"]],
  ["ip", ["link", "set", "dev", ""]],
  ["ip", ["link", "set", "dev", "-all"]],
  ["ip", ["-force", "link"]],
  ["ip", ["link", "set", "dev", "a\0b"]],
  ["ovs-vsctl", ["--db=tcp:1.2.3.4:6640", "show"]],
  ["ovs-vsctl", ["add-br", "-x"]],
  ["ovs-vsctl", ["add-br", "a\nb"]],
  ["nft", ["-f", "/etc/passwd", "--include"]],
  ["sysctl", ["-p"]],
  ["sysctl", ["--system"]],
  ["sysctl", ["net.ipv4.ip_forward"]],
  ["sysctl", ["net.//.//.//.etc.passwd=1"]],
  ["sysctl", ["/etc/passwd=1"]],
  ["sysctl", ["net.ipv4.x=1\nkernel.y=2"]],
  ["ethtool", ["--flash", "eth0"]],
  ["kill", ["-TERM", "1"]],
  ["kill", ["-TERM", "0"]],
  ["kill", ["-TERM", "-1"]],
  ["kill", ["-HUP", "12"]],
  ["kill", ["-TERM", "12x"]],
  ["rm -rf", ["/"]],
  ["../ip", ["link"]],
])("%s %j is refused", (tool, args) => {
  expect(() => guard(command(tool, args))).toThrow(/^refused to run /);
});

test.each(["", ".", "..", "../../etc", "a/b", "a\nb", "a\0b"])("the place %j is refused", (place) => {
  expect(() => guard(command("ip", ["link"], place))).toThrow(/no namespace's name/);
});

test("a NUL byte in standard input is refused", () => {
  expect(() => guard(command("nft", ["-f", "-"], "red", "a\0b"))).toThrow(/NUL/);
});

test.each([
  ["net.ipv4.ip_forward", true],
  ["net.ipv4.conf.eth0/1.forwarding", true],
  ["net", false],
  ["net..x", false],
  ["net./.x", false],
  ["net.//.x", false],
])("sysctl key %s: %s", (key, valid) => {
  expect(isSysctlKey(key)).toBe(valid);
});

test("of sh only netlab's own scripts may run, and only on files of its own", () => {
  const service = "/run/netlab/lab/services/red/web";
  const may = (...args: string[]) => expect(() => guard(command("sh", args, "host"))).not.toThrow();
  const mayNot = (...args: string[]) => expect(() => guard(command("sh", args, "host"))).toThrow(/^refused/);
  may("-c", START, "netlab-start", service, "env", "sh", "-c", "any\nthing", "");
  may("-c", CLEAN, "netlab-clean", service);
  may("-c", STOP, "netlab-stop", "4711", "99");
  may("-c", WRITE, "netlab-write", "/etc/netns/red/resolv.conf");
  mayNot("-c", "rm -rf /");
  mayNot("-e", CLEAN, "netlab-clean", service);
  for (const path of [
    "/",
    "/run/netlab",
    "/run/netlab/lab/services/red/..",
    `${service}/../x`,
    "/run/netlab/lab/services/./web",
    "",
  ])
    mayNot("-c", CLEAN, "netlab-clean", path);
  for (const path of ["/etc/passwd", "/etc/netns/../passwd", "/etc/netns/red/../../passwd"]) {
    mayNot("-c", WRITE, "netlab-write", path);
    mayNot("-c", REMOVE, "netlab-remove", path);
  }
  for (const pid of ["1", "0", "-1", "x"]) mayNot("-c", STOP, "netlab-stop", pid, "99");
  mayNot("-c", START, "netlab-start", service, "a\0b");
});
