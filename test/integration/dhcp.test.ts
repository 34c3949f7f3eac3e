// DHCP and DNS on the real kernel: what a client in a namespace gets from the lab, and what is left of it.
import { expect, test } from "vitest";
import { dhcpClient } from "../../src/topology/dhcp-client.js";
import { type Box, withBox } from "../helpers/box.js";

const LAB = `
name: dh
namespaces:
  gw:
    bridges:
      lan:
        addresses: [10.7.0.1/24, "fd00:7::1/64"]
        dhcp: { range: 10.7.0.100-10.7.0.110, range6: "fd00:7::100-fd00:7::1ff", leases: { web: 10.7.0.20 } }
  web: { interfaces: { eth0: { addresses: [dhcp] } } }
  any: { interfaces: { eth0: { addresses: [dhcp, 10.8.0.1/24] } } }
  fix: { interfaces: { eth0: { addresses: [10.7.0.5/24] } } }
links: [{ endpoints: [web:eth0, gw/lan] }, { endpoints: [any:eth0, gw/lan] }, { endpoints: [fix:eth0, gw/lan] }]`;

async function netlab(box: Box, ...args: string[]) {
  const ran = await box.netlab([...args, "-"], { input: LAB });
  expect(ran, `${ran.stdout}${ran.stderr}`).toMatchObject({ code: 0 });
  return ran.stdout;
}
const inside = async (box: Box, place: string, ...command: string[]) =>
  (await box.netlab(["exec", place, "--", ...command])).stdout;
const eventually = (what: () => Promise<string>) => expect.poll(what, { timeout: 60_000, interval: 200 });

test("a client gets its address, its gateway and names, and the plan stays empty", async () => {
  await withBox({}, async (box) => {
    const before = await box.fingerprint();
    await netlab(box, "apply", "--yes");
    await eventually(() => inside(box, "web", "ip", "-br", "address", "show", "dev", "eth0")).toMatch(
      / 10\.7\.0\.20\/24 /,
    );
    await eventually(() => inside(box, "any", "ip", "-br", "address", "show", "dev", "eth0")).toMatch(
      / 10\.7\.0\.1\d\d\/24 /,
    );
    await eventually(() => inside(box, "web", "ip", "-6", "address", "show", "dev", "eth0")).toMatch(/fd00:7::/);
    expect(await inside(box, "web", "ip", "route", "show", "default")).toMatch(
      /default via 10\.7\.0\.1 dev eth0 proto dhcp/,
    );
    await eventually(() => inside(box, "web", "getent", "hosts", "fix")).toMatch(/^10\.7\.0\.5 +fix$/m);
    expect(await inside(box, "fix", "getent", "hosts", "web")).toMatch(/^10\.7\.0\.20 +web$/m);
    expect(await box.sh("ip netns exec fix getent hosts gw")).toMatch(/ gw$/m);
    if ((await box.run(["sh", "-c", "command -v dhclient"])).code === 0) {
      const ask = "dhclient -6 -1 -sf /bin/true -lf /run/leases6 -pf /run/client6 eth0";
      // It cannot ask from an address that may turn out to be another's.
      await box.sh("while ip -n fix -6 address show dev eth0 | grep -q tentative; do sleep 0.1; done");
      await box.sh(
        `ip netns exec fix ${ask}; until [ -s /run/client6 ]; do sleep 0.05; done; kill "$(cat /run/client6)"`,
      );
      expect(await box.sh("cat /run/leases6")).toMatch(/iaaddr fd00:7::1[0-9a-f]{2} /);
    }
    // Without other users to become, it stays root.
    const others = await box.run(["setpriv", "--reuid", "nobody", "--clear-groups", "true"]);
    const users = (await box.sh("ps -o user:20=,group:20= -C dnsmasq")).trim().split(/\s+/);
    expect(users.includes("root")).toBe(others.code !== 0);
    await netlab(box, "plan", "--detailed-exitcode");
    expect((await box.netlab(["logs", "--lab", "dh", "web/dhcp-eth0"])).stdout).toMatch(/eth0 has 10\.7\.0\.20\/24/);
    expect(await box.netlab(["destroy", "--yes", "--lab", "dh"])).toMatchObject({ code: 0 });
    await expect.poll(() => box.fingerprint(), { timeout: 60_000, interval: 200 }).toBe(before);
  });
});

test("a namespace's file of somebody else's is a conflict, and stays", async () => {
  await withBox({}, async (box) => {
    await box.sh("mkdir -p /etc/netns/fix; echo nameserver 192.0.2.1 >/etc/netns/fix/resolv.conf");
    const refused = await box.netlab(["apply", "--yes", "-"], { input: LAB });
    expect(refused).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/etc-file:fix\/resolv\.conf is there already/),
    });
    expect(await box.sh("cat /etc/netns/fix/resolv.conf; ip netns list")).toBe("nameserver 192.0.2.1\n");
  });
});

test("what somebody wrote into a file of the lab's is drift, and what a client has learnt is not", async () => {
  await withBox({}, async (box) => {
    await netlab(box, "apply", "--yes");
    await eventually(() => box.sh("cat /etc/netns/web/resolv.conf")).toMatch(
      /learnt by DHCP\nnameserver 10\.7\.0\.1\n/,
    );
    await box.sh("echo nameserver 192.0.2.1 >>/etc/netns/fix/resolv.conf; rm /etc/netns/any/resolv.conf");
    const plan = await box.netlab(["plan", "--detailed-exitcode", "-"], { input: LAB });
    expect(plan).toMatchObject({ code: 2, stdout: expect.stringMatching(/~ +etc-file +resolv\.conf/) });
    expect(plan.stdout.match(/etc-file/g)).toHaveLength(2);
    await netlab(box, "apply", "--yes");
    await netlab(box, "plan", "--detailed-exitcode");
  });
});

test("the client's hook sets routes behind those of others, and removes its own only", async () => {
  const { command } = dhcpClient({ name: "c", device: "e0", place: "host", keep: false }, "");
  const [, hook = ""] = /<<'END'\n([\s\S]*?)\nEND\n/.exec(command[2]!) ?? [];
  await withBox({}, async (box) => {
    await box.run(["sh", "-c", "cat >/run/hook"], { input: hook });
    await box.sh(`ip link add e0 type veth peer name f0; ip link add e1 type veth peer name f1
      for one in e0 f0 e1 f1; do ip link set dev $one up; done
      ip address add 10.1.0.2/24 dev e1; ip address add 10.0.0.9/24 dev e0`);
    const learn = async (words: string) => {
      await box.sh(`cd /run; env interface=e0 ip=10.0.0.2 mask=24 lease=60 new_ip_address=10.0.0.2 \\
        new_subnet_mask=24 new_dhcp_lease_time=60 ${words}`);
      return (await box.sh("ip -4 route show scope global")).replaceAll(" \n", "\n").trim().split("\n");
    };
    const bound = (gateway: string) => learn(`router=${gateway} sh ./hook bound`);
    const expired = () => learn("sh ./hook deconfig");
    const own = (gateway: string, metric: number) => `default via ${gateway} dev e0 proto dhcp metric ${metric}`;
    // Another interface leads out first, and the file has a way of its own.
    const others = ["default via 10.1.0.1 dev e1", "default via 10.0.0.8 dev e0 proto 110 metric 5"];
    await box.sh(others.map((one) => `ip route add ${one}`).join("\n"));
    expect(await bound("10.0.0.1")).toEqual([...others, own("10.0.0.1", 5)]);
    expect(await bound("10.0.0.1")).toEqual([...others, own("10.0.0.1", 5)]);
    expect(await expired()).toEqual(others);
    await box.sh(`ip route delete ${others[1]}`);
    expect(await bound("10.0.0.3")).toEqual([others[0], own("10.0.0.3", 1000)]);
    expect(await bound("10.0.0.4")).toEqual([others[0], own("10.0.0.4", 1000)]);
    expect(await expired()).toEqual([others[0]]);
    // What the machine had before stays where it leads the same way, and gives way where it does not.
    await box.sh("ip route add default via 10.0.0.1 dev e0 metric 50");
    expect(await bound("10.0.0.1")).toEqual([others[0], "default via 10.0.0.1 dev e0 metric 50"]);
    const theirs = ["default via 10.0.0.8 dev e0 proto static metric 50", "default via 10.0.0.9 dev e0 metric 70"];
    for (const one of theirs) await box.sh(`ip route append ${one}`);
    expect((await bound("10.0.0.4")).sort()).toEqual([others[0], own("10.0.0.4", 50), ...theirs].sort());
    for (const one of theirs) await box.sh(`ip route delete ${one}`);
    // RFC 3442: instead of a router.
    const classless = ["default via 10.0.0.5", "10.5.128.0/17 via 10.0.0.6", "192.0.2.7 via 10.0.0.6"];
    const routes = classless.map((one) => `${one} dev e0 proto dhcp metric 50`);
    const words = "0 10 0 0 5 17 10 5 128 10 0 0 6 32 192 0 2 7 10 0 0 6";
    const found = await learn(
      `new_routers=10.0.0.1 new_rfc3442_classless_static_routes="${words}" reason=BOUND sh ./hook`,
    );
    expect(found.sort()).toEqual([others[0], ...routes].sort());
    expect(await expired()).toEqual([others[0]]);
    // The end of one is the other.
    const alike = ["10.0.0.0/8", "110.0.0.0/8"].map((to) => `${to} via 10.0.0.6 dev e0 proto dhcp metric 1000`);
    expect(await learn('staticroutes="10.0.0.0/8 10.0.0.6 110.0.0.0/8 10.0.0.6" sh ./hook bound')).toEqual([
      others[0],
      ...alike,
    ]);
    expect(await learn('staticroutes="10.0.0.0/8 10.0.0.6" sh ./hook bound')).toEqual([others[0], alike[0]]);
    expect(await expired()).toEqual([others[0]]);
    expect(await box.sh("ip -o -4 address show dev e0")).toMatch(/ 10\.0\.0\.9\/24 [^\n]*\n$/);
  });
});
