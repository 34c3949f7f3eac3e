// Plans over the toys: what is lost with what, what comes before what, what is in the way, what travels together.
import { expect, test } from "vitest";
import { isEmpty, makePlan } from "../../../src/core/planner.js";
import type { State } from "../../../src/core/resource.js";
import { simulate, stepsOf } from "../../../src/core/simulate.js";
import { aLamp, aMoth, aPlant, aPlaque, aShade, live, owned, plan, steps, toys, wish } from "./toy.js";

const [p, q] = [aPlant("p"), aPlant("q")];

const planWith = (model: typeof toys, desired: ReturnType<typeof wish>, from = live()) =>
  makePlan(model, { lab: "toy", desired, live: from });

test("what is needed is made first, whatever the order of the file", () => {
  const all = [aMoth("m", "l", "p"), aLamp("l", "p"), p];
  expect(steps({}, wish(...all))).toEqual(["create plant:p", "create lamp:l", "create moth:m"]);
  expect(plan({}, wish(...all.reverse()))).toMatchObject({ stages: plan({}, wish(...all)).stages });
});

test("what lives on a thing goes with it and needs no command", () => {
  const { changes } = plan(live(p, aLamp("l", "p"), aMoth("m", "l", "p")), {});
  expect(steps(live(p, aLamp("l", "p"), aMoth("m", "l", "p")), {})).toEqual(["delete plant:p"]);
  expect(changes.map(({ id, goesWith }) => [id, goesWith])).toEqual([
    ["plant:p", undefined],
    ["lamp:l", "plant:p"],
    ["moth:m", "lamp:l"],
  ]);
});

test("what would be left behind as a remnant is deleted before", () => {
  expect(steps(live(p, aLamp("l", "p"), aPlaque("b", "l")), {})).toEqual(["delete plaque:b", "delete plant:p"]);
});

test("what is lost with a replacement is made again, with the reason", () => {
  const [burnsCoal, burnsGas] = [aPlant("p", { fuel: "coal" }), aPlant("p", { fuel: "gas" })];
  const state = (plant: typeof p) => [plant, aLamp("l", "p"), aPlaque("b", "l")];
  expect(steps(live(...state(burnsCoal)), wish(...state(burnsGas)))).toEqual([
    "delete plaque:b",
    // Its hook is wanted again, and would be taken for a moment.
    "delete lamp:l",
    "delete plant:p",
    "create plant:p",
    "create lamp:l",
    "create plaque:b",
  ]);
  const { changes } = plan(live(...state(burnsCoal)), wish(...state(burnsGas)));
  expect(changes.map(({ action, id, traffic, reason }) => [action, id, traffic, reason])).toEqual([
    ["replace", "plant:p", "rebuild", undefined],
    ["create", "lamp:l", "rebuild", "lost with plant:p"],
    ["create", "plaque:b", "rebuild", "lost with lamp:l"],
  ]);
});

test("what is made again differently says how", () => {
  const before = live(aPlant("p", { fuel: "coal" }), aLamp("l", "p", { colour: "red" }));
  const wanted = wish(aPlant("p", { fuel: "gas" }), aLamp("l", "p", { colour: "blue" }));
  expect(plan(before, wanted).changes.find(({ id }) => id === "lamp:l")).toMatchObject({
    action: "create",
    fields: [{ field: "colour", from: "red", to: "blue" }],
    reason: "lost with plant:p",
  });
});

test("an interruption ends what cannot bear it; that is made again, after it", () => {
  const state = (fuse: number) => [aPlant("p", { fuse }), aLamp("l", "p"), aMoth("m", "l", "p")];
  expect(steps(live(...state(10)), wish(...state(16)))).toEqual(["update plant:p", "create lamp:l", "create moth:m"]);
  const { changes, stages } = plan(live(...state(10)), wish(...state(16)));
  expect(changes.find(({ id }) => id === "moth:m")?.reason).toBe("lost when an update interrupts plant:p");
  expect(stages[0]!.batches[0]!.steps[0]!.flaps).toEqual(["power:p"]);
});

test("what is new and would be interrupted is made after the interruption", () => {
  const before = live(aPlant("p", { fuse: 10 }));
  const wanted = wish(aPlant("p", { fuse: 16 }), aLamp("l", "p"), aMoth("m", "l", "p"));
  expect(steps(before, wanted)).toEqual(["update plant:p", "create lamp:l", "create moth:m"]);
});

test("a name that is wanted is freed first; one that lingers after an implied death by a command of its own", () => {
  const before = live(p, q, aLamp("old", "p", {}, "hook"));
  expect(steps(before, wish(q, aLamp("new", "q", {}, "hook")))).toEqual([
    "delete lamp:old",
    "create lamp:new",
    "delete plant:p",
  ]);
  // Where nobody wants the hook, the lamp goes with its plant.
  expect(steps(before, wish(q, aLamp("new", "q", {}, "another")))).toEqual(["delete plant:p", "create lamp:new"]);
});

test("what comes as it is wanted needs no command and is no news", () => {
  const wanted = wish(p, aLamp("l", "p"), aShade("l"));
  expect(plan({}, wanted).changes.map(({ id }) => id)).toEqual(["plant:p", "lamp:l"]);
  const black = plan({}, wish(p, aLamp("l", "p"), aShade("l", "black")));
  expect(black.changes.map(({ id }) => id)).toEqual(["plant:p", "lamp:l", "shade:l"]);
});

test("strangers in the way are conflicts, once each, and never touched", () => {
  const wanted = wish(p, aLamp("l", "p"));
  const unmarked = plan(owned("none", p, aLamp("l", "p")), wanted);
  expect(unmarked.conflicts).toMatchObject([
    { id: "plant:p", holder: "plant:p", hint: expect.stringContaining("--adopt") },
  ]);
  const others = plan(owned({ lab: "other" }, { ...p, place: "cellar" }), wanted);
  expect(others.conflicts).toMatchObject([
    { id: "plant:p", lab: "other", hint: expect.stringContaining("netlab destroy --lab other") },
  ]);
  const hook = plan({ ...live(p), ...owned("none", aLamp("theirs", "p", {}, "l")) }, wanted);
  expect(hook.conflicts).toMatchObject([{ id: "lamp:l", holder: "lamp:theirs" }]);
  expect(hook.conflicts[0]!.message).toContain("lamp:theirs is there already in the namespace hall");
  expect(stepsOf(plan(owned("none", p), {}))).toEqual([]);
});

test("where all that is in the way carries one lab, and this one is new, it may have been renamed", () => {
  const wanted = wish(p, aLamp("l", "p"));
  const hintOf = (from: State) => plan(from, wanted).conflicts.map(({ hint }) => hint);
  const renamed = expect.stringMatching(/carries the lab other: was it renamed\?.*netlab destroy --lab other/);
  expect(hintOf(owned({ lab: "other" }, p, aLamp("l", "p")))).toEqual([renamed]);
  expect(hintOf({ ...owned({ lab: "other" }, p), ...live(aLamp("m", "q")) })).not.toContainEqual(renamed);
  const two = { ...owned({ lab: "other" }, p), ...owned({ lab: "third" }, aLamp("theirs", "q", {}, "l")) };
  expect(hintOf(two)).not.toContainEqual(renamed);
  // Another lab, which has one thing that this one wants, too.
  const another = owned({ lab: "other" }, p, aLamp("m", "p"), aLamp("n", "p"));
  expect(hintOf(another)).toEqual([expect.stringMatching(/^Destroy that lab/)]);
  // One of which nearly nothing is there.
  const more = [p, q, aPlant("r"), aPlant("s")];
  const hints = plan(owned({ lab: "other" }, p), wish(...more)).conflicts.map(({ hint }) => hint);
  expect(hints).toEqual([expect.stringMatching(/^Destroy that lab/)]);
});

test("what was adopted is ours: equal, it is left as it is", () => {
  expect(isEmpty(plan(live(p), wish(p)))).toBe(true);
});

test("a circle is a mistake in netlab, and named", () => {
  const round = new Map(toys);
  round.set("plant", { ...toys.get("plant")!, needs: () => ["lamp:l"] });
  const desired = wish(p, aLamp("l", "p"));
  expect(() => stepsOf(planWith(round, desired))).toThrow(/^the plan has a circle through create (plant:p|lamp:l)$/);
});

test("the commands of one step are of one lane", () => {
  const torn = new Map(toys);
  const two = (r: typeof p) => [
    { tool: "crane", place: r.place, args: [] },
    { tool: "hand", place: r.place, args: [] },
  ];
  torn.set("plant", { ...toys.get("plant")!, create: two });
  expect(() => planWith(torn, wish(p))).toThrow("create plant:p is not of one lane");
});

test("steps of one tool in one place travel together, those of others side by side", () => {
  const lamps = ["a", "b", "c"].map((name) => aLamp(name, "p"));
  const away = ["d", "e"].map((name) => aLamp(name, "p", {}, name, "garden"));
  const { stages } = plan({}, wish(...away, ...lamps, p));
  const shape = stages.map(({ batches }) =>
    batches.map(({ tool, place, steps: all }) => `${tool} ${place} ${all.map(({ id }) => id).join(" ")}`),
  );
  expect(shape).toEqual([["crane hall plant:p"], ["hand hall lamp:a lamp:b lamp:c", "hand garden lamp:d lamp:e"]]);
  expect(stepsOf({ ...plan({}, wish(p)), stages }).map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6]);
});

test("a batch that nobody waits for joins a later one of its lane", () => {
  // b's plant is there, a's is not: both lamps can be hung in one go.
  const { stages } = plan(live(q), wish(p, q, aLamp("a", "p"), aLamp("b", "q")));
  expect(stages.map(({ batches }) => batches.map(({ tool, steps: all }) => [tool, all.length]))).toEqual([
    [["crane", 1]],
    [["hand", 2]],
  ]);
});

test("what nobody waits for in a long batch runs beside those that wait for the rest of it", () => {
  const shape = (size: number, model = toys) => {
    const names = Array.from({ length: size }, (_, i) => `l${i}`);
    const things = names.map((name) => [aLamp(name, "p"), aPlaque(name, name), aMoth(name, name, "p")]);
    const { stages } = planWith(model, wish(p, ...things.flat()));
    return stages.map(({ batches }) => batches.map(({ tool, steps: all }) => `${tool} ${all.length}`));
  };
  expect(shape(100)).toEqual([["crane 1"], ["hand 100"], ["net 100", "hand 100"]]);
  expect(shape(99)).toEqual([["crane 1"], ["hand 198"], ["net 99"]]);
  const atomic = new Map(toys);
  for (const kind of ["lamp", "plaque"]) atomic.set(kind, { ...toys.get(kind)!, atomic: true });
  expect(shape(100, atomic)).toEqual([["crane 1"], ["hand 200"], ["net 100"]]);
});

test("a long batch that would run alone is made in two, neither of which waits for the other", () => {
  const loose = new Map(toys);
  for (const kind of ["lamp", "plaque"]) loose.set(kind, { ...toys.get(kind)!, anyOrder: true });
  const halves = (size: number, model: typeof toys = loose) => {
    const names = Array.from({ length: size }, (_, i) => `l${i}`);
    const things = names.flatMap((name) => [aLamp(name, "p"), aPlaque(name, name)]);
    const { stages } = planWith(model, wish(p, ...things));
    return stages[1]!.batches.map(({ tool, steps: all }) => ({ tool, ids: new Set(all.map(({ id }) => id)) }));
  };
  const [first, second] = halves(100);
  expect([first!.tool, first!.ids.size, second!.tool, second!.ids.size]).toEqual(["hand", 100, "hand", 100]);
  for (const { ids } of [first!, second!])
    for (const id of ids)
      expect(ids).toContain(id.replace(/^(lamp|plaque):/, (_, kind) => (kind === "lamp" ? "plaque:" : "lamp:")));
  expect(halves(99)).toHaveLength(1);
  expect(halves(100, toys)).toHaveLength(1);
  // All on one lamp: one waits for the other.
  const plaques = Array.from({ length: 300 }, (_, i) => aPlaque(`q${i}`, "l"));
  expect(planWith(loose, wish(p, aLamp("l", "p"), ...plaques), live(p)).stages[0]!.batches).toHaveLength(1);
  // Beside others it runs as one.
  const names = Array.from({ length: 250 }, (_, i) => `l${i}`);
  const others = names.flatMap((name) => [aLamp(name, "p"), aMoth(name, name, "p"), aPlaque(name, name)]);
  const shape = planWith(loose, wish(p, ...others)).stages.map(({ batches }) => batches.map(({ tool }) => tool));
  expect(shape).toEqual([["crane"], ["hand", "hand"], ["net", "hand"]]);
});

test("what makes room stays before what may need it, however long the batch", () => {
  const numbers = Array.from({ length: 100 }, (_, i) => i);
  const old = numbers.map((i) => aLamp(`old${i}`, "p"));
  const plaques = numbers.map((i) => aPlaque(`plaque${i}`, `old${i}`));
  const made = numbers.flatMap((i) => [aLamp(`new${i}`, "p"), aMoth(`moth${i}`, `new${i}`, "p")]);
  const { stages } = plan(live(p, ...old, ...plaques), wish(p, ...old, ...made));
  const shape = stages.map(({ batches }) =>
    batches.map(({ tool, steps: all }) => [tool, ...new Set(all.map(({ action }) => action))].join(" ")),
  );
  expect(shape).toEqual([["hand delete create"], ["net create"]]);
});

test("in one transaction nothing takes what another step frees", () => {
  const atomic = new Map(toys);
  atomic.set("lamp", { ...toys.get("lamp")!, atomic: true });
  const [dim, bright] = [aLamp("l", "p", { watts: 40 }), aLamp("l", "p", { watts: 60 })];
  expect(planWith(atomic, wish(p, bright), live(p, dim)).stages.length).toBe(2);
  expect(plan(live(p, dim), wish(p, bright)).stages.length).toBe(1);
});

test("names are ordered as people count, and the same input gives the same plan", () => {
  const plants = ["p10", "p9", "p1"].map((name) => aPlant(name));
  expect(steps({}, wish(...plants))).toEqual(["create plant:p1", "create plant:p9", "create plant:p10"]);
  const wanted = wish(p, aLamp("l", "p"), aShade("l", "black"), aMoth("m", "l", "p"));
  expect(JSON.stringify(plan(live(q), wanted))).toBe(JSON.stringify(plan(live(q), wanted)));
});

test("simulation: what dies, dies at once; what is made carries our mark; what is not set stays", () => {
  const before = live(aPlant("p", { fuse: 10, fuel: "coal" }), aLamp("l", "p"), aPlaque("b", "l"));
  const only = (action: "delete" | "update" | "create", id: string) => [{ number: 1, action, id, commands: [] }];
  expect(Object.keys(simulate(toys, before, {}, only("delete", "plant:p")))).toEqual(["plaque:b"]);
  const after = simulate(toys, before, wish(aPlant("p", { fuse: 16 })), only("update", "plant:p"));
  expect(after["plant:p"]).toMatchObject({ owner: "lab", fields: { fuse: 16, fuel: "coal" } });
  const made = simulate(toys, live(p), wish({ ...aLamp("l", "p"), origin: "/l" }), only("create", "lamp:l"));
  expect(made["lamp:l"]).toEqual({ ...aLamp("l", "p"), owner: "lab" });
  expect(made["shade:l"]?.fields).toEqual({ lace: "white" });
  expect(Object.keys(before)).toHaveLength(3);
});
