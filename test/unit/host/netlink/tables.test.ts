import { describe, expect, test } from "vitest";
import { attribute } from "../../../../src/host/netlink/message.js";
import { hasRuleset, readTable } from "../../../../src/host/netlink/tables.js";
import type { JsonObject } from "../../../../src/host/read/tool-json.js";
import { recorded } from "../recorded.js";
import { answering, DONE, done, message } from "./answers.js";

/** What the kernel answers about one table: the table, its chains, their end, its rules, their end. */
const ANSWERS = recorded("nftables-1.0.6/table-netlink.txt")
  .trim()
  .split("\n")
  .map((hex) => Buffer.from(hex, "hex"));
const [TABLE, CHAIN, , RULE] = ANSWERS as [Buffer, Buffer, Buffer, Buffer, Buffer];
const { nftables } = JSON.parse(recorded("nftables-1.0.6/table.json")) as { nftables: JsonObject[] };
const OBJECTS = nftables.slice(1);

const read = (...answers: Buffer[]) => readTable(answering(answers), 0, "netlab_demo");
/** The same object with one attribute more. */
const withAttribute = (answer: Buffer, type: number, value: Buffer) =>
  message(answer.readUInt16LE(4), Buffer.concat([answer.subarray(16), attribute(type, value)]), answer.readUInt16LE(6));
const refusal = message(DONE, Buffer.from([0xff, 0xff, 0xff, 0xff]));

describe("a table", () => {
  test("is what nft says that it is", () => expect(read(...ANSWERS)).toEqual(OBJECTS));

  test("is not there", () => expect(read(message(2, Buffer.from([0xfe, 0xff, 0xff, 0xff])))).toBeUndefined());

  test("is left to nft where the ruleset changes meanwhile", () => {
    const later = Buffer.from(RULE);
    later.writeUInt16BE(RULE.readUInt16BE(18) + 1, 18);
    expect(read(TABLE, CHAIN, done(), later, done())).toBe("unknown");
    expect(read(TABLE, CHAIN, message(DONE, Buffer.alloc(4), 0x10))).toBe("unknown");
  });

  test("is left to nft where the kernel refuses to tell", () => {
    expect(read(TABLE, refusal)).toBe("unknown");
    expect(read(TABLE, CHAIN, done(), refusal)).toBe("unknown");
  });

  test("is left to nft where one of its objects has another attribute", () => {
    const value = Buffer.alloc(4);
    expect(read(withAttribute(TABLE, 7, value), ...ANSWERS.slice(1))).toBe("unknown");
    expect(read(TABLE, withAttribute(CHAIN, 8, value), done(), RULE, done())).toBe("unknown");
    expect(read(TABLE, CHAIN, done(), withAttribute(RULE, 9, value), done())).toBe("unknown");
  });

  test("is known, whatever another one holds", () => {
    const other = withAttribute(CHAIN, 8, Buffer.alloc(4));
    other.write("another_one", other.indexOf("netlab_demo"));
    expect(read(TABLE, Buffer.concat([other, CHAIN]), done(), RULE, done())).toEqual(OBJECTS);
  });

  test("may have the version and the build of its nft in its user data, but nothing else", () => {
    const userdata = (hex: string) => read(withAttribute(TABLE, 6, Buffer.from(hex, "hex")), ...ANSWERS.slice(1));
    expect(userdata("010401010600" + "02080000000068000000")).toEqual(OBJECTS);
    expect(userdata("0003686900")).toBe("unknown");
    expect(userdata("010401010600" + "0003686900")).toBe("unknown");
    expect(userdata("0300")).toBe("unknown");
    expect(userdata("0105010106")).toBe("unknown");
    expect(userdata("010001")).toBe("unknown");
  });
});

test("the host has a ruleset, unless the kernel says that it has none", () => {
  expect(hasRuleset(answering([done()]))).toBe(false);
  expect(hasRuleset(answering([TABLE, done()]))).toBe(true);
  expect(hasRuleset(answering([message(DONE, Buffer.alloc(4), 0x10)]))).toBe(true);
  expect(hasRuleset(answering([refusal]))).toBe(true);
  expect(hasRuleset(answering([]))).toBe(true);
});
