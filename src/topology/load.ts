// Loads a topology file: text to Lab, or everything that is wrong with it.
import { runChecks } from "./checks/index.js";
import type { Diagnostic, Position } from "./diagnostic.js";
import { explain } from "./explain.js";
import { findTopology } from "./find.js";
import type { Lab, Pointer } from "./lab.js";
import { rangeOf } from "./locate.js";
import type { Parsed } from "./parse.js";
import { parsed } from "./parsed.js";
import type { Problem } from "./problem.js";
import { prune } from "./prune.js";
import { readText, UnreadableError } from "./read.js";
import { resolve } from "./resolve.js";
import { nonTexts } from "./scalars.js";
import { type Range, Source } from "./source.js";
import type { Tree } from "./tree.js";
import type * as T from "./types.gen.js";
import { schemaErrors } from "./validate-schema.js";
import { Values } from "./values.js";

export interface Loaded {
  /** Name of the file as it was given or found; `<stdin>` for standard input. */
  file: string;
  /** Absent where the file has an error; warnings do not prevent it. */
  lab?: Lab;
  /** Errors and warnings in the order of the file. */
  diagnostics: Diagnostic[];
  /** Where a JSON pointer (`Resource.origin`) is in the file; the nearest value above it that is there. */
  locate(pointer: Pointer): Located;
}

/** A place in the file, with its line. */
export type Located = Position & { file: string; source: string };

export type Input = string | { text: string; file: string };

/**
 * Reads and validates a topology.
 * @param input a path, `-` for standard input, the text itself, or nothing: the file is looked for
 */
export async function load(input?: Input): Promise<Loaded> {
  if (typeof input === "object") return loadText(new Source(input.file, input.text));
  let file = input ?? "netlab.yaml";
  try {
    file = input ?? (await findTopology());
    return await loadText(new Source(file === "-" ? "<stdin>" : file, await readText(file)));
  } catch (error) {
    if (!(error instanceof UnreadableError)) throw error;
    const source = new Source(file, "");
    return unloaded(source, [source.diagnostic([0, 0], error.reason)]);
  }
}

async function loadText(source: Source): Promise<Loaded> {
  return loadTree(source, await parsed(source));
}

/** Validates a parsed topology. */
export function loadTree(source: Source, { tree, diagnostics }: Parsed): Loaded {
  if (!tree) return unloaded(source, diagnostics);
  const value = new Values((range, reason) => diagnostics.push(source.diagnostic(range, reason))).read(tree);
  const problems = new Problems();
  const topology = checkShape(tree, value, problems, diagnostics.length === 0);
  const lab = topology && labOf(topology, problems, diagnostics.length === 0);
  for (const problem of problems.all)
    diagnostics.push(source.diagnostic(rangeOf(tree, problem.pointer, problem.at), problem));
  diagnostics.sort(byPosition);
  const locate = (pointer: Pointer) => placeOf(source, rangeOf(tree, pointer));
  return { file: source.file, ...(lab ? { lab } : {}), diagnostics, locate };
}

class Problems {
  readonly all: Problem[] = [];
  private readonly seen = new Set<string>();
  /** Every pointer with an error at it or below it. */
  private readonly wrong = new Set<Pointer>();

  readonly report = (problem: Problem): void => {
    const key = `${problem.pointer} ${problem.at === "key"} ${problem.code}`;
    if (this.seen.has(key)) return;
    this.seen.add(key);
    this.all.push(problem);
    if (problem.severity === "warning") return;
    for (let { pointer } = problem; !this.wrong.has(pointer); pointer = pointer.slice(0, pointer.lastIndexOf("/"))) {
      this.wrong.add(pointer);
    }
  };

  /** Whether something at a pointer or below it is wrong; the empty pointer is the whole file. */
  readonly broken = (pointer: Pointer): boolean => this.wrong.has(pointer);
}

/** The part of the value that fits the schema. */
function checkShape(tree: Tree, value: unknown, problems: Problems, whole: boolean): T.Topology | undefined {
  if (value === null || typeof value !== "object" || Array.isArray(value)) {
    if (whole) {
      const found = Array.isArray(value) ? "a list" : typeof value === "string" ? "text" : "a single value";
      const message = `A topology is a map that begins with the lab's name, not ${found}.`;
      problems.report({ pointer: "", code: "not-a-map", message, suggestion: "write `name: mylab`" });
    }
    return undefined;
  }
  if ((value as { content?: unknown }).content === "netlab plan") {
    const message = "This is a saved plan, not a topology.";
    problems.report({ pointer: "", code: "saved-plan", message, suggestion: "netlab apply carries it out" });
    return undefined;
  }
  const errors = schemaErrors(value);
  const texts = new Set<Pointer>();
  for (const problem of nonTexts(tree, errors)) {
    if (problem.code === "not-text") texts.add(problem.pointer);
    problems.report(problem);
  }
  for (const error of errors) {
    const problem = explain(error);
    if (problem && !texts.has(problem.pointer)) problems.report(problem);
  }
  prune(value, errors);
  return value as T.Topology;
}

function labOf(topology: T.Topology, problems: Problems, whole: boolean): Lab | undefined {
  const resolved = resolve(topology, problems.report, problems.broken);
  runChecks(resolved, problems.report);
  return whole && !problems.broken("") ? resolved.lab : undefined;
}

function unloaded(source: Source, diagnostics: Diagnostic[]): Loaded {
  return { file: source.file, diagnostics, locate: () => placeOf(source, [0, 0]) };
}

const placeOf = (source: Source, range: Range): Located => ({ file: source.file, ...source.position(range) });

function byPosition(a: Diagnostic, b: Diagnostic): number {
  return a.position.line - b.position.line || a.position.column - b.position.column;
}
