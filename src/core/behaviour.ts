// What the core knows of a kind: how its resources depend on each other, and the commands that change them.
import type { Traffic } from "./plan.js";
import type { Command, Json, Resource, ResourceId, Slot, State } from "./resource.js";

/** How a changed field is made true. `elsewhere`: another resource's step does it. */
export type Way = "update" | "replace" | "elsewhere";

export interface Field {
  /** One line for the documents. */
  about: string;
  way: Way | ((from: Json | undefined, to: Json) => Way);
  /** What an update of it does to traffic; a replacement is always a rebuild. */
  traffic: Traffic;
}

/** Something to write down before a step runs, since the kernel cannot hold it. */
export interface Note {
  namespaces?: string[];
  /** `place/name` of devices that are born without a mark. */
  devices?: string[];
  /** By `place key`: the previous values of the key and of what a change of it drags along. */
  sysctls?: { [placeAndKey: string]: { [key: string]: string } };
  routes?: ResourceId[];
  /** Interfaces of the host, by name: how they were, and the bridge that gets them. */
  uplinks?: { [name: string]: { [key: string]: Json } };
}

export interface Behaviour {
  fields: { [field: string]: Field };
  /** Facts that hold while it is there. */
  provides?(r: Resource): Slot[];
  /** Must hold before it is made, and longer than it. */
  needs?(r: Resource): Slot[];
  /** It dies by itself when any of these ends: this is the model of the kernel. */
  livesOn?(r: Resource): Slot[];
  /** It dies when one of these is interrupted, if only for a moment (`flaps`). */
  lostBy?(r: Resource): Slot[];
  /** Exclusive: nobody else may hold it when it is made. */
  claims?(r: Resource): Slot[];
  /** What a live one holds against the claims of others; by default what it claims. */
  holds?(r: Resource): Slot[];
  /** Made later than what provides these, where that is made or changed in the same plan. */
  after?(r: Resource): Slot[];
  /** What an update interrupts. */
  flaps?(from: Resource, to: Resource): Slot[];
  /** What comes into being with it, as it would be read. */
  spawns?(r: Resource): Resource[];
  /** When it dies with something else, its names stay taken for a moment: a plan that needs them deletes it by itself. */
  lingers?: boolean;
  /** Its commands travel in one transaction, in which deleting a thing and making it again is nothing at all. */
  atomic?: boolean;
  /** Nothing tells which of two was made first: they may be made at once. (An address that comes first is the device's source.) */
  anyOrder?: boolean;
  /** The kernel's own ones have a state that the lab may set: when their place is made again, it is set again. */
  settled?: boolean;
  /** One that is not the lab's is made again as it was, when what it lived on is made again. */
  restored?(r: Resource): boolean;

  /** The commands that make it, from what it was born as (`spawns` of another) or from nothing. All of one tool in one place. */
  create(r: Resource, born: Resource | undefined): Command[];
  update(from: Resource, to: Resource, fields: string[]): Command[];
  remove(r: Resource): Command[];
  /** What must be written down before its step. */
  note?(action: "create" | "update", r: Resource, live: State): Note | undefined;
}

/** Behaviour by the name of the kind, in the order in which a person reads them. */
export type Model = ReadonlyMap<string, Behaviour>;

export function behaviourOf(model: Model, r: Resource): Behaviour {
  const behaviour = model.get(r.kind);
  if (!behaviour) throw new Error(`no kind "${r.kind}" is registered (resource ${r.id})`);
  return behaviour;
}
