// Whether a verb belongs into its lab's sandbox, and the way in. Nothing else in netlab knows of sandboxes.
import type { Command } from "commander";
import { hasNamespace, netlabInside, startOvs } from "../host/sandbox-enter.js";
import { closeSandbox, endSandbox, makeSandbox, openSandbox } from "../host/sandbox-hold.js";
import { insideSandbox } from "../host/sandbox-inside.js";
import { findSandbox, listSandboxes, type Sandbox } from "../host/sandbox-record.js";
import { requireTun } from "../host/sandbox-trouble.js";
import { findUplink, hasUplink, setUplink } from "../host/sandbox-uplink.js";
import { Complaint } from "./complaint.js";
import { EXIT } from "./exit-codes.js";
import { type Subject, subjectOf } from "./sandbox-subject.js";
import type { Session } from "./session.js";

interface Options {
  sandbox?: boolean;
  uplink?: boolean;
  lab?: string;
  rollback?: boolean;
}

/**
 * Runs a verb in the sandbox of its lab, where it has one or asks for one.
 * @param words the command line
 * @returns its exit code; undefined where the verb is to run here
 */
export async function sandboxed(command: Command, words: string[], session: Session): Promise<number | undefined> {
  const options = command.opts<Options>();
  if (insideSandbox() || options.sandbox === false) return undefined;
  const verb = command.name();
  if (verb === "exec" || verb === "shell") return inNamespace(command.args[0]!, options, words);
  const wanted = options.sandbox || options.uplink || false;
  const subject = await subjectOf(command.args[0], options.lab, wanted);
  if (!subject) return undefined;
  const found = findSandbox(subject.lab);
  if (found.state === "none" && !wanted && !subject.sandbox) return undefined;
  if (found.state !== "alive" && verb === "destroy") return forget(subject.lab, found.state === "dead", session);
  const given = command.args[0] === undefined && subject.handed ? [...words, subject.handed.name] : words;
  const enter = async (sandbox: Sandbox) => {
    if (subject.ovs) await openVSwitch(sandbox);
    return netlabInside(sandbox, given, subject.handed);
  };
  if (found.state === "dead") {
    session.err(`The sandbox of lab ${subject.lab} has ended, and the lab with it.\n`);
    await closeSandbox(subject.lab);
  }
  if (verb === "apply") return apply(subject, options, enter);
  if (found.state !== "alive") return meanwhile(subject.lab, enter);
  if (findUplink(found.sandbox) && !hasUplink(found.sandbox))
    session.err("The uplink of the sandbox has ended; apply makes it again.\n");
  const ended = enter(found.sandbox);
  return verb === "destroy" ? destroy(subject.lab, ended) : ended;
}

type Enter = (sandbox: Sandbox) => Promise<number>;

/** An apply that comes to nothing leaves nothing: neither a sandbox that was made for it, nor another uplink. */
async function apply(subject: Subject, options: Options, enter: Enter): Promise<number> {
  const { sandbox, made } = await openSandbox(subject.lab);
  let done = options.rollback === false;
  let back = async () => {};
  try {
    const uplink = options.uplink ?? subject.uplink ?? findUplink(sandbox) !== undefined;
    const changed = await setUplink(sandbox, uplink ? subject.published : undefined);
    if (changed) back = async () => void (await setUplink(sandbox, changed.before));
    const code = await enter(sandbox);
    done ||= code === EXIT.done;
    return code;
  } finally {
    if (!done) await (made ? closeSandbox(subject.lab) : back());
  }
}

async function destroy(lab: string, ended: Promise<number>): Promise<number> {
  const code = await ended;
  if (code === EXIT.done) await closeSandbox(lab);
  return code;
}

/** What looks and changes nothing gets a sandbox for as long as it looks. */
async function meanwhile(lab: string, enter: Enter): Promise<number> {
  const { sandbox } = await makeSandbox(lab);
  try {
    return await enter(sandbox);
  } finally {
    await endSandbox(sandbox);
  }
}

async function forget(lab: string, was: boolean, session: Session): Promise<number> {
  if (was) await closeSandbox(lab);
  session.err(was ? `The sandbox of lab ${lab} had ended; its record is removed.\n` : `Lab ${lab} has no sandbox.\n`);
  return EXIT.done;
}

async function openVSwitch(sandbox: Sandbox): Promise<void> {
  requireTun("Open vSwitch in a sandbox");
  const trouble = await startOvs(sandbox);
  if (trouble) throw new Complaint(`Open vSwitch does not start in the sandbox: ${trouble}`);
}

/** A namespace of the machine itself comes first; in the sandboxes its name may be in several. */
async function inNamespace(place: string, options: Options, words: string[]): Promise<number | undefined> {
  if (options.lab !== undefined) {
    const found = findSandbox(options.lab);
    if (found.state === "alive") return netlabInside(found.sandbox, words);
    if (found.state === "dead") await closeSandbox(options.lab);
    if (options.sandbox || found.state === "dead")
      throw new Complaint(`Lab ${options.lab} has no sandbox.`, "netlab list shows what there is");
    return undefined;
  }
  if (!options.sandbox && hasNamespace(place)) return undefined;
  const matching = listSandboxes().filter((sandbox) => hasNamespace(place, sandbox));
  if (matching.length > 1) {
    const labs = matching.map(({ lab }) => lab).join(", ");
    throw new Complaint(`${place} is in the sandboxes of several labs: ${labs}.`, "say which: --lab NAME");
  }
  if (matching[0]) return netlabInside(matching[0], words);
  if (options.sandbox) throw new Complaint(`No sandbox has a namespace ${place}.`, "netlab list shows what there is");
  return undefined;
}
