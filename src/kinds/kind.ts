// What a kind is: everything netlab knows about one sort of Linux object, as pure functions over data.
import type { Behaviour } from "../core/behaviour.js";
import type { Conflict, Warning } from "../core/plan.js";
import type { Resource, State } from "../core/resource.js";
import type { Lab } from "../topology/lab.js";
import type { Ownership } from "./ownership.js";
import type { Facts, Rows, Source } from "./rows.js";

/** Whose lab is read, and what it wants: in its own namespaces a declared key is the lab's. */
export interface Reading {
  lab: string;
  desired: State;
  ownership: Ownership;
}

export interface Kind extends Behaviour {
  name: string;
  /** One line for the documents. */
  about: string;
  /** What the file asks for. `facts`: what the machine is like. */
  expand(lab: Lab, facts: Facts): Resource[];
  /** Reads that `read` needs besides links and routes of every namespace; given what is wanted. */
  sources?(desired: State, lab: string): Source[];
  /** What is there, foreign things too: a conflict must be seen. */
  read(rows: Rows, reading: Reading): Resource[];
  /** What makes a wish impossible besides names that are taken: found before the first change, like a conflict. */
  refuse?(rows: Rows, reading: Reading): Conflict[];
  /** Things worth knowing that are no errors. `rows`: what was read. */
  advise?(desired: State, live: State, rows?: Rows): Warning[];
}
