// The way out of a sandbox: an outside world in a box, reached from a lab in a sandbox, and a lab reached from outside.
import { accessSync } from "node:fs";
import path from "node:path";
import { describe, expect, test, vi } from "vitest";
import type { Box } from "../helpers/box.js";
import { BOX, OUTSIDE, openOutside } from "../helpers/outside.js";
import { type User, withUser } from "../helpers/user.js";

const CLI = path.resolve("dist/cli.js");
const PROGRAMS = ["slirp4netns", "pasta"];
const folders = [...(process.env.PATH ?? "").split(":"), "/usr/bin"];
const pathOf = (program: string) =>
  folders.map((folder) => path.join(folder, program)).find((file) => isThere(file)) ?? "";

function isThere(file: string): boolean {
  try {
    accessSync(file);
    return true;
  } catch {
    return false;
  }
}

const lab = ({ port = 18_080, uplink = "{ uplink: true }" } = {}) => `
name: outward
sandbox: ${uplink}
namespaces:
  red:
    interfaces: { eth0: { addresses: [10.77.0.1/24, "fd77::1/64"] } }
    routes: [{ to: default, via: 10.77.0.254 }, { to: default, via: "fd77::fe" }]
bridges: { lan: { addresses: [10.77.0.254/24, "fd77::fe/64"] } }
links: [{ endpoints: [red:eth0, lan] }]
host:
  forwarding: true
  nat:
    masquerade: [{ out: uplink }]
    forward:
      - { protocol: tcp, port: ${port}, to: "10.77.0.1:80" }
      - { protocol: udp, port: ${port}, to: "10.77.0.1:53" }
checks:
  - { from: [red, host], tcp: ["${OUTSIDE[4]}:80", "[${OUTSIDE[6]}]:80"] }
`;

/** A user in a box with an outside, and only the named programs installed. */
function withOutside(programs: string[], use: (user: User, box: Box) => Promise<void>): Promise<void> {
  return withUser(use, async (box) => {
    await openOutside(box);
    for (const one of PROGRAMS.filter((name) => !programs.includes(name) && pathOf(name) !== ""))
      await box.sh(`mount --bind /dev/null ${pathOf(one)}`);
  });
}

const read = (host: string, port: number) => ["bash", "-c", `exec 3<>/dev/tcp/${host}/${port}; cat <&3`];

/** Servers in red that say what they are: TCP port 80 and UDP port 53. */
const SERVER = `
  const web = require("node:net").createServer((socket) => socket.end("red\\n")).listen(80);
  const udp = require("node:dgram").createSocket("udp4").bind(53);
  udp.on("message", (text, from) => udp.send("red heard " + text, from.port, from.address));
  let wait = 2;
  for (const one of [web, udp]) one.on("listening", () => --wait || console.log("ready"));`;
const ASK_UDP = (port: number) => `
  const udp = require("node:dgram").createSocket("udp4");
  udp.on("message", (text) => { console.log(String(text)); udp.close(); });
  udp.send("you", ${port}, "127.0.0.1");`;

/** That the published ports lead into red. */
async function expectPublished(user: User, box: Box, port: number): Promise<void> {
  const server = user.start([process.execPath, CLI, "exec", "red", "--", process.execPath, "-e", SERVER]);
  await server.until(/ready/);
  expect(await box.run(read("127.0.0.1", port), { timeout: 10 })).toMatchObject({ stdout: "red\n" });
  expect(await box.run([process.execPath, "-e", ASK_UDP(port)], { timeout: 10 })).toMatchObject({
    stdout: "red heard you\n",
  });
  server.kill("SIGTERM");
  await server.ended;
}

describe.concurrent.each(PROGRAMS)("through %s", (program) => {
  const there = pathOf(program) !== "";
  const why = there ? "" : ` (skipped: ${program} is not installed)`;

  test.skipIf(!there)(`a lab reaches the outside, and is reached from it${why}`, () =>
    withOutside([program], async (user, box) => {
      await user.succeeds(["apply", "--yes", "-"], { input: lab() });
      await user.succeeds(["check", "-"], { input: lab() });
      for (const family of [4, 6] as const)
        expect(await user.netlab(["exec", "red", "--", ...read(OUTSIDE[family], 80)])).toMatchObject({
          stdout: expect.stringContaining(BOX[family]),
        });
      for (const place of ["red", "host"])
        expect(
          await user.netlab(["exec", "--lab", "outward", place, "--", "getent", "hosts", "www.example"]),
        ).toMatchObject({ stdout: expect.stringMatching(/^203\.0\.113\.5 +www\.example/) });
      await expectPublished(user, box, 18_080);
      expect(await user.succeeds(["apply", "--yes", "-"], { input: lab() })).toMatch(/nothing to do|as the file/i);
      await user.succeeds(["apply", "--yes", "-"], { input: lab({ port: 18_081, uplink: "true" }) });
      await expectPublished(user, box, 18_081);
      expect(await box.run(read("127.0.0.1", 18_080))).toMatchObject({ code: 1 });
      await user.succeeds(["destroy", "--yes", "--lab", "outward"]);
    }),
  );

  test.skipIf(!there)(`root's sandbox has the same${why}`, () =>
    withOutside([program], async (_, box) => {
      expect(await box.netlab(["apply", "--yes", "-"], { input: lab() })).toMatchObject({ code: 0 });
      expect(await box.netlab(["check", "-"], { input: lab() })).toMatchObject({ code: 0 });
      expect(await box.netlab(["destroy", "--yes", "-"], { input: lab() })).toMatchObject({ code: 0 });
      expect(await box.sh("ps -eo args")).not.toMatch(new RegExp(`^(\\S*/)?${program}`, "m"));
    }),
  );

  test.skipIf(!there)(`a port that is taken is named, and nothing changes${why}`, () =>
    withOutside([program], async (user, box) => {
      const listen = `require("node:net").createServer().listen(18082, () => console.log("ready"))`;
      const other = box.start([process.execPath, "-e", listen]);
      await other.until(/ready/);
      const taken = { code: 1, stderr: expect.stringMatching(/127\.0\.0\.1:18082\/tcp.*listens there\n.*ss -ltunp/) };
      expect(await user.netlab(["apply", "--yes", "-"], { input: lab({ port: 18_082 }) })).toMatchObject(taken);
      expect((await user.netlab(["list", "--names"])).stdout).toBe("");
      await user.succeeds(["apply", "--yes", "-"], { input: lab() });
      expect(await user.netlab(["apply", "--yes", "-"], { input: lab({ port: 18_082 }) })).toMatchObject(taken);
      await expectPublished(user, box, 18_080);
      await user.succeeds(["check", "-"], { input: lab() });
      await user.succeeds(["destroy", "--yes", "-"], { input: lab() });
      other.kill("SIGTERM");
      await other.ended;
    }),
  );

  test.skipIf(!there)(`it ends with the holder; one that was killed is said and made again${why}`, () =>
    withOutside([program], async (user, box) => {
      const running = new RegExp(`^(\\S*/)?${program}.*uplink`, "m");
      const plain = lab({ uplink: "true" });
      await user.succeeds(["apply", "--uplink", "--yes", "-"], { input: plain });
      const pids = async () =>
        (await box.sh("ps -eo pid,args")).split("\n").filter((line) => /18080|api-socket/.test(line));
      const [line] = await pids();
      await box.sh(`kill -KILL ${line!.trim().split(" ")[0]}`);
      await vi.waitFor(async () => expect(await user.traces()).not.toMatch(running), { timeout: 10_000 });
      expect(await user.netlab(["plan", "-"], { input: plain })).toMatchObject({
        stderr: expect.stringMatching(/uplink of the sandbox has ended/),
      });
      await user.succeeds(["apply", "--yes", "-"], { input: plain });
      await user.succeeds(["check", "-"], { input: plain });
      const { pid } = JSON.parse(await box.sh(`cat ${user.runtime}/netlab/outward.json`));
      await box.sh(`kill -KILL ${pid}`);
      await vi.waitFor(async () => expect(await user.traces()).not.toMatch(running), { timeout: 10_000 });
      await user.succeeds(["destroy", "--yes", "-"], { input: plain });
    }),
  );
});

test("where no program is installed, the error names the packages, and no sandbox stays", () =>
  withOutside([], async (user) => {
    expect(await user.netlab(["apply", "--yes", "-"], { input: lab() })).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/neither is installed\n.*apt install slirp4netns .*passt/),
    });
  }));
