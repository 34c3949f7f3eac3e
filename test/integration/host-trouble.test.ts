// The machine when something is in the way: failing, hanging, vanishing, missing, locked, interrupted, not allowed.
import { expect, test } from "vitest";
import type { Box } from "../helpers/box.js";
import { withBox } from "../helpers/box.js";
import { answers, askMachine, batch, callMachine, observe, runAll, startMachine } from "../helpers/machine.js";

const NAMES = ["n0", "n1", "n2", "n3", "n4", "n5"];
const LINES = ["link set dev lo up", "address add 10.9.0.1/32 dev lo", "link set dev lo alias netlab:demo"];

/** Puts a program before the real one on the path; `$real` is the real one. */
async function wrap(box: Box, tool: string, body: string): Promise<Record<string, string>> {
  const real = (await box.sh(`command -v ${tool}`)).trim();
  const folder = "/run/wrappers";
  await box.sh(`mkdir -p ${folder}; cat >${folder}/${tool}; chmod 755 ${folder}/${tool}`, {
    input: `#!/bin/sh\nreal=${real}\n${body}\n`,
  });
  return { PATH: `${folder}:${process.env.PATH}:/usr/sbin:/sbin` };
}

const makeAll = (box: Box) => box.sh(NAMES.map((name) => `ip netns add ${name}`).join("\n"));

test("a line that fails in one namespace of many is named, and the others go on", () =>
  withBox({}, async (box) => {
    await makeAll(box);
    await box.sh("ip -n n2 address add 10.9.0.1/32 dev lo");
    const results = await runAll(
      box,
      NAMES.map((name) => batch(name, "ip", ...LINES)),
    );
    const done = { done: 3 };
    const message = expect.stringMatching(/File exists|already assigned/);
    const failure = { step: 1, command: 0, message, exitCode: 1 };
    expect(results).toEqual([done, done, { done: 1, failure }, done, done, done]);
    const rows = await observe(box, [{ rows: "link" }]);
    expect(NAMES.map((name) => rows.link[name]![0]!.alias)).toEqual(
      NAMES.map((name) => (name === "n2" ? undefined : "netlab:demo")),
    );
  }));

test("commands are told as they are handed over, each once, those of a batch in order", () =>
  withBox({}, async (box) => {
    await makeAll(box);
    const batches = NAMES.map((name) => batch(name, "ip", ...LINES));
    const { commands, results } = await callMachine<{
      commands: { place: string; args: string[] }[];
      results: unknown;
    }>(box, ["runAllLogged", batches, { timeout: 10 }]);
    expect(results).toEqual(NAMES.map(() => ({ done: 3 })));
    expect(commands).toHaveLength(18);
    for (const name of NAMES) {
      expect(commands.filter(({ place }) => place === name).map(({ args }) => args.join(" "))).toEqual(LINES);
    }
  }));

test("what is busy for a moment is tried again, from the line that failed", () =>
  withBox({}, async (box) => {
    await makeAll(box);
    const busy = `n=$(cat /run/count 2>/dev/null || echo 0); echo $((n + 1)) >/run/count
if [ "$*" = "-batch -" ] && [ $n -eq 0 ]; then
  head -n 1 | $real -batch - && echo "RTNETLINK answers: Device or resource busy" >&2 && echo "Command failed -:2" >&2
  exit 1
fi
exec $real "$@"`;
    const env = await wrap(box, "ip", busy);
    expect(await runAll(box, [batch("n0", "ip", ...LINES)], {}, env)).toEqual([{ done: 3 }]);
    const rows = await observe(box, [{ rows: "link" }]);
    expect(rows.link.n0![0]).toMatchObject({ alias: "netlab:demo", up: true });
    expect(rows.link.n0![0]!.addresses.filter(({ address }) => address === "10.9.0.1")).toHaveLength(1);
  }));

test("a command that never ends is ended with all its children, and named", () =>
  withBox({}, async (box) => {
    await makeAll(box);
    const env = await wrap(box, "ip", `[ -e /run/hang ] || exec $real "$@"\nsleep 1000 & wait`);
    await box.sh(": >/run/hang");
    const failure = { step: 0, command: 0, timedOut: true, message: "ip did not end within 1 s" };
    expect(await runAll(box, [batch("host", "ip", "link set dev lo up")], { timeout: 1 }, env)).toEqual([
      { done: 0, failure },
    ]);
    const many = await runAll(
      box,
      NAMES.map((name) => batch(name, "ip", ...LINES)),
      { timeout: 1 },
      env,
    );
    expect(many[0]).toEqual({ done: 0, failure });
    expect(many.every((result) => result.done === 0)).toBe(true);
    expect((await box.run(["pgrep", "sleep"])).stdout).toBe("");
  }));

test("a tool that is missing is named with its package, reading and changing", () =>
  withBox({}, async (box) => {
    await box.sh("ip netns add red; mount -t tmpfs hidden /usr/sbin; mount -t tmpfs hidden /sbin 2>/dev/null || true");
    await box.sh(
      "for f in ip nft ethtool; do [ ! -e /usr/bin/$f ] || mount --bind /dev/null /usr/bin/$f; [ ! -e /bin/$f ] || mount --bind /dev/null /bin/$f; done",
    );
    await expect(observe(box, [{ rows: "link" }])).rejects.toMatchObject({
      message: "ip is not installed",
      hint: "install iproute2, on Debian and Ubuntu: apt install iproute2",
    });
    expect(await runAll(box, [batch("red", "nft", { args: ["-f", "-"], stdin: "add table inet netlab_a" })])).toEqual([
      { done: 0, failure: expect.objectContaining({ message: "nft is not installed (package nftables)" }) },
    ]);
    // Nobody needs nft to know that there is no table of ours.
    expect((await observe(box, [{ rows: "nft", place: "red", table: "netlab_demo" }])).nft).toEqual({});
  }));

test("an ip that cannot print JSON is said to be that", () =>
  withBox({}, async (box) => {
    const env = await wrap(box, "ip", `echo "ip: unrecognized option: N" >&2; echo "BusyBox v1.36" >&2; exit 1`);
    await expect(observe(box, [{ rows: "link" }], env)).rejects.toMatchObject({
      hint: expect.stringContaining("iproute2"),
    });
  }));

test("namespaces that vanish while they are read are left out", () =>
  withBox({}, async (box) => {
    await makeAll(box);
    const env = await wrap(
      box,
      "ip",
      // The first one makes them vanish, under a lock: nobody is to look between umount and rm.
      `exec 9>>/run/once; flock 9; [ -s /run/once ] || { echo 1 >&9; umount /run/netns/n4; rm /run/netns/n4; umount /run/netns/n5; }\nexec 9>&-; exec $real "$@"`,
    );
    const rows = await observe(
      box,
      [{ rows: "link" }, { rows: "sysctl", place: "n5", keys: ["net.ipv4.ip_forward"] }],
      env,
    );
    expect(rows.places).toEqual(["host", "n0", "n1", "n2", "n3"]);
    expect(rows.stale).toEqual(["n5"]);
    expect(rows.link).not.toHaveProperty("n4");
    expect(rows.sysctl).not.toHaveProperty("n5");
  }));

test("after an abort nothing more is started, and what is reported done is done", () =>
  withBox({}, async (box) => {
    await makeAll(box);
    const env = await wrap(box, "ip", `sleep 0.2; exec $real "$@"`);
    const batches = [...NAMES, ...NAMES].map((name, i) => batch(name, "ip", i < NAMES.length ? LINES[0]! : LINES[2]!));
    const results = await callMachine<{ done: number }[]>(box, ["runAllThenAbort", 100, batches, { timeout: 10 }], env);
    const started = results.filter(({ done }) => done === 1).length;
    expect(results.every((result) => !("failure" in result))).toBe(true);
    expect(started).toBeGreaterThan(0);
    expect(started).toBeLessThan(results.length);
  }));

test("the lock: the second waits, is told for whom, gives up in time, and gets it when the first has ended", () =>
  withBox({}, async (box) => {
    const first = startMachine(box, [["hold"]]);
    await first.until(/held/);
    const [, , refused] = await askMachine(box, [
      ["readJournal", "demo"],
      ["lock", 1],
    ]).then((all) => [...all]);
    expect(refused!.error!.message).toMatch(
      /^the networks of this machine are being changed by .*machine-driver\.mjs.* \(pid \d+\)$/,
    );
    const second = startMachine(box, [["lock", 20]]);
    await second.until(/waiting/);
    first.kill("SIGKILL");
    await first.ended;
    expect(answers((await second.ended).stdout).at(-1)!.result).toEqual([expect.stringContaining("pid")]);
  }));

test("the lock is held by the orphans of a netlab that was killed, until the last has ended", () =>
  withBox({}, async (box) => {
    const env = await wrap(box, "ip", `echo started >&2; while [ ! -e /run/go ]; do sleep 0.05; done; exec $real "$@"`);
    const first = startMachine(
      box,
      [
        ["lock", 5],
        ["runAll", [batch("host", "ip", "link set dev lo up")], { timeout: 60 }],
      ],
      env,
    );
    await first.until(/result/);
    await expect.poll(async () => (await box.run(["pgrep", "-f", "wrappers/ip"])).code).toBe(0);
    first.kill("SIGKILL");
    await first.ended;
    const [waiting, refused] = await askMachine(box, [["lock", 0]]);
    expect(waiting!.waiting).toMatch(/ip -batch - \(pid \d+\)/);
    expect(refused!.error!.name).toBe("MachineError");
    await box.sh(": >/run/go");
    const [...late] = await askMachine(box, [["lock", 20]]);
    expect(late.at(-1)!.error).toBeUndefined();
    // What the orphan was given was done, whole.
    expect(await box.sh("ip -o link show lo")).toMatch(/UP/);
  }));

test("a lock that was released is free", () =>
  withBox({}, async (box) => {
    const all = await askMachine(box, [["lock", 0], ["release"], ["lock", 0]]);
    expect(all.map(({ result }) => result)).toEqual([[], null, []]);
  }));

test("the journal: written whole, shared values listed for all labs, gone with its folders when empty", () =>
  withBox({}, async (box) => {
    const empty = { format: 1, namespaces: [], devices: [], sysctls: {}, routes: [], uplinks: {} };
    const key = "host net.ipv4.ip_forward";
    const needs = (lab: string) => ({
      ...empty,
      sysctls: { [key]: { previous: { "net.ipv4.ip_forward": "0" }, labs: [lab] } },
    });
    const demo = { ...needs("demo"), namespaces: ["red"], routes: ["route:host/x"] };
    const all = await askMachine(box, [
      ["readJournal", "demo"],
      ["writeJournal", "demo", demo],
      ["writeJournal", "other", needs("other")],
      ["readJournal", "demo"],
      ["observe", "demo", []],
      ["writeJournal", "demo", empty],
      ["observe", "demo", []],
      ["writeJournal", "other", empty],
    ]);
    expect(all[0]!.result).toEqual(empty);
    expect(all[3]!.result).toEqual(demo);
    expect(all[4]!.result.journal).toMatchObject({
      namespaces: ["red"],
      devices: [],
      routes: ["route:host/x"],
      sysctls: { [key]: { previous: { "net.ipv4.ip_forward": "0" }, labs: ["demo", "other"] } },
    });
    expect(all[6]!.result.journal).toMatchObject({
      namespaces: [],
      devices: [],
      sysctls: { [key]: { labs: ["other"] } },
    });
    expect(await box.sh("ls /run")).not.toContain("netlab");
  }));

test("a full or read-only /run and a broken journal are said, with the cure", () =>
  withBox({}, async (box) => {
    const journal = { format: 1, namespaces: ["red"], devices: [], sysctls: {}, routes: [], uplinks: {} };
    await box.sh("mkdir -p /run/netlab/demo; printf '{\"format\":1,' >/run/netlab/demo/journal.json");
    const [broken] = await askMachine(box, [["observe", "demo", []]]);
    expect(broken!.error).toMatchObject({
      message: "the journal /run/netlab/demo/journal.json is broken",
      hint: expect.stringContaining("rm /run/netlab/demo/journal.json"),
    });
    await box.sh("rm -r /run/netlab; mount -o remount,ro /run");
    const [readOnly] = await askMachine(box, [["writeJournal", "demo", journal]]);
    expect(readOnly!.error).toMatchObject({
      message: expect.stringMatching(/^cannot write the journal in \/run\/netlab\/demo: EROFS/),
      hint: expect.stringContaining("/run must be writable"),
    });
  }));

test("not root: said before anything is changed, and where a namespace cannot be entered", () =>
  withBox({}, async (box) => {
    await box.sh("ip netns add red");
    const unprivileged = [
      "setpriv",
      "--bounding-set",
      "-all",
      "--inh-caps",
      "-all",
      "--reuid",
      "65534",
      "--clear-groups",
    ];
    const calls = [
      ["lock", 0],
      ["observe", "demo", [{ rows: "link" }]],
    ];
    const input = calls.map(([call, ...args]) => `${JSON.stringify({ call, args })}\n`).join("");
    const ran = await box.run([...unprivileged, process.execPath, "test/helpers/machine-driver.mjs"], { input });
    const [lock, read] = answers(ran.stdout);
    expect(lock!.error).toMatchObject({
      message: "changing a lab needs root (CAP_NET_ADMIN and CAP_SYS_ADMIN)",
      hint: expect.stringMatching(/^run: sudo netlab/),
    });
    expect(read!.error!.message).toBe("entering network namespaces needs root (CAP_NET_ADMIN and CAP_SYS_ADMIN)");
  }));

test("settings of many namespaces need sysctl only where one cannot be written", () =>
  withBox({}, async (box) => {
    const names = Array.from({ length: 60 }, (_, number) => `n${number}`);
    await box.sh(names.map((name) => `ip netns add ${name}`).join("\n"));
    const env = await wrap(box, "sysctl", 'echo "$*" >>/run/sysctl.log\nexec $real "$@"');
    const lines: Record<string, string[]> = {
      n7: ["net.ipv4.ip_forward=1", "net.ipv4.conf.eth9.forwarding=1"],
      n8: ["net.ipv4.ip_forward=two"],
    };
    const batches = names.map((name) => batch(name, "sysctl", ...(lines[name] ?? ["net.ipv4.ip_forward=1"])));
    const sources = names.map((place) => ({ rows: "sysctl", place, keys: ["net.ipv4.ip_forward"] }));
    const [, ran, after] = await askMachine(
      box,
      [
        ["observe", "demo", sources],
        ["runAllLogged", batches, { timeout: 10 }],
        ["observe", "demo", sources],
      ],
      env,
    );
    const failures = Object.fromEntries(
      names.flatMap((name, i) => (ran!.result.results[i].failure ? [[name, ran!.result.results[i]]] : [])),
    );
    expect(failures).toEqual({
      n7: { done: 1, failure: { step: 1, command: 0, message: expect.stringContaining("eth9"), exitCode: 1 } },
      n8: { done: 0, failure: { step: 0, command: 0, message: expect.stringContaining("Invalid"), exitCode: 1 } },
    });
    expect(ran!.result.commands).toHaveLength(61);
    const forwarding = names.filter((name) => after!.result.sysctl[name]["net.ipv4.ip_forward"] !== "1");
    expect(forwarding).toEqual(["n8"]);
    expect((await box.sh("sort /run/sysctl.log")).split("\n").filter(Boolean)).toHaveLength(2);
  }));
