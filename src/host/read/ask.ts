// Merges what the kinds want to read into one question a place.
import type { Source } from "../../kinds/rows.js";
import type { Place } from "../../topology/lab.js";
import { isSysctlKey } from "../guard/guard.js";

/** What is read in one place besides links and routes. */
export interface Ask {
  sysctls: Set<string>;
  tables: Set<string>;
  offload: boolean;
}

export interface Question {
  links: boolean;
  ovs: boolean;
  processes: boolean;
  services: boolean;
  etcFiles: boolean;
  filters: boolean;
  uplinks: boolean;
  places: Map<Place, Ask>;
}

/** @throws Error where a sysctl key or a table's name could mean a path or an option */
export function mergeSources(sources: Source[]): Question {
  const question: Question = {
    ...{ links: false, ovs: false, processes: false, services: false, etcFiles: false, filters: false, uplinks: false },
    places: new Map(),
  };
  const at = (place: Place): Ask => {
    const ask = question.places.get(place) ?? { sysctls: new Set(), tables: new Set(), offload: false };
    question.places.set(place, ask);
    return ask;
  };
  for (const source of sources) {
    if (source.rows === "link" || source.rows === "route") question.links = true;
    else if (source.rows === "ovs") question.ovs = true;
    else if (source.rows === "process") question.processes = true;
    else if (source.rows === "filters") question.filters = true;
    else if (source.rows === "uplinks") question.uplinks = true;
    else if (source.rows === "etc-file") question.etcFiles = true;
    else if (source.rows === "service") question.services = true;
    else if (source.rows === "offload") at(source.place).offload = true;
    else if (source.rows === "nft")
      at(source.place).tables.add(checked(source.table, /^[A-Za-z_][A-Za-z0-9_-]*$/.test(source.table)));
    else for (const key of source.keys) at(source.place).sysctls.add(checked(key, isSysctlKey(key)));
  }
  return question;
}

function checked(name: string, valid: boolean): string {
  if (!valid) throw new Error(`refused to read ${JSON.stringify(name)}: no such name is possible`);
  return name;
}
