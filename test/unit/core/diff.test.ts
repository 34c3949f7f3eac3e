// What differs: on declared fields, of what is ours or the kernel's.
import { expect, test } from "vitest";
import { diff } from "../../../src/core/diff.js";
import { aLamp, aPlant, live, owned, plan, toys, wish } from "./toy.js";

const actions = (from: Parameters<typeof diff>[2], to: Parameters<typeof diff>[1]) =>
  diff(toys, to, from).map(({ action, id }) => `${action} ${id}`);

test("what is not there is created, what is not wanted deleted", () => {
  expect(actions(live(aPlant("old")), wish(aPlant("new")))).toEqual(["create plant:new", "delete plant:old"]);
});

test("what is not declared is right as it is", () => {
  expect(actions(live(aPlant("p", { fuse: 10, fuel: "coal" })), wish(aPlant("p", { fuse: 10 })))).toEqual([]);
});

test("a field says itself how it is changed, one that another changes is passed over", () => {
  const lamp = (fields: { [key: string]: number | string }) => aLamp("l", "p", fields);
  expect(actions(live(lamp({ watts: 60 })), wish(lamp({ watts: 40 })))).toEqual(["update lamp:l"]);
  expect(actions(live(lamp({ watts: 40 })), wish(lamp({ watts: 60 })))).toEqual(["replace lamp:l"]);
  expect(actions(live(lamp({ watts: 40, colour: "red" })), wish(lamp({ watts: 60, colour: "blue" })))).toEqual([
    "replace lamp:l",
  ]);
  expect(actions(live(lamp({ dust: 1 })), wish(lamp({ dust: 0 })))).toEqual([]);
});

test("what belongs to others is neither there nor in excess", () => {
  expect(actions(owned("none", aPlant("p")), wish(aPlant("p")))).toEqual(["create plant:p"]);
  expect(actions(owned({ lab: "other" }, aPlant("p")), {})).toEqual([]);
});

test("what the kernel made is good for a wish, is changed, and is never deleted", () => {
  expect(actions(owned("ambient", aPlant("p")), wish(aPlant("p")))).toEqual([]);
  expect(actions(owned("ambient", aPlant("p")), wish(aPlant("p", { fuse: 16 })))).toEqual(["update plant:p"]);
  expect(actions(owned("ambient", aPlant("p")), {})).toEqual([]);
});

test("a field or a kind that nobody has described is a mistake in netlab", () => {
  expect(() => actions(live(aPlant("p")), wish(aPlant("p", { colour: "red" })))).toThrow('no field "colour"');
  expect(() => plan(live({ ...aPlant("p"), kind: "ghost" }), {})).toThrow('no kind "ghost" is registered');
});
