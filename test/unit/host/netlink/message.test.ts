import { describe, expect, test } from "vitest";
import { Attributes, ask, attribute, attributesOf, dump, request } from "../../../../src/host/netlink/message.js";
import { answering, DONE, done, message } from "./answers.js";

const [OBJECT, ERROR, INTERRUPTED] = [16, 2, 0x10];
const ASKING = request(18, Buffer.alloc(4));
const u32 = (value: number) => Buffer.from(Uint32Array.of(value).buffer);
const errno = (value: number) => u32(-value >>> 0);

function dumped(...answers: Buffer[]): { whole: boolean; bodies: string[] } {
  const bodies: string[] = [];
  const whole = dump(
    answering(answers),
    0,
    ASKING,
    (bytes, from, to) => void bodies.push(bytes.toString("hex", from, to)),
  );
  return { whole, bodies };
}

describe("a dump", () => {
  const [one, two] = [message(OBJECT, u32(1)), message(OBJECT, u32(2))];

  test("comes in several answers of several messages", () => {
    const three = message(OBJECT, Buffer.from([3]));
    const bodies = ["01000000", "03", "02000000"];
    expect(dumped(Buffer.concat([one, three, Buffer.alloc(3), two]), done())).toEqual({ whole: true, bodies });
    expect(dumped(one, three, Buffer.concat([two, message(DONE, Buffer.alloc(0))]))).toEqual({ whole: true, bodies });
  });

  test("says whether the objects changed meanwhile", () => {
    expect(dumped(message(OBJECT, u32(1), INTERRUPTED), two, done()).whole).toBe(false);
    expect(dumped(one, message(DONE, u32(0), INTERRUPTED)).whole).toBe(false);
  });

  test("throws what the kernel refuses with, at once or after some of the objects", () => {
    expect(() => dumped(message(ERROR, errno(1)))).toThrow("error 1");
    expect(() => dumped(message(DONE, errno(22)))).toThrow("error 22");
    expect(() => dumped(one, message(DONE, errno(105)))).toThrow("error 105");
  });

  test("throws where a message is cut off", () => {
    expect(() => dumped(one.subarray(0, -1), done())).toThrow("a message is cut off");
    expect(() => dumped(Buffer.concat([one, Buffer.alloc(16)]), done())).toThrow("a message is cut off");
  });
});

test("an answer is an object or an error", () => {
  expect(ask(answering([message(OBJECT, u32(7))]), 0, ASKING)).toEqual({ body: u32(7) });
  expect(ask(answering([message(ERROR, errno(2))]), 0, ASKING)).toEqual({ error: 2 });
  expect(() => ask(answering([message(OBJECT, u32(7)).subarray(0, 18)]), 0, ASKING)).toThrow("a message is cut off");
});

const attributes = (bytes: Buffer, from = 0) => new Attributes().read(bytes, from, bytes.length);

describe("attributes", () => {
  test("are read by type, whatever the upper bits of it say", () => {
    const found = attributes(
      Buffer.concat([u32(0), attribute(0x8003, u32(5)), attribute(4, Buffer.from("eth0\0"))]),
      4,
    );
    expect([found.u32(3), found.text(4), found.value(4)]).toEqual([5, "eth0", Buffer.from("eth0\0")]);
    expect([found.has(5), found.u8(5), found.u32(5), found.i32(5), found.text(5), found.value(5)]).toEqual([
      false,
      ...Array(5).fill(undefined),
    ]);
  });

  test.each(["0800", "0300", "0000"])("throw where one says that it has %s bytes of six", (length) => {
    const bytes = Buffer.from(`${length}01000000`, "hex");
    expect(() => attributes(bytes)).toThrow("an attribute is cut off");
    expect(() => attributesOf(bytes)).toThrow("an attribute is cut off");
    // What comes behind is another message's.
    const further = Buffer.concat([bytes, Buffer.alloc(8)]);
    expect(() => new Attributes().read(further, 0, bytes.length)).toThrow("an attribute is cut off");
  });

  test("have no number where the value is too short for it", () => {
    const short = attribute(1, Buffer.from([1, 2, 3]));
    const found = attributes(Buffer.concat([short, attribute(2, Buffer.alloc(0)), attribute(3, u32(0xffffffff))]));
    expect([found.u8(1), found.u32(1), found.i32(1), found.u8(2)]).toEqual([1, undefined, undefined, undefined]);
    expect([found.u32(3), found.i32(3), found.i32(3, 4)]).toEqual([0xffffffff, -1, undefined]);
  });

  test.each([127, 128, 0x3fff])("of type %i are others than the known ones", (type) => {
    const found = attributes(Buffer.concat([attribute(1, u32(1)), attribute(type, u32(1))]));
    expect([found.hasOther(new Set([1])), found.hasOther(new Set([1, 127]))]).toEqual([true, type > 127]);
  });

  test("inside one leave those beside it as they are", () => {
    const list = (value: number) => attribute(2, attribute(1, u32(value)));
    const found = attributes(Buffer.concat([attribute(1, u32(1)), list(2), attribute(3, u32(3))]));
    expect([found.inside(2).u32(1), found.u32(1), found.inside(2).has(3), found.u32(3)]).toEqual([2, 1, false, 3]);
    expect(found.inside(4).has(1)).toBe(false);
    // Nothing of an earlier message is left.
    expect(found.read(list(4), 0, list(4).length).inside(2).u32(1)).toBe(4);
    expect(found.read(Buffer.alloc(0), 0, 0).inside(2).has(1)).toBe(false);
  });

  test("of a list are read one by one", () => {
    const list = Buffer.concat([attribute(1, Buffer.from([1])), attribute(1, u32(2))]);
    expect(attributesOf(list)).toEqual([
      [1, Buffer.from([1])],
      [1, u32(2)],
    ]);
  });
});
