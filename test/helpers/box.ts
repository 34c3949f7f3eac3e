// A box for one test: private network, mount and process namespaces with an empty /run (scripts/box.mjs). Many can stand
// side by side. A box ends with this process, however that ends, and takes all inside along.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { boxEnvironment, openBox } from "../../scripts/box.mjs";
import { Running } from "./running.js";

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
  private constructor(private readonly opened: Awaited<ReturnType<typeof openBox>>) {}

  /** @throws Error with the reason where no box can be made, or Open vSwitch does not start */
  static async open(options: BoxOptions = {}): Promise<Box> {
    return new Box(await openBox(options));
  }

  /** Number of the box's first process, as seen from here: `/proc/PID/ns/net`. */
  get pid(): number {
    return this.opened.pid;
  }

  /** Ends the box and every process in it; returns when they have ended. */
  close(): Promise<void> {
    return this.opened.close();
  }

  /** Starts a command in the box and does not wait for it. */
  start(command: string[], options: RunOptions = {}): Running {
    const [file, ...words] = this.opened.words(["setpriv", "--pdeathsig", "KILL", ...command], options.cwd ?? ROOT);
    const child = spawn(file!, words, { env: { ...boxEnvironment(), ...options.env } });
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
