// A box for one test: private network, mount and process namespaces with an empty /run, entered by nsenter(1).
// Many can stand side by side. A box ends with this process, however that ends, and takes all inside along.
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import path from "node:path";
import { boxCommand, boxEnvironment } from "../../scripts/box.mjs";
import { collect, Running } from "./running.js";

const ROOT = path.resolve(import.meta.dirname, "../..");
const CLI = path.join(ROOT, "dist/cli.js");

export interface BoxOptions {
  /** Private ovsdb-server and ovs-vswitchd. */
  ovs?: boolean;
}

export interface RunOptions {
  /** Standard input; empty where absent. */
  input?: string;
  env?: Record<string, string>;
  /** Working directory; the repository where absent. */
  cwd?: string;
  /** Seconds after which the command is killed and the promise rejected; 120 where absent. */
  timeout?: number;
}

export interface Ran {
  /** As a shell gives it: 128 + number of the signal for a killed command. */
  code: number;
  stdout: string;
  stderr: string;
}

/** Makes a box, gives it to `use`, and ends it whatever happens. */
export async function withBox<T>(options: BoxOptions, use: (box: Box) => Promise<T>): Promise<T> {
  const box = await Box.open(options);
  try {
    return await use(box);
  } finally {
    await box.close();
  }
}

export class Box {
  private constructor(
    private readonly holder: ChildProcessWithoutNullStreams,
    /** Number of the box's first process, as seen from here: `/proc/PID/ns/net`. */
    readonly pid: number,
  ) {}

  /** @throws Error with the words of unshare(1) or of Open vSwitch where no box can be made */
  static async open(options: BoxOptions = {}): Promise<Box> {
    // Its standard input is a pipe from here: it closes with this process, and then cat, and with it the box, ends.
    const [file, ...args] = boxCommand(["sh", "-c", "echo $BOX_PID; exec cat"], options);
    const holder = spawn(file!, args, { env: boxEnvironment() });
    const errors = collect(holder.stderr);
    const ended = once(holder, "close").then(() => "");
    const line = once(holder.stdout, "data").then(([chunk]) => String(chunk).trim());
    const pid = await Promise.race([line, ended]);
    if (!pid) throw new Error(`no box can be made here: ${errors.text().trim()}`);
    return new Box(holder, Number(pid));
  }

  /** Ends the box and every process in it; returns when they have ended. */
  async close(): Promise<void> {
    if (this.holder.exitCode !== null || this.holder.signalCode !== null) return;
    const ended = once(this.holder, "exit");
    this.holder.stdin.end();
    const late = setTimeout(() => this.holder.kill("SIGKILL"), 5000);
    await ended;
    clearTimeout(late);
  }

  /** Starts a command in the box and does not wait for it. */
  start(command: string[], options: RunOptions = {}): Running {
    const inside = ["setpriv", "--pdeathsig", "KILL", "env", "-C", options.cwd ?? ROOT, ...command];
    const child = spawn("nsenter", ["-t", String(this.pid), "--net", "--mount", "--pid", "--", ...inside], {
      env: { ...boxEnvironment(), ...options.env },
    });
    return new Running(child, command, options);
  }

  /** Runs a command in the box. Does not throw where it fails. */
  run(command: string[], options: RunOptions = {}): Promise<Ran> {
    return this.start(command, options).ended;
  }

  /**
   * Runs a shell script in the box.
   * @returns its standard output
   * @throws Error with its standard error where it fails
   */
  async sh(script: string, options: RunOptions = {}): Promise<string> {
    const { code, stdout, stderr } = await this.run(["sh", "-euc", script], options);
    if (code !== 0) throw new Error(`exit ${code}: ${script}\n${stdout}${stderr}`);
    return stdout;
  }

  /** Runs netlab in the box. Does not throw where it fails. */
  netlab(args: string[], options: RunOptions = {}): Promise<Ran> {
    return this.startNetlab(args, options).ended;
  }

  /** Starts netlab in the box and does not wait for it: for tests that interrupt or kill it. */
  startNetlab(args: string[], options: RunOptions = {}): Running {
    if (!existsSync(CLI)) throw new Error("dist/cli.js is missing: npm run build");
    return this.start([process.execPath, CLI, ...args], options);
  }

  /** The network state of the box as comparable text; see scripts/fingerprint.mjs. */
  async fingerprint(): Promise<string> {
    const { code, stdout, stderr } = await this.run([process.execPath, path.join(ROOT, "scripts/fingerprint.mjs")]);
    if (code !== 0) throw new Error(`no fingerprint: ${stderr}`);
    return stdout;
  }
}
