import { expect, test } from "vitest";
import { guard, isSysctlKey } from "../../../../src/host/guard/guard.js";
import { REMOVE, WRITE } from "../../../../src/kinds/etc-file.js";
import { CLEAN, RELEASE, START, STOP, startWords } from "../../../../src/kinds/service-words.js";

const command = (tool: string, args: string[], place = "red", stdin?: string) => ({ tool, args, place, stdin });

test.each([
  ["ip", ["link", "add", "name", "eth0", "netns", "red", "type", "veth", "peer", "name", "v@0"]],
  ["ip", ["route", "replace", "::/0", "via", "fd00::1", "proto", "110"]],
  ["ovs-vsctl", ["--may-exist", "add-port", "br0", "p0", "tag=10", "--", "set", "interface", "p0", "type=internal"]],
  ["ovs-vsctl", ["--no-wait", "--if-exists", "del-br", "br0"]],
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

test.each([
  "flush ruleset",
  '  include "/etc/passwd"',
  "delete table inet filter",
  'oifname "a"; flush ruleset; # "',
  'oifname "a" masquerade # x',
  'oifname "a',
  'oifname ".." masquerade',
  'oifname "../x" masquerade',
  "ip saddr $x masquerade",
  "add rule inet x y ip saddr { 1.2.3.4 } accept",
])("the line %j for nft is refused", (line) => {
  const script = `table inet netlab_x {\n  chain output {\n    ${line}\n  }\n}\n`;
  expect(() => guard(command("nft", ["-f", "-"], "red", script))).toThrow(/^refused to run nft/);
});

test("what netlab says to nft may run", () => {
  const script = `add table inet netlab_x
delete table inet netlab_x
table inet netlab_x {
  chain output {
    type nat hook output priority -100; policy accept;
    fib daddr type local ip daddr != 127.0.0.0/8 tcp dport 80 dnat ip to 10.0.0.1:80
    ip6 saddr fd00::/64 ip6 daddr != fd00::/64 masquerade
    ct status dnat ip saddr 10.0.0.0/24 ip daddr 10.0.0.1 masquerade
    meta nfproto ipv4 oifname "a~b" masquerade
    ip saddr 10.0.0.0/24 oifname "a..b" masquerade
  }
}
insert rule bridge filter FORWARD iifname "e0" accept comment "netlab:x"
delete rule ip filter FORWARD handle 7
`;
  expect(() => guard(command("nft", ["-f", "-"], "red", script))).not.toThrow();
});

test("a NUL byte in standard input is refused", () => {
  expect(() => guard(command("nft", ["-f", "-"], "red", "a\0b"))).toThrow(/no line of netlab/);
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
  const started = (place: string, lab: string, name: string, ...command: string[]) => {
    const one = { name, command, restart: "never" as const, directory: "/", env: { A: "it's; so" } };
    return startWords(lab, place, ["ip", "netns", "exec", place], one);
  };
  may("-c", START, "netlab-start", service, ...started("red", "lab", "web", "any\nthing", "", "--x", "$(reboot)"));
  may("-c", CLEAN, "netlab-clean", service);
  may("-c", RELEASE, "netlab-release", service);
  mayNot("-c", RELEASE, "netlab-release", "/run/netlab/../x");
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
  mayNot("-c", START, "netlab-start", service, ...started("red", "lab", "web", "a\0b"));
  mayNot("-c", START, "netlab-start", service, ...started("blue", "lab", "web", "date"));
  mayNot("-c", START, "netlab-start", service, ...started("red", "other", "web", "date"));
  mayNot("-c", START, "netlab-start", service, ...started("red", "lab", "../web", "date"));
  mayNot("-c", START, "netlab-start", service, "reboot");
});
