// Failing at many points (at every one with NETLAB_SOAK=1): the lab is as it was before, verified, and the message says
// what failed and who asked for it.
import { expect, test } from "vitest";
import { type Box, withBox } from "../helpers/box.js";
import {
  EDITED,
  type Fault,
  figure,
  good,
  inBoxes,
  LAB,
  netlabWith,
  pointsOf,
  pointsOfApply,
  prepare,
  restingFingerprint,
  SEED,
  sameAs,
  sample,
  spread,
} from "../helpers/faults.js";

const LONG = { timeout: 3_600_000 };
const apply = (file: string) => ["apply", "--yes", file];
const VERBS = [
  { name: "apply", before: [], words: apply(LAB) },
  { name: "update", before: [apply(LAB)], words: apply(EDITED) },
];
const SORTS: { title: string; most: number; fault: Omit<Fault, "at"> }[] = [
  { title: "a command that fails", most: 30, fault: { how: "fail" } },
  { title: "a command that fails, one by one", most: 8, fault: { how: "fail", single: true } },
  { title: "a command that fails when it is done", most: 8, fault: { how: "late" } },
  { title: "a read or a probe that fails", most: 10, fault: { how: "fail", scope: "read" } },
];

for (const { name, before, words } of VERBS)
  for (const { title, most, fault } of SORTS)
    test(`${name}: ${title}`, LONG, async () => {
      const last = await withBox({ ovs: true }, async (box) => {
        await prepare(box);
        for (const first of before) await good(box, first);
        return pointsOf(box, words, fault);
      });
      let failed = 0;
      const ready = new Map<Box, string>();
      await inBoxes(spread(last, most), async (box, at) => {
        if (!ready.has(box)) {
          for (const first of before) await good(box, first);
          ready.set(box, await restingFingerprint(box));
        }
        if (await rollsBack(box, words, { ...fault, at }, ready.get(box)!)) failed++;
      });
      if (fault.how !== "late") expect(failed).toBeGreaterThan(0);
      figure(`points failed: ${name}, ${title}`, failed);
    });

/** False where what failed was there all the same, or nobody needed it. */
async function rollsBack(box: Box, words: string[], fault: Fault, before: string): Promise<boolean> {
  const ran = await netlabWith(box, words, fault);
  const about = `${fault.how} at point ${fault.at}: ${ran.where}\n${ran.stderr.slice(-1500)}`;
  if (ran.code === 0 && fault.how === "late") {
    await good(box, ["plan", "--detailed-exitcode", words.at(-1)!], about);
    await good(box, words[2] === LAB ? ["destroy", "--yes", LAB] : apply(LAB), about);
    return false;
  }
  expect(ran.where, about).not.toBe("");
  expect(ran.code, about).toBe(1);
  expect(ran.stderr, about).toMatch(/injected fault/i);
  if (fault.scope === "read") expect(ran.stderr, about).toMatch(/^\s+command |cannot (lock|read) /m);
  else {
    expect(ran.stderr, about).toMatch(/Step \d+ failed: (create|update|delete) \S+/);
    expect(ran.stderr, about).toMatch(/^\s+command +(ip|nft|ovs-vsctl|sysctl|nsenter) /m);
    expect(ran.stderr, about).toMatch(/^\s+says +.*injected fault.* \(exit code 1\)/im);
    expect(ran.stderr, about).toMatch(/faults(-edited)?\.yaml:\d+:\d+ |^ +file +does not name it$/m);
    if (!/failed: delete/.test(ran.stderr)) expect(ran.stderr, about).not.toMatch(/does not name it/);
    expect(ran.stderr, about).toMatch(/Rolled back: lab faults is as it was before/);
  }
  await sameAs(box, before, about);
  return true;
}

test("a rollback that fails, too, says what is left and how to remove it", LONG, async () => {
  const points = spread((await pointsOfApply()) - 4, 5);
  await inBoxes(points, async (box, at) => {
    const before = await box.fingerprint();
    const env = { NETLAB_TIMEOUT: "4" };
    const ran = await netlabWith(box, apply(LAB), { at: at + 4, how: "fail", sticky: true, env });
    const about = `${ran.where}\n${ran.stderr.slice(-2500)}`;
    expect(ran.code, about).toBe(1);
    expect(ran.stderr, about).toMatch(/The rollback did not bring everything back/);
    expect(ran.stderr, about).toMatch(/^ +- +namespace:red$/m);
    expect(ran.stderr, about).toMatch(/To remove the lab: netlab destroy --lab faults$/m);
    await good(box, ["destroy", "--lab", "faults", "--yes"], about);
    await sameAs(box, before, about);
  });
  figure("rollbacks failed", points.length);
});

const STRANGERS = `ip netns add red; ip link add lan0 type bridge; ip address add 10.70.1.254/24 dev lan0
  ovs-vsctl add-br ovs0 -- set Bridge ovs0 datapath_type=netdev; ip route add unreachable 198.51.100.0/24`;

test("what was adopted is a stranger's again after a rollback", LONG, async () => {
  const points = spread(await pointsOfApply({}, STRANGERS, "--adopt"), 4);
  await inBoxes(points, async (box, at) => {
    await box.sh(STRANGERS);
    const strangers = () =>
      box.sh(`ip -N -d route show 198.51.100.0/24; ip -o -N address show lan0; ls /run; ls /run/netns
        for place in "" "-n red"; do ip -N -o $place link show | sed 's/qdisc [^ ]*//; s/^[0-9]*: //'; done
        ovs-vsctl --columns=name,external_ids,other_config,datapath_type list Bridge; cat /proc/sys/net/ipv4/ip_forward`);
    const before = await strangers();
    const ran = await netlabWith(box, ["apply", "--adopt", "--yes", LAB], { at, how: "fail" });
    const about = `${ran.where}\n${ran.stderr.slice(-1500)}`;
    expect(ran.code, about).toBe(1);
    expect(ran.stderr, about).toMatch(/Rolled back/);
    const rest = (text: string) => text.replace(/^faults.*\n/gm, "");
    expect(rest(await strangers()), about).toBe(rest(before));
    expect((await good(box, ["destroy", "--yes", LAB], about)).stderr).toMatch(/Nothing to destroy/);
    expect(rest(await strangers()), about).toBe(rest(before));
    await box.sh(
      "ovs-vsctl del-br ovs0; ip link delete lan0; ip netns delete red; ip route delete unreachable 198.51.100.0/24",
    );
  });
  figure("adoptions rolled back", points.length);
});

test.each([
  { title: "real batches", single: false },
  { title: "commands one by one", single: true },
])(
  `a destroy that fails says what is left; the next one removes it: $title (seed ${SEED}; NETLAB_SEED)`,
  LONG,
  async ({ single }) => {
    const destroy = ["destroy", "--yes", LAB];
    const last = await withBox({ ovs: true }, async (box) => {
      await prepare(box);
      await good(box, apply(LAB));
      return pointsOf(box, destroy, { single });
    });
    const points = sample(last, 4);
    await inBoxes(points, async (box, at) => {
      const before = await box.fingerprint();
      await good(box, apply(LAB));
      const ran = await netlabWith(box, destroy, { at, how: "fail", single });
      const about = `point ${at}: ${ran.where}\n${ran.stderr.slice(-2500)}`;
      expect(ran.where, about).not.toBe("");
      expect(ran.code, about).toBe(1);
      expect(ran.stderr, about).toMatch(/faults\.yaml:\d+:\d+ .* Step \d+ failed: delete/);
      expect(ran.stderr, about).toMatch(/^ +- +\S+:\S+/m);
      await good(box, destroy, about);
      await sameAs(box, before, about);
    });
    figure("points failed: destroy", points.length);
  },
);

test.each(VERBS)(
  `$name, a signal: rolled back or finished, and it says which (seed ${SEED}; NETLAB_SEED)`,
  LONG,
  async (verb) => {
    const last = await withBox({ ovs: true }, async (box) => {
      await prepare(box);
      for (const first of verb.before) await good(box, first);
      return pointsOf(box, verb.words);
    });
    const cases = (["SIGINT", "SIGTERM"] as const).flatMap((how) => sample(last, 4).map((at) => ({ how, at })));
    const ends = { "rolled back": 0, finished: 0 };
    const ready = new Map<Box, string>();
    await inBoxes(cases, async (box, fault) => {
      if (!ready.has(box)) {
        for (const first of verb.before) await good(box, first);
        ready.set(box, await restingFingerprint(box));
      }
      ends[await isInterrupted(box, verb, fault, ready.get(box)!)]++;
    });
    expect(ends["rolled back"]).toBeGreaterThan(2);
    figure(`points interrupted: ${verb.name}`, cases.length);
  },
);

/** A box is as before after it. */
async function isInterrupted(box: Box, { before, words }: (typeof VERBS)[number], fault: Fault, state: string) {
  const [wanted, code] = [words.at(-1)!, fault.how === "SIGINT" ? 130 : 143];
  const ran = await netlabWith(box, words, fault);
  const about = `${fault.how} at ${fault.at}: ${ran.where}\n${ran.stderr.slice(-1500)}`;
  expect(ran.code, about).toBe(code);
  const finished = /^Applied lab faults/m.test(ran.stderr);
  if (finished) {
    await good(box, ["plan", "--detailed-exitcode", wanted], about);
    if (before.length > 0) for (const first of before) await good(box, first);
    else {
      // A destroy goes through with it.
      const end = await netlabWith(box, ["destroy", "--yes", wanted], { how: fault.how, at: 3 });
      expect(end.code, end.stderr).toBe(code);
      expect(end.stderr).toMatch(/^Destroyed lab faults/m);
    }
  } else {
    expect(ran.stderr, about).toMatch(new RegExp(`^Interrupted by ${fault.how}`, "m"));
    expect(ran.stderr, about).toMatch(/^Rolled back: lab faults is as it was before/m);
  }
  await sameAs(box, state, about);
  return finished ? "finished" : "rolled back";
}
