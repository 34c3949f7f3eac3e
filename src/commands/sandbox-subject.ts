// What a verb is about, as far as it matters to sandboxes: of a lab's name, a topology file, or a saved plan.
import { statSync } from "node:fs";
import type { Json, State } from "../core/resource.js";
import { type Tenant, tenantOf } from "../engine/sandbox-life.js";
import { looksSaved, parseSavedPlan } from "../engine/saved-plan.js";
import type { Handed } from "../host/sandbox/enter.js";
import { findSandbox, hasRecords } from "../host/sandbox/record.js";
import type { Published } from "../host/sandbox/uplink-ports.js";
import { natOf } from "../kinds/nat-of.js";
import { findTopology } from "../topology/find.js";
import { HOST } from "../topology/lab.js";
import { labNameIn } from "../topology/lab-name.js";
import { readText, remember, UnreadableError } from "../topology/read.js";
import { netlabVersion } from "./netlab-version.js";

export interface Subject extends Tenant {
  /** The file says so. */
  sandbox: boolean;
  handed?: Handed;
}

const NOTHING = { sandbox: false, ovs: false, published: [] };

/**
 * Without these words no part of a file concerns a sandbox: its name is enough, and the netlab inside looks at the rest.
 * To resolve the lab out here as well takes as long as Node takes to start. An escape may spell any word.
 */
const SPECIAL = /sandbox|ovs|forward|\\/;

/** Of the file only what is needed: a file that has nothing to do with sandboxes costs one look at its text. */
export async function subjectOf(
  file: string | undefined,
  name: string | undefined,
  wanted: boolean,
): Promise<Subject | undefined> {
  if (name !== undefined) return { ...NOTHING, lab: name };
  const handed = await textOf(file);
  if (!handed) return undefined;
  const { text } = handed;
  if (looksSaved(text)) return savedSubject(handed);
  const mentioned = wanted || /\bsandbox\b/.test(text);
  if (!mentioned && !hasRecords()) return undefined;
  const plain = SPECIAL.test(text) ? undefined : await labNameIn(text);
  if (plain !== undefined) return { ...NOTHING, lab: plain, handed };
  const { load } = await import("../topology/load.js");
  const { lab } = await load({ file: handed.name, text });
  if (lab) return { ...tenantOf(lab), sandbox: lab.sandbox !== undefined, handed };
  const written = await labNameIn(text);
  if (written === undefined || findSandbox(written).state === "none") return undefined;
  return { ...NOTHING, lab: written, handed };
}

function savedSubject(handed: Handed): Subject | undefined {
  const parsed = parseSavedPlan(handed.text, netlabVersion());
  if (!("saved" in parsed)) return undefined;
  const { plan, desired, sandbox = false, uplink } = parsed.saved;
  const ovs = Object.values(desired).some(({ kind }) => kind === "ovs-bridge");
  return { lab: plan.lab, sandbox, uplink, published: savedPorts(desired), ovs, handed };
}

/** A plan has the rules, not what the file said of them. */
function savedPorts(desired: State): Published[] {
  const nat = Object.values(desired).find(({ kind, place }) => kind === "nat" && place === HOST);
  const forward = (nat ? natOf(nat).forward : undefined) ?? [];
  return (forward as { [key: string]: Json }[]).flatMap(({ protocol, port, address, to }) => {
    const [, target, toPort] = /^([\d.]+):(\d+)$/.exec(String(to)) ?? [];
    if (!target || address !== undefined || (protocol !== "tcp" && protocol !== "udp")) return [];
    return [{ protocol, port: Number(port), to: target, toPort: Number(toPort) }];
  });
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
