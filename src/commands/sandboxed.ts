// Whether a verb of the command line belongs into its lab's sandbox, and the way in: engine/in-sandbox.ts is the library's.
import type { Command } from "commander";
import type { Outcome } from "../engine/events.js";
import { requireOnlyThere, WHICH } from "../engine/only-there.js";
import { applyInSandbox, destroyInSandbox, lookInSandbox } from "../engine/sandbox-life.js";
import { mayChange } from "../host/rights.js";
import { changeInside, hasNamespace, netlabInside } from "../host/sandbox/enter.js";
import { closeSandbox } from "../host/sandbox/hold.js";
import { insideSandbox } from "../host/sandbox/inside.js";
import { findSandbox, listSandboxes, type Sandbox } from "../host/sandbox/record.js";
import { findUplink, hasUplink } from "../host/sandbox/uplink.js";
import { HOST } from "../topology/lab.js";
import { Complaint } from "./complaint.js";
import { EXIT } from "./exit-codes.js";
import { subjectOf } from "./sandbox-subject.js";
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
  const told = wanted || subject.sandbox;
  if (found.state === "none" && !told) return undefined;
  if (!told) await requireOnlyThere(subject.lab);
  if (found.state !== "alive" && verb === "destroy") return forget(subject.lab, found.state === "dead", session);
  const given = command.args[0] === undefined && subject.handed ? [...words, subject.handed.name] : words;
  const enter = async (sandbox: Sandbox) => {
    const { code, outcome } = await changeInside(sandbox, given, subject.handed);
    return { code, outcome: (outcome as Outcome | undefined) ?? (code === EXIT.done ? "applied" : undefined) };
  };
  if (found.state === "dead") {
    session.err(`The sandbox of lab ${subject.lab} has ended, and the lab with it.\n`);
    await closeSandbox(subject.lab);
  }
  if (verb === "apply") {
    const tenant = { ...subject, uplink: options.uplink ?? subject.uplink };
    return (await applyInSandbox(tenant, enter, options.rollback === false)).code;
  }
  if (found.state === "alive" && findUplink(found.sandbox) && !hasUplink(found.sandbox))
    session.err("The uplink of the sandbox has ended; apply makes it again.\n");
  if (found.state !== "alive" || verb !== "destroy")
    return lookInSandbox(subject, (sandbox) => netlabInside(sandbox, given, subject.handed));
  const { result, rest } = await destroyInSandbox(subject, found.sandbox, enter);
  if (!rest) return result.code;
  session.err(`What is left of lab ${subject.lab} has ended with its sandbox.\n`);
  return result.code === EXIT.error ? EXIT.done : result.code;
}

async function forget(lab: string, was: boolean, session: Session): Promise<number> {
  if (was) await closeSandbox(lab);
  session.err(was ? `The sandbox of lab ${lab} had ended; its record is removed.\n` : `Lab ${lab} has no sandbox.\n`);
  return EXIT.done;
}

/** `host` is the machine itself, where nothing else is said; any other name may be there and in several sandboxes. */
async function inNamespace(place: string, options: Options, words: string[]): Promise<number | undefined> {
  if (options.lab !== undefined) {
    const found = findSandbox(options.lab);
    if (found.state !== "none" && !options.sandbox) await requireOnlyThere(options.lab);
    if (found.state === "alive") return netlabInside(found.sandbox, words);
    if (found.state === "dead") await closeSandbox(options.lab);
    if (options.sandbox || found.state === "dead")
      throw new Complaint(`Lab ${options.lab} has no sandbox.`, "netlab list shows what there is");
    return undefined;
  }
  if (!options.sandbox && place === HOST) return undefined;
  const matching = listSandboxes().filter((sandbox) => hasNamespace(place, sandbox));
  const labs = matching.map(({ lab }) => lab).join(", ");
  // Who may not enter the machine's does not mean them.
  if (matching[0] && !options.sandbox && mayChange() && hasNamespace(place))
    throw new Complaint(`${place} is a namespace of this machine itself, and of a lab in a sandbox: ${labs}.`, WHICH);
  if (matching.length > 1)
    throw new Complaint(`${place} is in the sandboxes of several labs: ${labs}.`, "say which: --lab NAME");
  if (matching[0]) return netlabInside(matching[0], words);
  if (options.sandbox) throw new Complaint(`No sandbox has a namespace ${place}.`, "netlab list shows what there is");
  return undefined;
}
