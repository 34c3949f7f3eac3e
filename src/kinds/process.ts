// Processes in a namespace of the lab: they would keep it alive after its name is gone, so they end before it.
import { owned, type Resource } from "../core/resource.js";
import { HOST } from "../topology/lab.js";
import type { Kind } from "./kind.js";
import type { ProcessRow } from "./rows.js";
import * as slot from "./slots.js";

/** A person knows it by its command line. */
const resource = ({ pid, start, command, place }: ProcessRow): Resource => ({
  id: `process:${place}/${pid} (${command.replace(/\s+/g, " ").slice(0, 60)})`,
  kind: "process",
  place,
  fields: { command },
  at: { pid, start },
});

export const process: Kind = {
  name: "process",
  about: "A process in a namespace that is deleted: it is ended first (SIGTERM, then SIGKILL).",
  fields: { command: { about: "its name", way: "elsewhere", traffic: "none" } },

  expand: () => [],
  sources: () => [{ rows: "process" }],
  // Kernel-made in the sense of the model: never in the way, never deleted for its own sake.
  read: (rows, { ownership }) => {
    // What belongs to a service ends with it.
    const services = new Set(rows.service.map(({ pid }) => pid));
    return rows.process
      .filter(({ place, session }) => place !== HOST && ownership.place(place) === "lab" && !services.has(session))
      .map((row) => owned(resource(row), "ambient"));
  },

  needs: (r) => [slot.ns(r.place)],

  create: () => [],
  update: () => [],
  remove: (r) => [{ tool: "kill", place: r.place, args: ["-TERM", String(r.at.pid)], stdin: String(r.at.start) }],
};
