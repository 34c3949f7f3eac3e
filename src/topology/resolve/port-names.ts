// Names of ports that nobody named: after the far end of the cable, so that plugging it elsewhere keeps the name.
import { hashedPort, readablePort } from "../derive.js";
import type { Place } from "../lab.js";
import { type BridgeDraft, keyOf } from "./bridges.js";
import type { EndDraft } from "./ends.js";
import type { Context } from "./site.js";

/** Names the bare bridge ends after the far end, readable where the name fits and is free. */
export function namePorts(context: Context, cables: { ends: EndDraft[] }[], bridges: Map<string, BridgeDraft>): void {
  const taken = new Set<string>(bridges.keys());
  for (const site of context.sites.values()) {
    for (const [name, spec] of Object.entries(site.spec.interfaces ?? {}))
      if (spec?.kind) taken.add(keyOf(site.place, name));
  }
  const bare: { end: EndDraft; far: EndDraft; readable: string | undefined }[] = [];
  const wishes = new Map<string, number>();
  for (const { ends } of cables) {
    for (const [side, end] of ends.entries()) {
      const far = ends[1 - side]!;
      if (end.name !== undefined) taken.add(keyOf(end.place, end.name));
      else bare.push({ end, far, readable: readablePort(far.place, far.name!) });
    }
  }
  for (const { end, readable } of bare) {
    if (readable === undefined) continue;
    const key = keyOf(end.place, readable);
    wishes.set(key, (wishes.get(key) ?? 0) + 1);
  }
  const free = (place: Place, name: string) => !taken.has(keyOf(place, name));
  // In the order of the far ends, so that the order of the links in the file changes nothing.
  bare.sort((a, b) => (keyOf(a.far.place, a.far.name!) < keyOf(b.far.place, b.far.name!) ? -1 : 1));
  for (const { end, far, readable } of bare) {
    const alone = readable !== undefined && wishes.get(keyOf(end.place, readable)) === 1 && free(end.place, readable);
    end.name = alone ? readable : hashedPort(far.place, far.name!);
    for (let salt = 1; !alone && !free(end.place, end.name); salt++) end.name = hashedPort(far.place, far.name!, salt);
    taken.add(keyOf(end.place, end.name));
  }
}
