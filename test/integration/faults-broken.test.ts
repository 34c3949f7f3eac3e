// A machine that lacks something: one line names it and the cure, nothing is changed, and nobody asks for what no lab needs.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { type Box, withBox } from "../helpers/box.js";
import { ALIKE, figure, good, LAB, netlabWith, prepare, sameAs } from "../helpers/faults.js";

/** A lab with bridges, NAT and settings, without Open vSwitch; from standard input, since /run may be full. */
const input = readFileSync(ALIKE, "utf8").replaceAll("NAME", "one");
const applyPlain = (box: Box) => box.netlab(["apply", "--yes", "-"], { input });
const applyAll = (box: Box) => box.netlab(["apply", "--yes", LAB], { env: { NETLAB_TIMEOUT: "6" } });

/** Something is missing, and comes back. */
interface Lack {
  what: string;
  ovs?: boolean;
  take: string;
  give: string;
  apply: (box: Box) => ReturnType<Box["netlab"]>;
  says: RegExp;
  cure: RegExp;
}

const places = (tool: string) => `/usr/sbin/${tool} /usr/bin/${tool} /sbin/${tool} /bin/${tool}`;
const hidden = (tool: string, from: string): Lack => ({
  what: `no ${tool}`,
  ovs: true,
  take: `for file in ${places(tool)}; do [ ! -x $file ] || mount --bind /dev/null $file; done`,
  give: `for file in ${places(tool)}; do umount $file 2>/dev/null || true; done`,
  apply: applyAll,
  says: new RegExp(`^error +${tool} is not installed$`, "m"),
  cure: new RegExp(`apt install ${from}`),
});

const LACKS: Lack[] = [
  hidden("ip", "iproute2"),
  hidden("nft", "nftables"),
  hidden("ovs-vsctl", "openvswitch-switch"),
  hidden("ethtool", "ethtool"),
  hidden("sysctl", "procps"),
  hidden("nsenter", "util-linux"),
  hidden("flock", "util-linux"),
  {
    what: "no Open vSwitch that runs",
    take: "true",
    give: "true",
    apply: applyAll,
    says: /^error +ovsdb-server does not run: there is no \S+$/m,
    cure: /systemctl start openvswitch-switch/,
  },
  {
    what: "an Open vSwitch whose database was killed",
    ovs: true,
    take: "kill -9 $(cat /run/openvswitch/ovsdb-server.pid)",
    give: "rm -r /run/openvswitch",
    apply: applyAll,
    says: /says +ovsdb-server does not run/,
    cure: /systemctl start openvswitch-switch/,
  },
  {
    what: "read-only /proc/sys",
    take: "mount --bind /proc/sys /proc/sys; mount -o remount,ro,bind /proc/sys",
    give: "umount /proc/sys",
    apply: applyPlain,
    says: /^error +\/proc\/sys is read-only here/m,
    cure: /--privileged/,
  },
  {
    what: "read-only /run",
    take: "mount -o remount,ro /run",
    give: "mount -o remount,rw /run",
    apply: applyPlain,
    says: /cannot write the journal in \/run\/netlab\/one: EROFS/,
    cure: /\/run must be writable and have space/,
  },
  {
    what: "full /run",
    take: "mount -o remount,size=1m /run; ! dd if=/dev/zero of=/run/full bs=4k 2>/dev/null",
    give: "rm /run/full",
    apply: applyPlain,
    says: /cannot write the journal in \/run\/netlab\/one: ENOSPC/,
    cure: /\/run must be writable and have space/,
  },
];

test.each(LACKS.map((lack) => [lack.what, lack] as const))("%s", (_, { ovs, take, give, apply, says, cure }) =>
  withBox({ ovs }, async (box) => {
    await prepare(box);
    const before = ovs && /kill/.test(take) ? undefined : await box.fingerprint();
    await box.sh(take);
    const ran = await apply(box);
    expect(ran.code, ran.stderr).toBe(1);
    expect(ran.stderr).toMatch(says);
    expect(ran.stderr).toMatch(cure);
    expect(ran.stderr).not.toMatch(/^ {4}at /m);
    await box.sh(give);
    if (before) await sameAs(box, before, ran.stderr);
    else expect(await box.sh("ip netns list; ls /run/netlab 2>/dev/null || true; nft list ruleset")).toBe("");
    figure("machines that lack something", 1);
  }),
);

test("a lab without Open vSwitch and NAT needs none of their tools", () =>
  withBox({}, async (box) => {
    for (const tool of ["nft", "ovs-vsctl", "ethtool"]) await box.sh(hidden(tool, "").take);
    const small = "name: small\nnamespaces: { a: {}, b: {} }\nlinks: [{ endpoints: ['a:e', 'b:e'] }]\n";
    for (const words of [
      ["apply", "--yes", "-"],
      ["plan", "--detailed-exitcode", "-"],
      ["destroy", "--yes", "-"],
    ]) {
      const ran = await box.netlab(words, { input: small });
      expect(ran.code, ran.stderr).toBe(0);
    }
    expect(await box.sh("ip netns list; ls /run/netlab 2>/dev/null || true")).toBe("");
  }));

test("an ip without JSON, and a user who is not root", () =>
  withBox({}, async (box) => {
    await box.sh("mkdir /run/busybox; cat >/run/busybox/ip; chmod 755 /run/busybox/ip", {
      input:
        '#!/bin/sh\necho "ip: unrecognized option: N" >&2\necho "BusyBox v1.36.1 multi-call binary." >&2\nexit 1\n',
    });
    const before = await box.fingerprint();
    const old = await box.netlab(["apply", "--yes", "-"], { input, env: { PATH: `/run/busybox:${process.env.PATH}` } });
    expect(old.code).toBe(1);
    expect(old.stderr).toMatch(/unrecognized option/);
    expect(old.stderr).toMatch(/iproute2 \(5\.0 or newer\), which prints JSON: apt install iproute2/);

    const nobody = "setpriv --bounding-set -all --inh-caps -all --reuid 65534 --clear-groups".split(" ");
    const user = await box.run([...nobody, process.execPath, "dist/cli.js", "apply", "--yes", "-"], { input });
    expect(user.code).toBe(1);
    expect(user.stderr).toMatch(/needs root \(CAP_NET_ADMIN and CAP_SYS_ADMIN\)/);
    expect(user.stderr).toMatch(/run: sudo netlab apply --yes -/);
    await sameAs(box, before, user.stderr);
  }));

test("what a failed read leaves is not called rolled back", { timeout: 300_000 }, () =>
  withBox({ ovs: true }, async (box) => {
    await prepare(box);
    const before = await box.fingerprint();
    // From the first reading back on nothing can be read any more.
    const reads = (await netlabWith(box, ["plan", LAB], { at: 1_000_000, how: "fail", scope: "read" })).points;
    const ran = await netlabWith(box, ["apply", "--yes", LAB], {
      at: reads + 2,
      how: "fail",
      scope: "read",
      sticky: true,
    });
    expect(ran.code, ran.stderr).toBe(1);
    expect(ran.stderr).toMatch(/The rollback did not bring everything back/);
    expect(ran.stderr).toMatch(/^ +- +namespace:red/m);
    expect(ran.stderr).toMatch(/netlab destroy --lab faults$/m);
    await good(box, ["destroy", "--yes", LAB]);
    await sameAs(box, before, ran.stderr);
  }),
);

test("a destroy that cannot look at the database of Open vSwitch is not called done", () =>
  withBox({ ovs: true }, async (box) => {
    await prepare(box);
    await good(box, ["apply", "--yes", LAB]);
    await box.sh("kill -9 $(cat /run/openvswitch/ovsdb-server.pid)");
    const env = { OVS_DBDIR: "/run/openvswitch" };
    for (const socket of ["refuses", "is gone"]) {
      const ran = await box.netlab(["destroy", "--yes", LAB], { env });
      expect(ran.code, `the socket ${socket}\n${ran.stderr}`).toBe(1);
      expect(ran.stderr).toMatch(/what the lab has in the database of Open vSwitch could not be looked at/);
      expect(ran.stderr).toMatch(/systemctl start openvswitch-switch/);
      expect(ran.stderr).toMatch(/Not everything is removed/);
      await box.sh("rm -f /run/openvswitch/db.sock");
    }
    const other = await box.netlab(["destroy", "--yes", "--lab", "other"], { env });
    expect(other.code, other.stderr).toBe(0);
    await box.sh("cd /run/openvswitch; ovsdb-server conf.db --remote=punix:db.sock --no-chdir --pidfile --detach");
    await good(box, ["destroy", "--yes", LAB]);
    expect(await box.sh("ovs-vsctl list-br")).toBe("");
  }));
