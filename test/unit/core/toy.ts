// A model of kinds that the core has never heard of: a power station's sockets, lamps plugged into them, and shades on lamps.
import type { Behaviour, Model } from "../../../src/core/behaviour.js";
import { makePlan } from "../../../src/core/planner.js";
import type { Json, Owner, Resource, State } from "../../../src/core/resource.js";
import { stepsOf } from "../../../src/core/simulate.js";

type At = { [key: string]: Json };

const at = (r: Resource, key: string) => String(r.at[key]);
const command = (tool: string) => (r: Resource) => [{ tool, place: r.place, args: [r.id] }];
const verbs = (tool: string): Pick<Behaviour, "create" | "update" | "remove"> => ({
  create: (r) => [{ tool, place: r.place, args: ["make", r.id] }],
  update: (_, to, fields) => [{ tool, place: to.place, args: ["set", to.id, ...fields] }],
  remove: (r) => [{ tool, place: r.place, args: ["end", r.id] }],
});

/** A source of power; switching its `fuse` interrupts what it feeds. */
const plant: Behaviour = {
  fields: {
    fuse: { about: "amperes", way: "update", traffic: "flap" },
    fuel: { about: "what it burns", way: "replace", traffic: "rebuild" },
  },
  provides: (r) => [`power:${at(r, "name")}`],
  claims: (r) => [`site:${at(r, "name")}`],
  flaps: (from, to) => (from.fields.fuse === to.fields.fuse ? [] : [`power:${at(to, "name")}`]),
  ...verbs("crane"),
};

/** Dies with its plant; its hook stays taken for a moment then. */
const lamp: Behaviour = {
  fields: {
    colour: { about: "of its light", way: "update", traffic: "none" },
    watts: {
      about: "how bright: more needs another lamp",
      way: (from, to) => (Number(to) > Number(from) ? "replace" : "update"),
      traffic: "none",
    },
    dust: { about: "gathers by itself", way: "elsewhere", traffic: "none" },
  },
  provides: (r) => [`lamp:${at(r, "name")}`],
  needs: (r) => [`power:${at(r, "plant")}`],
  livesOn: (r) => [`power:${at(r, "plant")}`],
  claims: (r) => [`hook:${at(r, "hook")}`],
  lingers: true,
  spawns: (r) => [
    { id: `shade:${at(r, "name")}`, kind: "shade", place: r.place, fields: { lace: "white" }, at: {}, owner: "lab" },
  ],
  ...verbs("hand"),
};

/** Comes with a lamp in white lace. */
const shade: Behaviour = {
  fields: { lace: { about: "its colour", way: "update", traffic: "none" } },
  needs: (r) => [`lamp:${r.id.slice(6)}`],
  livesOn: (r) => [`lamp:${r.id.slice(6)}`],
  ...verbs("hand"),
  create: (r, born) => (born && born.fields.lace === r.fields.lace ? [] : command("hand")(r)),
};

/** A moth at a lamp is lost when the power flickers; it comes after all lamps of its place. */
const moth: Behaviour = {
  fields: {},
  needs: (r) => [`lamp:${at(r, "lamp")}`],
  livesOn: (r) => [`lamp:${at(r, "lamp")}`],
  lostBy: (r) => [`power:${at(r, "plant")}`],
  ...verbs("net"),
};

/** A plaque on a lamp does not fall when the lamp does. */
const plaque: Behaviour = {
  fields: {},
  needs: (r) => [`lamp:${at(r, "lamp")}`],
  ...verbs("hand"),
};

export const toys: Model = new Map(Object.entries({ plant, lamp, shade, moth, plaque }));

const thing = (kind: string, name: string, fields: At, more: At, place = "hall"): Resource => ({
  id: `${kind}:${name}`,
  kind,
  place,
  fields,
  at: { name, ...more },
});

export const aPlant = (name: string, fields: At = { fuse: 10 }) => thing("plant", name, fields, {});
export const aLamp = (name: string, plantName: string, fields: At = { watts: 40 }, hook = name, place = "hall") =>
  thing("lamp", name, fields, { plant: plantName, hook }, place);
export const aShade = (name: string, lace = "white") => thing("shade", name, { lace }, {});
export const aMoth = (name: string, lampName: string, plantName: string) =>
  thing("moth", name, {}, { lamp: lampName, plant: plantName });
export const aPlaque = (name: string, lampName: string) => thing("plaque", name, {}, { lamp: lampName });

export const wish = (...all: Resource[]): State => Object.fromEntries(all.map((r) => [r.id, r]));
export const live = (...all: Resource[]): State => owned("lab", ...all);
export const owned = (owner: Owner, ...all: Resource[]): State => wish(...all.map((r) => ({ ...r, owner })));

export const plan = (from: State, to: State) => makePlan(toys, { lab: "toy", desired: to, live: from });
export const steps = (from: State, to: State) => stepsOf(plan(from, to)).map(({ action, id }) => `${action} ${id}`);
