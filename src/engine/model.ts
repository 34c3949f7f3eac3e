// The registered kinds as the core takes them.
import type { Model } from "../core/behaviour.js";
import { kinds } from "../kinds/index.js";

export const model: Model = new Map(kinds.map((kind) => [kind.name, kind]));
