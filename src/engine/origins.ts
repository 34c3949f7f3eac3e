// Where a topology file asks for a thing, whatever the machine is like.
import type { ResourceId } from "../core/resource.js";
import { kinds } from "../kinds/index.js";
import { NO_FACTS } from "../kinds/rows.js";
import type { Lab } from "../topology/lab.js";

/** JSON pointer into the file; undefined where it does not name such a thing. */
export const originOf = (lab: Lab, id: ResourceId): string | undefined =>
  kinds.flatMap((kind) => kind.expand(lab, NO_FACTS)).find((r) => r.id === id)?.origin;
