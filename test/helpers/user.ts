// An ordinary user in a box: netlab and commands without any right, with a runtime folder as logind makes it.
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, vi } from "vitest";
import { type Box, type Ran, type RunOptions, withBox } from "./box.js";
import type { Running } from "./running.js";

const CLI = path.resolve(import.meta.dirname, "../../dist/cli.js");

/**
 * Where an ordinary user runs the tests, the box has no other user than its root: then the user is that one, stripped of
 * all rights but to map itself into a user namespace (user_namespaces(7)), which netlab cannot tell from another.
 */
const others = /^\s*0\s+0\s+4294967295$/m.test(readFileSync("/proc/self/uid_map", "utf8"));

/** Why a test that needs other users or devices of its own is skipped; undefined where it is not. */
export const noOthers = others ? undefined : "the tests were not started by root: there are no other users";

/**
 * A user in a box, of whom nothing may be left at the end: no process in the box, no mount, no file.
 * @param prepare makes the box ready before the user comes
 */
export async function withUser(
  use: (user: User, box: Box) => Promise<void>,
  prepare: (box: Box) => Promise<void> = async () => {},
): Promise<void> {
  await withBox({}, async (box) => {
    await prepare(box);
    const user = await User.of(box);
    const before = await user.traces();
    await use(user, box);
    await vi.waitFor(async () => expect(await user.traces()).toBe(before), { timeout: 30_000, interval: 100 });
  });
}

export class User {
  private constructor(
    private readonly box: Box,
    readonly uid: number,
    readonly runtime: string,
  ) {}

  /**
   * @param uid a number that no other box has: what a user leaves in /tmp can be told from what others do there
   * @param tun rights of /dev/net/tun, which distributions give to all; not to be had where `noOthers`
   * @param session users of one number with runtime folders of their own do not know each other's sandboxes
   */
  static async of(box: Box, { uid = others ? 100_000 + box.pid : 0, tun = "666", session = "" } = {}): Promise<User> {
    const runtime = `/run/user/${uid}${session}`;
    const device = `mountpoint -q /dev/net || { mount -t tmpfs tmpfs /dev/net; mknod /dev/net/tun c 10 200; }
      chmod ${tun} /dev/net/tun`;
    await box.sh(`
      ${others ? device : ""}
      mkdir -p ${runtime}; chown ${uid} ${runtime}; chmod 700 ${runtime}`);
    return new User(box, uid, runtime);
  }

  /** The words that run a command as this user. */
  words(command: string[]): string[] {
    const uid = String(this.uid);
    const other = ["--reuid", uid, "--regid", uid, "--clear-groups"];
    const rights = others ? other : ["--bounding-set", "-all,+setfcap", "--inh-caps", "-all"];
    return ["setpriv", ...rights, "env", "HOME=/", `XDG_RUNTIME_DIR=${this.runtime}`, ...command];
  }

  run(command: string[], options?: RunOptions): Promise<Ran> {
    return this.box.run(this.words(command), options);
  }

  start(command: string[], options?: RunOptions): Running {
    return this.box.start(this.words(command), options);
  }

  netlab(args: string[], options?: RunOptions): Promise<Ran> {
    return this.run([process.execPath, CLI, ...args], options);
  }

  /** Through a shell, for what needs pipes, files or a terminal; `netlab` is a word in it. */
  sh(script: string, options?: RunOptions): Promise<Ran> {
    return this.run(["sh", "-c", `netlab() { ${process.execPath} ${CLI} "$@"; }; ${script}`], options);
  }

  /** Runs netlab. @returns standard output and error @throws where it fails */
  async succeeds(args: string[], options?: RunOptions): Promise<string> {
    const ran = await this.netlab(args, options);
    expect(ran.code, `netlab ${args.join(" ")}\n${ran.stdout}${ran.stderr}`).toBe(0);
    return ran.stdout + ran.stderr;
  }

  /**
   * What there is in the box: all processes but the first, which makes the box and then only waits, the mounts of the box,
   * and the files in which something could be left, those of the user's in /tmp among them.
   */
  async traces(): Promise<string> {
    return this.box.sh(`
      ps -e -o pid=,ppid=,args= | while read -r pid parent words; do
        [ $pid = 1 ] || [ $pid = $$ ] || [ $parent = $$ ] || echo "$words"
      done | sort
      find /run /dev/net ! -path '/run/openvswitch*' | sort
      ${others ? `find /tmp -maxdepth 1 -uid ${this.uid}` : "ls -d /tmp/netlab-0 2>/dev/null || :"}
      cut -d' ' -f2,3 /proc/self/mounts`);
  }
}
