// An ordinary user in a box: netlab and commands without any right, with a runtime folder as logind makes it.
import path from "node:path";
import { expect } from "vitest";
import type { Box, Ran, RunOptions } from "./box.js";
import type { Running } from "./running.js";

const CLI = path.resolve(import.meta.dirname, "../../dist/cli.js");

export class User {
  private constructor(
    private readonly box: Box,
    readonly uid: number,
    readonly runtime: string,
  ) {}

  /**
   * @param tun rights of /dev/net/tun, which distributions give to all
   * @param session users of one number with runtime folders of their own do not know each other's sandboxes
   */
  static async of(box: Box, { uid = 65534, tun = "666", session = "" } = {}): Promise<User> {
    const runtime = `/run/user/${uid}${session}`;
    await box.sh(`
      mountpoint -q /dev/net || { mount -t tmpfs tmpfs /dev/net; mknod /dev/net/tun c 10 200; }
      chmod ${tun} /dev/net/tun
      mkdir -p ${runtime}; chown ${uid} ${runtime}; chmod 700 ${runtime}`);
    return new User(box, uid, runtime);
  }

  /** The words that run a command as this user. */
  words(command: string[]): string[] {
    const rights = ["setpriv", "--reuid", String(this.uid), "--regid", String(this.uid), "--clear-groups"];
    return [...rights, "env", "HOME=/", `XDG_RUNTIME_DIR=${this.runtime}`, ...command];
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
        case $(stat -c %u $folder 2>/dev/null) in ${this.uid}) tr '\\0' ' ' <$folder/cmdline; echo;; esac
      done
      find /run /dev/net ! -path '/run/openvswitch*' | sort; ls -d /tmp/netlab-${this.uid} 2>/dev/null || :
      cut -d' ' -f2,3 /proc/self/mounts`);
  }
}
