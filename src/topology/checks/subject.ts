// What a cross-check looks at.
import type { Interface, Lab, Place } from "../lab.js";
import type { Report } from "../problem.js";
import type { Segments } from "./segments.js";

export interface Subject {
  lab: Lab;
  /** Interfaces (`place/name`) whose addresses others may have too. */
  shared: Set<string>;
  segments: Segments;
  /** Places where a link or an address could not be made out, so that what is missing there proves nothing. */
  loose: Set<Place>;
}

export type CrossCheck = (subject: Subject, report: Report) => void;

/** Every interface with its place, the host's last. */
export function* everyInterface(lab: Lab): Generator<{ place: Place; device: Interface; key: string }> {
  for (const { name: place, interfaces } of [...lab.namespaces, lab.host]) {
    for (const device of interfaces) yield { place, device, key: `${place}/${device.name}` };
  }
}
