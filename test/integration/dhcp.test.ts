// DHCP and DNS on the real kernel: what a client in a namespace gets from the lab, and what is left of it.
import { expect, test } from "vitest";
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
const eventually = (what: () => Promise<string>) => expect.poll(what, { timeout: 20_000, interval: 200 });

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
      await box.sh(`ip netns exec fix ${ask}; kill "$(cat /run/client6)"`);
      expect(await box.sh("cat /run/leases6")).toMatch(/iaaddr fd00:7::1[0-9a-f]{2} /);
    }
    await netlab(box, "plan", "--detailed-exitcode");
    expect((await box.netlab(["logs", "--lab", "dh", "web/dhcp-eth0"])).stdout).toMatch(/eth0 has 10\.7\.0\.20\/24/);
    expect(await box.netlab(["destroy", "--yes", "--lab", "dh"])).toMatchObject({ code: 0 });
    await expect.poll(() => box.fingerprint(), { timeout: 10_000, interval: 200 }).toBe(before);
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
