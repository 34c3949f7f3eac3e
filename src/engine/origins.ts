// Where a topology file asks for a thing, whatever the machine is like.
import type { ResourceId } from "../core/resource.js";
import { NO_FACTS } from "../kinds/rows.js";
import type { Lab } from "../topology/lab.js";
import { desiredWith } from "./state.js";

/** JSON pointer into the file; undefined where it does not name such a thing. */
export const originOf = (lab: Lab, id: ResourceId): string | undefined => desiredWith(lab, NO_FACTS)[id]?.origin;
