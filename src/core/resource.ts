// The nouns of the model: a State is a plain object from resource id to Resource. Pure data, JSON all through.

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** `kind:key`, such as `address:red/eth0/192.168.15.1/24`. */
export type ResourceId = string;

/** A fact that holds while some resource provides it: `ns:red`, `link:red/eth0`, `up:red/eth0`. */
export type Slot = string;

/**
 * Whose a live resource is. `lab`: carries our mark. `ambient`: made by the kernel, satisfies a wish, is never deleted.
 * `none`: carries no mark. Any other lab is named.
 */
export type Owner = "lab" | "ambient" | "none" | { lab: string };

export interface Resource {
  id: ResourceId;
  kind: string;
  /** Namespace that it is in, or `host`. */
  place: string;
  /** What is compared. On the desired side an absent field means: not declared, whatever is there is right. */
  fields: { [field: string]: Json };
  /** What commands and slots need to know besides, and is not compared. */
  at: { [key: string]: Json };
  /** Live resources only. */
  owner?: Owner;
  /** Desired resources only: JSON pointer into the topology file. */
  origin?: string;
}

export type State = { [id: ResourceId]: Resource };

/**
 * A resource that the file asks for at `origin`. Key by key: what gets a key more by a spread has a hidden class of its own in
 * the V8 of Node 20, each one, and every access to it is a search.
 */
export const asked = ({ id, kind, place, fields, at }: Resource, origin?: string): Resource => ({
  id,
  kind,
  place,
  fields,
  at,
  origin,
});

/** A resource that is there, and whose it is. */
export const owned = ({ id, kind, place, fields, at }: Resource, owner: Owner): Resource => ({
  id,
  kind,
  place,
  fields,
  at,
  owner,
});

/** The resources of one kind. In a large state, a list of all values first takes twice as long. */
export function ofKind(state: State, kind: string): Resource[] {
  const found: Resource[] = [];
  for (const id in state) if (state[id]!.kind === kind) found.push(state[id]!);
  return found;
}

/** One command as data, never a shell string. */
export interface Command {
  /** The program: `ip`, `ovs-vsctl`, `nft`, `sysctl`, `ethtool`, `kill`. */
  tool: string;
  /** Where it runs: a namespace, or `host`. */
  place: string;
  args: string[];
  /** What it reads from standard input (nft). */
  stdin?: string;
}
