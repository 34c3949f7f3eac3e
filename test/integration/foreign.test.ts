// Random things of others beside random labs, and within them: through apply, edit, apply and destroy they stay bit for bit.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { arbitraryTopology } from "../helpers/arbitrary-topology.js";
import { withBox } from "../helpers/box.js";
import { figure, good, netlabWith, prepare, restingFingerprint, sameAs } from "../helpers/faults.js";
import { beside, foreignPart, foreignWithin, inside, ridingIn } from "../helpers/foreign-objects.js";

const soak = process.env.NETLAB_SOAK === "1";
const seed = Number(process.env.NETLAB_SEED ?? (soak ? Date.now() % 1_000_000 : 1));
const ROUNDS = soak ? 300 : 6;

describe(`random labs among random things of others (seed ${seed}; NETLAB_SEED)`, () => {
  test.each(Array.from({ length: ROUNDS }, (_, index) => seed + index))("seed %i", { timeout: 180_000 }, (one) =>
    withBox({ ovs: true }, async (box) => {
      const [a, b] = fc.sample(arbitraryTopology({ name: "zoo" }), { numRuns: 2, seed: one });
      const [others] = fc.sample(beside, { numRuns: 1, seed: one });
      const [spaces, first] = [Object.keys({ ...a!.namespaces, ...b!.namespaces }), Object.keys(a!.namespaces!)];
      const stay = first.filter((name) => name in b!.namespaces!);
      await prepare(box);
      await box.sh(others!.script);
      const before = await restingFingerprint(box);
      const about = `${others!.script}\n${JSON.stringify(a)}\n${JSON.stringify(b)}`;

      await box.sh("cat >/run/a.yaml", { input: JSON.stringify(a) });
      await box.sh("cat >/run/b.yaml", { input: JSON.stringify(b) });
      await good(box, ["apply", "--yes", "/run/a.yaml"], about);
      expect(foreignPart(await restingFingerprint(box), spaces), about).toBe(foreignPart(before, []));

      const guests = fc.sample(inside, { numRuns: stay.length, seed: one });
      for (const [index, place] of stay.entries())
        await box.sh(`nsenter --net=/run/netns/${place} sh -euc "$(cat)"`, { input: guests[index]!.script });
      const guested = await restingFingerprint(box);
      await good(box, ["plan", "--detailed-exitcode", "/run/a.yaml"], about);

      const { stdout, stderr } = await good(box, ["apply", "--yes", "/run/b.yaml"], about);
      await good(box, ["plan", "--detailed-exitcode", "/run/b.yaml"], about);
      const edited = await restingFingerprint(box);
      for (const id of ridingIn(guested, stay, edited).lost)
        expect(
          (stdout + stderr)
            .split("\n")
            .filter((line) => line.includes("foreign-lost"))
            .join("\n"),
          about,
        ).toContain(id);
      expect(foreignPart(edited, spaces), about).toBe(foreignPart(before, []));
      expect(foreignWithin(edited, stay), about).toBe(foreignWithin(guested, stay, edited));

      await good(box, ["destroy", "--yes", "/run/b.yaml"], about);
      await sameAs(box, before, about);
      const sum = guests.slice(0, stay.length).reduce((total, { count }) => total + count, others!.count);
      figure("foreign objects checked", sum);
    }),
  );
});

const LAB = (far: string) =>
  JSON.stringify({
    name: "zoo",
    namespaces: { red: { interfaces: { eth0: { addresses: ["10.0.0.1/24"] } } }, blue: {} },
    links: [
      { endpoints: ["red:eth0", far] },
      { endpoints: [{ end: "red:eth1", addresses: ["10.1.0.1/24"] }, "host:p1"] },
    ],
  });
/** A routing daemon's route, one that stands on it, and a lease with what its client has set. */
const GUESTS = `ip -n red route add 172.28.1.0/24 via 10.0.0.9 dev eth0 proto 12
  ip -n red route add 172.28.2.0/24 via 10.0.0.9 dev eth0 proto 12 metric 20 table 300
  ip -n red address add 10.9.0.7/24 broadcast + dev eth0 metric 30 valid_lft 9000 preferred_lft 8000
  ip -n red route add 172.28.3.0/24 via 10.9.0.1 src 10.9.0.7 dev eth0 proto 16`;

test("what others have on an interface of the lab is there again when that is made again, or said to be lost", () =>
  withBox({}, async (box) => {
    const apply = ["apply", "--yes", "/run/lab.yaml"];
    await prepare(box);
    await box.sh("cat >/run/lab.yaml", { input: LAB("host:p0") });
    await good(box, apply);
    await box.sh(GUESTS);
    const look =
      "for t in main 300; do ip -n red route show table $t; done; ip -n red -o -4 address show dynamic | grep -o 'inet [^ ]* metric [^ ]*'";
    const before = await box.sh(look);
    await box.sh("cat >/run/lab.yaml", { input: LAB("blue:p0") });
    expect((await good(box, ["plan", "/run/lab.yaml"])).stdout.match(/not the lab's, put back/g)).toHaveLength(4);
    await good(box, apply);
    expect(await box.sh(look)).toBe(before);

    // What cannot be put back whole is named before it is lost.
    await box.sh("ip -n red route add 172.28.4.0/24 via 10.0.0.9 dev eth0 proto 12 mtu 1300");
    await box.sh("cat >/run/lab.yaml", { input: LAB("host:p0") });
    expect((await good(box, ["plan", "/run/lab.yaml"])).stdout).toMatch(
      /foreign-lost +route:red\/254\/172\.28\.4\.0\/24 \(with .*\) will be lost/,
    );
    await box.sh("ip -n red route delete 172.28.4.0/24");

    // An apply that fails when the interface is gone brings them back, too.
    await box.sh("cat >/run/lab.yaml", { input: LAB("host:p0") });
    const failed = await netlabWith(box, apply, { at: 3, how: "fail", tool: "ip" });
    expect(failed.code, failed.where).toBe(1);
    expect(failed.stderr).toMatch(/Rolled back: lab zoo is as it was before/);
    expect(failed.stderr).not.toMatch(/Not put back/);
    expect(await box.sh(look)).toBe(before);

    // What cannot come back when the namespace itself was gone is named.
    await box.sh("ip -n red link add q1 type ifb; ip netns exec red sleep 1000 >/dev/null 2>&1 & echo");
    await expect.poll(() => box.sh("ip netns pids red"), { timeout: 60_000 }).not.toBe("");
    const nat = { masquerade: [{ source: "10.0.0.0/24" }] };
    await box.sh("cat >/run/lab.yaml", { input: JSON.stringify({ name: "zoo", namespaces: { green: { nat } } }) });
    const emptied = await netlabWith(box, apply, { at: 1, how: "fail", tool: "nft" });
    expect(emptied.stderr).toMatch(
      /Rolled back: lab zoo is as it was before.*\nNot put back, since it is not the lab's:/,
    );
    for (const gone of [/- process:red\/\d+ \(sleep 1000\)/, /- interface:red\/q1\n/, /set in namespace:red besides/])
      expect(emptied.stderr).toMatch(gone);
    expect(emptied.stderr).not.toMatch(/route:|address:|interface:red\/eth/);
    expect(await box.sh(look)).toBe(before);
  }));

test("what stands on a device of the lab, in whatever namespace, is named before it goes with it", () =>
  withBox({}, async (box) => {
    const apply = ["apply", "--yes", "/run/lab.yaml"];
    const stand = `ip link add mv0 link p0 type macvlan mode bridge; ip link set mv0 netns theirs
      ip -n red link add vx0 type vxlan id 7 dev eth0 dstport 4789 group 239.0.0.1`;
    const standing = async () =>
      `${await box.sh("ip -n theirs -br link; ip -n red -br link")}`.match(/^(mv0|vx0)/gm) ?? [];
    await prepare(box);
    await box.sh("cat >/run/lab.yaml", { input: LAB("host:p0") });
    await good(box, apply);
    await box.sh(`ip netns add theirs; ${stand}`);
    await good(box, ["plan", "--detailed-exitcode", "/run/lab.yaml"]);

    await box.sh("cat >/run/lab.yaml", { input: LAB("blue:p0") });
    const lost = /foreign-lost +interface:theirs\/mv0 .*, interface:red\/vx0 .*will be lost: they are not the lab's/;
    expect((await good(box, ["plan", "/run/lab.yaml"])).stdout).toMatch(lost);
    expect(await standing()).toEqual(["mv0", "vx0"]);

    // An apply that fails when the cable is gone names them again: they are not back.
    const failed = await netlabWith(box, apply, { at: 3, how: "fail", tool: "ip" });
    for (const gone of [/^Not put back/m, /- interface:red\/vx0\n/, /- interface:theirs\/mv0\n/])
      expect(failed.stderr).toMatch(gone);
    expect(await standing()).toEqual([]);

    // What stays where it is without the lab is named by its destroy, too; what is in a namespace that goes is not.
    await box.sh(stand);
    const { stderr } = await good(box, ["destroy", "--yes", "/run/lab.yaml"]);
    expect(stderr).toMatch(/foreign-lost +interface:theirs\/mv0 .*will be lost: it is not the lab's/);
    expect(stderr).not.toContain("vx0");
    expect(await box.sh("ip -n theirs -br link")).not.toContain("mv0");
  }));
