// Two at once: two netlabs on one lab, a netlab and the orphans of a killed one, and two labs that are alike.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { type Box, withBox } from "../helpers/box.js";
import {
  ALIKE,
  type Fault,
  figure,
  GO,
  good,
  LAB,
  netlabWith,
  prepare,
  sameAs,
  startWith,
  whereIn,
} from "../helpers/faults.js";

const LONG = { timeout: 300_000 };
const APPLY = ["apply", "--yes", LAB];
/** Held in the middle of its work until the test says go. */
const HELD: Fault = { at: 14, how: "hang" };

const arrived = (box: Box) => expect.poll(() => whereIn(box), { timeout: 60_000 }).not.toBe("");

test("two applies of one lab: the second waits, says for whom, and is refused when the time is up", LONG, () =>
  withBox({ ovs: true }, async (box) => {
    await prepare(box);
    const before = await box.fingerprint();
    const first = await startWith(box, APPLY, HELD);
    await arrived(box);
    const refused = await box.netlab([...APPLY, "--lock-timeout", "1"]);
    expect(refused.code, refused.stderr).toBe(1);
    expect(refused.stderr).toMatch(/[Ww]ait.* netlab apply --yes \S+faults\.yaml \(pid \d+\)/);
    expect(refused.stderr).toMatch(/error +the networks of this machine are being changed by netlab apply/);
    expect(refused.stderr).toMatch(/--lock-timeout/);
    expect((await box.netlab(["plan", LAB])).code).toBe(0); // reading takes no lock

    const second = box.startNetlab([...APPLY, "--lock-timeout", "60"]);
    await second.until(/[Ww]ait/);
    await box.sh(`: >${GO}`);
    expect((await first.ended).code, first.stderr).toBe(0);
    const last = await second.ended;
    expect(last.code, last.stderr).toBe(0);
    expect(last.stderr).toMatch(/No changes/);
    await good(box, ["destroy", "--yes", LAB]);
    await sameAs(box, before, "destroyed");
  }),
);

test("the orphans of a killed apply hold the lock until they have ended", LONG, () =>
  withBox({ ovs: true }, async (box) => {
    await prepare(box);
    const before = await box.fingerprint();
    const first = await startWith(box, APPLY, HELD);
    await arrived(box);
    first.kill("SIGKILL");
    const refused = await box.netlab([...APPLY, "--lock-timeout", "1"]);
    expect(refused.code, refused.stderr).toBe(1);
    expect(refused.stderr).toMatch(/being changed by .*(ip|sysctl|nft|ovs-vsctl|sh) .*\(pid \d+\)/);
    const next = box.startNetlab([...APPLY, "--lock-timeout", "60"]);
    await next.until(/[Ww]ait/);
    await box.sh(`: >${GO}`);
    const ran = await next.ended;
    expect(ran.code, ran.stderr).toBe(0);
    await good(box, ["plan", "--detailed-exitcode", LAB]);
    await good(box, ["destroy", "--yes", LAB]);
    await sameAs(box, before, "destroyed");
    figure("applies at once", 4);
  }),
);

/** Settings that a change of ip_forward rewrites, in a combination that no default has. */
const EXOTIC = [
  "net.ipv4.ip_forward=0",
  "net.ipv4.conf.all.accept_redirects=0",
  "net.ipv4.conf.lo.forwarding=1",
  "net.ipv4.conf.default.forwarding=0",
].join(" ");
const HARDENED = "net.ipv4.conf.lo.accept_redirects";

test.each(["first", "second"])("two labs that are alike: right together, and the %s destroyed alone", (which) =>
  withBox({}, async (box) => {
    await prepare(box);
    await box.sh(`sysctl -w ${EXOTIC}`);
    const before = await box.fingerprint();
    const text = readFileSync(ALIKE, "utf8");
    const alike = ["one", "two"].map((name) => `/run/${name}.yaml`);
    for (const name of ["one", "two"]) await box.sh(`cat >/run/${name}.yaml`, { input: text.replaceAll("NAME", name) });
    const right = async (file: string) => {
      await good(box, ["plan", "--detailed-exitcode", file]);
      await good(box, ["check", file]);
      expect(await box.sh("cat /proc/sys/net/ipv4/ip_forward")).toBe("1\n");
    };
    await good(box, ["apply", "--yes", alike[0]!]);

    // The second lab fails on the way: the first has all that it needs.
    const failed = await netlabWith(box, ["apply", "--yes", alike[1]!], { at: 8, how: "fail" });
    expect(failed.code, failed.stderr).toBe(1);
    expect(failed.stderr).toMatch(/Rolled back/);
    await right(alike[0]!);

    await good(box, ["apply", "--yes", alike[1]!]);
    for (const file of alike) await right(file);
    const [gone, stays] = which === "first" ? alike : [...alike].reverse();
    await good(box, ["destroy", "--yes", gone!]);
    await right(stays!);
    await good(box, ["apply", "--yes", gone!]);
    for (const file of alike) await right(file);
    // What the machine's owner hardens meanwhile stays so.
    await box.sh(`sysctl -w ${HARDENED}=0`);
    await good(box, ["destroy", "--yes", gone!]);
    await good(box, ["destroy", "--yes", stays!]);
    await box.sh("rm /run/one.yaml /run/two.yaml");
    await sameAs(box, before.replace(`${HARDENED} = 1`, `${HARDENED} = 0`), "destroyed");
    figure("labs alike", 2);
  }),
);
