// Programs that run in a namespace of the lab or on the host, each under a supervisor that is its mark: sh(1), setsid(1).
import { asked, type Command, type Resource } from "../core/resource.js";
import { groupOf } from "../topology/derive.js";
import { everyPlace, HOST, type Place, type Service } from "../topology/lab.js";
import type { Kind, Reading } from "./kind.js";
import type { ServiceRow } from "./rows.js";
import { CLEAN, ownEnvironment, RELEASE, START, STOP, servicesFolder, startWords } from "./service-words.js";
import * as slot from "./slots.js";

const RUNNING = "running";

type Shape = Pick<Service, "name" | "command" | "restart" | "ready" | "directory" | "env">;

const resource = (lab: string, place: Place, one: Shape, state: string): Resource => ({
  id: `service:${place}/${one.name}`,
  kind: "service",
  place,
  fields: {
    command: one.command.map(quoted).join(" "),
    restart: one.restart,
    ready: one.ready ?? null,
    directory: one.directory === "/" ? null : one.directory,
    env: Object.keys(ownEnvironment(one.env)).length > 0 ? ownEnvironment(one.env) : null,
    state,
  },
  at: { lab, name: one.name, command: one.command },
});

/** A word as a shell takes it; of a script the first line, and a number that tells it from others. */
const quoted = (word: string) =>
  word.includes("\n") ? quotedLine(`${word.slice(0, word.indexOf("\n"))} ... ${groupOf(word)}`) : quotedLine(word);
const quotedLine = (word: string) =>
  /^[A-Za-z0-9_@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;

export const service: Kind = {
  name: "service",
  about: "A program that the lab runs, with its output in a log.",
  fields: {
    command: { about: "the program and its arguments", way: "update", traffic: "flap" },
    restart: { about: "when it is started again by itself: never, on-failure, always", way: "update", traffic: "flap" },
    ready: { about: "by what it is known to be ready", way: "update", traffic: "flap" },
    directory: { about: "its working directory", way: "update", traffic: "flap" },
    env: { about: "variables of its environment", way: "update", traffic: "flap" },
    state: {
      about: "`running`; with its last words `starting`, until it is ready, `failing`, between two starts, or `dead`",
      // Only running is a wish: on the way back, whatever else it was before cannot be made.
      way: (_, to) => (to === RUNNING ? "update" : "elsewhere"),
      traffic: "flap",
    },
  },

  expand: (lab) =>
    everyPlace(lab).flatMap(({ name: place, services }) =>
      services.map((one) => asked(resource(lab.name, place, one, RUNNING), one.origin)),
    ),

  sources: () => [{ rows: "service" }],
  read: (rows, reading) => rows.service.map((row) => live(row, reading)),

  // Started when the addresses and routes are there, ended before its namespace goes.
  needs: (r) => [slot.ns(r.place)],
  after: (r) => [
    slot.addressed(r.place),
    slot.direct(r.place),
    slot.routed(r.place),
    slot.files(r.place),
    slot.defaults(r.place),
  ],

  create: (r) => [start(r)],
  update: (from, to) => [...stop(from), start(to)],
  remove: (r) => [...stop(r), ...(r.at.stray ? [] : [sh(CLEAN, "netlab-clean", folderOf(r))])],
};

function live(row: ServiceRow, { lab, desired }: Reading): Resource {
  const r = resource(row.lab, row.place, row, row.state);
  const foreign = row.lab === lab ? "" : ` (lab ${row.lab})`;
  const stray = row.stray ? ` (process ${row.pid}, left in a namespace that is gone)` : "";
  // Of a dead one nothing is known but that it is dead.
  const known = row.pid === undefined ? { ...desired[r.id]?.fields, state: row.state } : r.fields;
  return {
    ...r,
    id: `${r.id}${foreign}${stray}`,
    fields: known,
    at: { ...r.at, pid: row.pid ?? null, start: row.start ?? null, stray: row.stray },
    owner: row.lab === lab ? "lab" : { lab: row.lab },
  };
}

const folderOf = (r: Resource) => `${servicesFolder(r.at.lab as string)}/${r.place}/${r.at.name}`;
const sh = (...args: string[]): Command => ({ tool: "sh", place: HOST, args: ["-c", ...args] });

function start(r: Resource): Command {
  const { restart, ready, directory, env } = r.fields;
  const one = {
    ...{ name: r.at.name, command: r.at.command, restart, directory: directory ?? "/", env: env ?? {} },
    ...(ready !== null && { ready }),
  } as Shape;
  const inside = r.place === HOST ? [] : ["ip", "netns", "exec", r.place];
  return sh(START, "netlab-start", folderOf(r), ...startWords(r.at.lab as string, r.place, inside, one));
}

/** A dead one may have left its program running, and on the host nothing else ends what went into the background. */
const stop = (r: Resource): Command[] => [
  ...(r.at.pid ? [sh(STOP, "netlab-stop", String(r.at.pid), String(r.at.start))] : []),
  ...(r.at.pid && r.place !== HOST ? [] : [sh(RELEASE, "netlab-release", folderOf(r))]),
];
