// Whether a verb belongs into its lab's sandbox, and the way in. Nothing else in netlab knows of sandboxes.
import { statSync } from "node:fs";
import type { Command } from "commander";
import { looksSaved, parseSavedPlan } from "../core/saved-plan.js";
import { type Handed, hasNamespace, netlabInside, startOvs } from "../host/sandbox-enter.js";
import { closeSandbox, endSandbox, makeSandbox, openSandbox } from "../host/sandbox-hold.js";
import { insideSandbox } from "../host/sandbox-inside.js";
import { findSandbox, hasRecords, listSandboxes, type Sandbox } from "../host/sandbox-record.js";
import { requireTun } from "../host/sandbox-trouble.js";
import { findTopology } from "../topology/find.js";
import { labNameIn } from "../topology/lab-name.js";
import { load } from "../topology/load.js";
import { readText, remember, UnreadableError } from "../topology/read.js";
import { Complaint } from "./complaint.js";
import { EXIT } from "./exit-codes.js";
import type { Session } from "./session.js";

/** What a verb is about. */
interface Subject {
  lab: string;
  /** The file says so. */
  sandbox: boolean;
  /** It has an Open vSwitch bridge. */
  ovs: boolean;
  handed?: Handed;
}

interface Options {
  sandbox?: boolean;
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
  const subject = await subjectOf(command.args[0], options);
  if (!subject) return undefined;
  const found = findSandbox(subject.lab);
  if (found.state === "none" && !options.sandbox && !subject.sandbox) return undefined;
  if (found.state !== "alive" && verb === "destroy") return forget(subject.lab, found.state === "dead", session);
  const given = command.args[0] === undefined && subject.handed ? [...words, subject.handed.name] : words;
  const enter = async (sandbox: Sandbox) => {
    if (subject.ovs) await openVSwitch(sandbox);
    return netlabInside(sandbox, given, subject.handed);
  };
  if (found.state === "alive") {
    const ended = enter(found.sandbox);
    return verb === "destroy" ? destroy(subject.lab, ended) : ended;
  }
  if (found.state === "dead") {
    session.err(`The sandbox of lab ${subject.lab} has ended, and the lab with it.\n`);
    await closeSandbox(subject.lab);
  }
  return verb === "apply" ? apply(subject.lab, options, enter) : meanwhile(subject.lab, enter);
}

/** A sandbox that was made for an apply which came to nothing ends with it. */
async function apply(lab: string, options: Options, enter: (sandbox: Sandbox) => Promise<number>): Promise<number> {
  const { sandbox, made } = await openSandbox(lab);
  let done = !made || options.rollback === false;
  try {
    const code = await enter(sandbox);
    done ||= code === EXIT.done;
    return code;
  } finally {
    if (!done) await closeSandbox(lab);
  }
}

async function destroy(lab: string, ended: Promise<number>): Promise<number> {
  const code = await ended;
  if (code === EXIT.done) await closeSandbox(lab);
  return code;
}

/** What looks and changes nothing gets a sandbox for as long as it looks. */
async function meanwhile(lab: string, enter: (sandbox: Sandbox) => Promise<number>): Promise<number> {
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
  requireTun();
  const trouble = await startOvs(sandbox);
  if (trouble) throw new Complaint(`Open vSwitch does not start in the sandbox: ${trouble}`);
}

/** Of the file only what is needed: a file that has nothing to do with sandboxes costs one look at its text. */
async function subjectOf(file: string | undefined, options: Options): Promise<Subject | undefined> {
  if (options.lab !== undefined) return { lab: options.lab, sandbox: false, ovs: false };
  const handed = await textOf(file);
  if (!handed) return undefined;
  const { text } = handed;
  if (looksSaved(text)) return savedSubject(handed);
  const mentioned = options.sandbox || /\bsandbox\b/.test(text);
  if (!mentioned && !hasRecords()) return undefined;
  const { lab } = await load({ file: handed.name, text });
  if (lab) {
    const ovs = lab.host.bridges.some(({ kind }) => kind === "ovs");
    return { lab: lab.name, sandbox: lab.sandbox === true, ovs, handed };
  }
  const name = labNameIn(text);
  return name !== undefined && findSandbox(name).state !== "none"
    ? { lab: name, sandbox: false, ovs: false, handed }
    : undefined;
}

function savedSubject(handed: Handed): Subject | undefined {
  const parsed = parseSavedPlan(handed.text);
  if (!("saved" in parsed)) return undefined;
  const { plan, desired, sandbox = false } = parsed.saved;
  const ovs = Object.values(desired).some(({ kind }) => kind === "ovs-bridge");
  return { lab: plan.lab, sandbox, ovs, handed };
}

/** Undefined where it cannot be read: the verb itself says why. */
async function textOf(file: string | undefined): Promise<Handed | undefined> {
  try {
    const name = file ?? (await findTopology());
    const text = await readText(name);
    if (name === "-" || !statSync(name).isFile()) remember(name, text);
    return { name, text };
  } catch (error) {
    if (error instanceof UnreadableError) return undefined;
    throw error;
  }
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
