// An ordinary user in a box: netlab and commands without any right, with a runtime folder as logind makes it.
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "vitest";
import type { Box, Ran, RunOptions } from "./box.js";
import type { Running } from "./running.js";

const CLI = path.resolve(import.meta.dirname, "../../dist/cli.js");

/**
 * Where an ordinary user runs the tests, the box has no other user than its root: then the user is that one, stripped of
 * all rights but to map itself into a user namespace (user_namespaces(7)), which netlab cannot tell from another.
 */
const others = /^\s*0\s+0\s+4294967295$/m.test(readFileSync("/proc/self/uid_map", "utf8"));

/** Why a test that needs other users or devices of its own is skipped; undefined where it is not. */
export const noOthers = others ? undefined : "the tests were not started by root: there are no other users";

export class User {
  private constructor(
    private readonly box: Box,
    readonly uid: number,
    readonly runtime: string,
  ) {}

  /**
   * @param tun rights of /dev/net/tun, which distributions give to all; not to be had where `noOthers`
   * @param session users of one number with runtime folders of their own do not know each other's sandboxes
   */
  static async of(box: Box, { uid = others ? 65534 : 0, tun = "666", session = "" } = {}): Promise<User> {
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

  /** What there is of the user's in the box: processes, files, and mounts of the box. */
  async traces(): Promise<string> {
    return this.box.sh(`
      for folder in /proc/[0-9]*; do
        if grep -qz '^XDG_RUNTIME_DIR=/run/user/${this.uid}' $folder/environ 2>/dev/null; then
          tr '\\0' ' ' <$folder/cmdline; echo
        fi
      done
      find /run /dev/net ! -path '/run/openvswitch*' | sort; ls -d /tmp/netlab-${this.uid} 2>/dev/null || :
      cut -d' ' -f2,3 /proc/self/mounts`);
  }
}
