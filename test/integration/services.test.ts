// Services on the real kernel: started, judged, restarted, ended, and never left behind.
import { expect, test } from "vitest";
import { type Box, withBox } from "../helpers/box.js";
import { noOthers } from "../helpers/user.js";

const lab = (services: string, rest = "") => `
name: svc
namespaces:
  red:
    interfaces: { eth0: { addresses: [10.5.0.1/24] } }
    services: ${services}
  blue: { interfaces: { eth0: { addresses: [10.5.0.2/24] } } }
links: [{ endpoints: [red:eth0, blue:eth0] }]
${rest}`;

const WEB = `{ command: [socat, "TCP-LISTEN:80,fork,reuseaddr", "EXEC:echo hello"], ready: { tcp: 80 } }`;

async function netlab(box: Box, input: string, ...args: string[]) {
  const ran = await box.netlab([...args, "-"], { input });
  expect(ran, `${ran.stdout}${ran.stderr}`).toMatchObject({ code: 0 });
  return ran.stdout;
}
const apply = (box: Box, input: string) => netlab(box, input, "apply", "--yes");
const isSettled = (box: Box, input: string) => netlab(box, input, "plan", "--detailed-exitcode");
/** Numbers of the processes whose words begin like this. */
const running = async (box: Box, words: string) =>
  (await box.run(["pgrep", "-fx", words])).stdout.split("\n").slice(0, -1);

test("they run in their place, with what they were promised, and go without a trace", async () => {
  await withBox({}, async (box) => {
    const before = await box.fingerprint();
    const file = lab(
      `{ web: ${WEB}, say: { command: "echo $0 in $PWD, $GREETING, $SECRET; ip -br address; exec sleep 1001", directory: /tmp, env: { GREETING: "good day" }, ready: { log: eth0 } } }`,
      `host: { services: { alone: { command: [sleep, 1002] } } }`.replace("1002", '"1002"'),
    );
    await box.sh("true", { env: { SECRET: "of the caller" } });
    expect(await box.netlab(["apply", "--yes", "-"], { input: file, env: { SECRET: "hidden" } })).toMatchObject({
      code: 0,
    });
    await isSettled(box, file);
    const log = await box.netlab(["logs", "--lab", "svc", "red/say"]);
    expect(log.stdout).toMatch(/^sh in \/tmp, good day,$/m);
    expect(log.stdout).toMatch(/eth0@.* 10\.5\.0\.1\/24/);
    expect(await box.sh("nsenter --net=/run/netns/blue socat - TCP:10.5.0.1:80")).toBe("hello\n");
    expect(await box.netlab(["logs", "--lab", "svc", "nothing"])).toMatchObject({ code: 1 });
    expect((await box.netlab(["show", "--lab", "svc"])).stdout).toMatch(/service +web/);
    expect(await running(box, "sleep 1002")).toHaveLength(1);
    expect(await box.netlab(["destroy", "--yes", "--lab", "svc"])).toMatchObject({ code: 0 });
    await expect.poll(() => box.fingerprint(), { timeout: 60_000, interval: 200 }).toBe(before);
  });
});

test("a dead one is drift; one that may is started again by itself", async () => {
  await withBox({}, async (box) => {
    const file = lab(
      `{ once: { command: "exec sleep 1001", restart: never }, ever: { command: "exec sleep 1002", restart: always } }`,
    );
    await apply(box, file);
    const [once] = await running(box, "sleep 1001");
    const [ever] = await running(box, "sleep 1002");
    await box.sh(`kill ${once} ${ever}`);
    await expect
      .poll(() => running(box, "sleep 1002"), { timeout: 60_000 })
      .toEqual([expect.not.stringMatching(`^${ever}$`)]);
    const plan = async () => (await box.netlab(["plan", "--detailed-exitcode", "-"], { input: file })).stdout;
    // What has ended so soon is watched for a moment.
    await expect.poll(plan, { timeout: 60_000 }).not.toMatch(/ever/);
    expect(await plan()).toMatch(/~ +service +once +state/);
    await apply(box, file);
    expect(await running(box, "sleep 1001")).toHaveLength(1);
    await isSettled(box, file);
  });
});

test("what is changed is restarted, and only that; what does not become ready is rolled back", async () => {
  await withBox({}, async (box) => {
    const other = `other: { command: [sleep, "1002"] }`;
    await apply(box, lab(`{ web: ${WEB}, ${other} }`));
    const [kept] = await running(box, "sleep 1002");
    await apply(box, lab(`{ web: ${WEB.replace("hello", "bye")}, ${other} }`));
    expect(await box.sh("nsenter --net=/run/netns/blue socat - TCP:10.5.0.1:80")).toBe("bye\n");
    expect(await running(box, "sleep 1002")).toEqual([kept]);
    const broken = lab(`{ web: { command: [no-such-program], ready: { tcp: 80 }, restart: never } }`);
    const failed = await box.netlab(["apply", "--yes", "-"], { input: broken, env: { NETLAB_TIMEOUT: "4" } });
    expect(failed).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/service:red\/web is not as declared.*: state dead: .*no-such-program/),
    });
    // Both are back: the one that was changed, and the one that was taken out.
    expect(await box.sh("nsenter --net=/run/netns/blue socat - TCP:10.5.0.1:80")).toBe("bye\n");
    expect(await running(box, "sleep 1002")).toHaveLength(1);
    await isSettled(box, lab(`{ web: ${WEB.replace("hello", "bye")}, ${other} }`));
  });
});

test("one that does not listen to TERM, and its children, are ended", async () => {
  await withBox({}, async (box) => {
    const file = lab(
      `{ deaf: { command: "trap : TERM; sleep 1001 & while :; do sleep 1003; done", ready: { ping: 10.5.0.2 } } }`,
    );
    await apply(box, file);
    expect(await box.netlab(["destroy", "--yes", "--lab", "svc"])).toMatchObject({ code: 0 });
    for (const words of ["sleep 1001", "sleep 1003"]) expect(await running(box, words)).toEqual([]);
  });
});

test("what a killed supervisor leaves behind is ended before another starts, and by destroy", async () => {
  await withBox({}, async (box) => {
    const file = lab(
      "{}",
      `host: { services: { deep: { command: "sleep 1001 & exec setsid sleep 1002", restart: always }, other: { command: [sleep, "1003"] } } }`,
    );
    await apply(box, file);
    const other = await running(box, "sleep 1003");
    const orphaned = async () => {
      await box.sh("kill -KILL $(pgrep -f '[n]etlab-service svc host deep')");
      return [...(await running(box, "sleep 1001")), ...(await running(box, "sleep 1002"))];
    };
    const left = await orphaned();
    expect(left).toHaveLength(2);
    await apply(box, file);
    const anew = () => Promise.all(["sleep 1001", "sleep 1002"].map((words) => running(box, words)));
    await expect.poll(anew, { timeout: 60_000 }).toEqual([[expect.any(String)], [expect.any(String)]]);
    expect((await anew()).flat()).not.toEqual(expect.arrayContaining([left[0]]));
    expect(await running(box, "sleep 1003")).toEqual(other);
    await orphaned();
    await netlab(box, file, "destroy", "--yes");
    expect((await anew()).flat()).toEqual([]);
  });
});

test("one whose namespace was deleted under it is found, ended, and started in the new one", async () => {
  await withBox({}, async (box) => {
    const file = lab(`{ web: ${WEB} }`);
    await apply(box, file);
    const supervisors = () => box.sh("pgrep -f '[n]etlab-service' -c || true");
    expect((await supervisors()).trim()).toBe("1");
    await box.sh("ip netns delete red");
    await apply(box, file);
    expect((await supervisors()).trim()).toBe("1");
    expect(await box.sh("nsenter --net=/run/netns/blue socat - TCP:10.5.0.1:80")).toBe("hello\n");
    await isSettled(box, file);
    expect((await box.netlab(["list", "--names"])).stdout).toBe("svc\n");
  });
});

test("a process of another user is no service, whatever it is called", async ({ skip }) => {
  if (noOthers) skip(noOthers);
  await withBox({}, async (box) => {
    const words = "sh -c 'sleep 1007; :' netlab-service svc host web never - /";
    await box.sh(`setpriv --reuid=65534 --regid=65534 --clear-groups setsid ${words} x >/dev/null 2>&1 &`);
    await expect.poll(() => running(box, "sleep 1007")).toHaveLength(1);
    const file = lab("{}");
    await apply(box, file);
    expect((await box.netlab(["destroy", "--yes", "--lab", "svc"])).stderr).not.toMatch(/service/);
    expect(await running(box, "sleep 1007")).toHaveLength(1);
  });
});

test("its log is bounded, and followed through that", async () => {
  await withBox({}, async (box) => {
    // Held open for writing, too: else it ends with a writer that has not closed it when it is opened again.
    const say = `rm -f /run/ask; mkfifo /run/ask; exec 3<>/run/ask; echo first; while read -r n word <&3; do yes 0123456789 | head -c $n; echo $word; done`;
    const file = lab(`{ say: { command: ${JSON.stringify(say)}, ready: { log: "^first" } } }`);
    await apply(box, file);
    const follower = box.startNetlab(["logs", "--lab", "svc", "-f", "red/say"]);
    await follower.until(/first/);
    await box.sh("echo 2500000 enough >/run/ask");
    const sizes = () => box.sh("cd /run/netlab/svc/services/red/say; wc -c <log; wc -c <log.1 || :");
    await expect.poll(sizes, { timeout: 60_000, interval: 200 }).toBe("37\n1000000\n");
    await box.sh("echo 0 again >/run/ask");
    await follower.until(/^again$/m);
    await isSettled(box, file);
    follower.kill("SIGTERM");
    expect((await follower.ended).code).toBe(143);
    expect((await box.netlab(["logs", "--lab", "svc"])).stdout).toMatch(/what came before is in log\.1\nagain\n$/);
  });
});

test.each([
  [
    "does not run is started less and less often",
    "[no-such-program]",
    "",
    /state failing: .*no-such-program: not found/,
  ],
  ["never becomes ready", `"echo one; echo two; exec sleep 1001"`, "ready: { tcp: 80 }", /state starting: one \| two/],
  ["leaves its supervisor", `"setsid sleep 1001 & echo gone"`, "", /state dead: gone/],
])("one that %s fails the apply, which shows its last words", async (_, command, rest, words) => {
  await withBox({}, async (box) => {
    const before = await box.fingerprint();
    const file = lab(`{ bad: { command: ${command}, ${rest} } }`);
    const ran = await box.netlab(["apply", "--yes", "--no-rollback", "-"], {
      input: file,
      env: { NETLAB_TIMEOUT: "4" },
    });
    expect([ran.code, ran.stderr]).toEqual([1, expect.stringMatching(words)]);
    const log = await box.sh("cat /run/netlab/svc/services/red/bad/log");
    const starts = log.match(/again in \d+ s/g) ?? [];
    expect(starts).toEqual(["again in 1 s", "again in 2 s", "again in 4 s"].slice(0, starts.length));
    expect(starts.length > 1).toBe(log.includes("not found"));
    expect(await box.netlab(["destroy", "--yes", "--lab", "svc"])).toMatchObject({ code: 0 });
    expect(await running(box, "sleep 1001")).toEqual([]);
    await expect.poll(() => box.fingerprint(), { timeout: 60_000, interval: 200 }).toBe(before);
  });
});

test("the same lab in a sandbox keeps its services, whose folders are called alike", async () => {
  await withBox({}, async (box) => {
    const file = `name: svc\nhost: { services: { alone: { command: [sleep, "1002"] } } }\n`;
    await netlab(box, file, "apply", "--yes", "--sandbox");
    const inside = await running(box, "sleep 1002");
    expect(inside).toHaveLength(1);
    await netlab(box, file, "apply", "--yes", "--no-sandbox");
    expect(await running(box, "sleep 1002")).toHaveLength(2);
    await netlab(box, file, "destroy", "--yes", "--no-sandbox");
    expect(await running(box, "sleep 1002")).toEqual(inside);
    await netlab(box, file, "destroy", "--yes", "--sandbox");
    expect(await running(box, "sleep 1002")).toEqual([]);
  });
});
