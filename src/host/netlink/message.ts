// Netlink messages: requests out, answers and their attributes in. netlink(7), include/uapi/linux/netlink.h.
import type { System } from "./system.js";

const [NLMSG_ERROR, NLMSG_DONE] = [2, 3];
const [NLM_F_REQUEST, NLM_F_DUMP, NLM_F_DUMP_INTR] = [1, 0x300, 0x10];
const HEADER = 16;
/** The kernel fills what it is offered, up to 32 KB a message. */
const answer = Buffer.alloc(128 * 1024);

/** An error number that the kernel answered with. */
export class NetlinkError extends Error {
  constructor(readonly errno: number) {
    super(`netlink: error ${errno}`);
  }
}

/** A stretch of what the kernel answered, which the next answer overwrites. */
type Take = (bytes: Buffer, from: number, to: number) => void;

/** A request for all objects of a kind, for `dump`. @param body the fixed part of the message, then attributes */
export const dumpRequest = (type: number, body: Buffer): Buffer => message(type, NLM_F_REQUEST | NLM_F_DUMP, body);
/** A request for one object, for `ask`. */
export const request = (type: number, body: Buffer): Buffer => message(type, NLM_F_REQUEST, body);

/**
 * Asks for all objects of a kind.
 * @param take gets the body of each answer
 * @returns false where the objects changed meanwhile: the answers are then no picture of any moment
 * @throws NetlinkError where the kernel refuses, be it after some of the objects
 */
export function dump(system: System, fd: number, asking: Buffer, take: Take): boolean {
  system.send(fd, asking);
  let whole = true;
  for (;;) {
    const size = system.receive(fd, answer);
    for (let at = 0; at + HEADER <= size; ) {
      const length = lengthAt(at, size);
      const type = answer.readUInt16LE(at + 4);
      if (answer[at + 6]! & NLM_F_DUMP_INTR) whole = false;
      if (type === NLMSG_ERROR || type === NLMSG_DONE) {
        const errno = length < HEADER + 4 ? 0 : -answer.readInt32LE(at + HEADER);
        if (type === NLMSG_ERROR || errno > 0) throw new NetlinkError(errno);
        return whole;
      }
      take(answer, at + HEADER, at + length);
      at += align(length);
    }
  }
}

/** Asks for one object. @returns its body, which is overwritten later, or else the kernel's error number */
export function ask(system: System, fd: number, asking: Buffer): { body?: Buffer; error?: number } {
  system.send(fd, asking);
  const body = answer.subarray(HEADER, lengthAt(0, system.receive(fd, answer)));
  return answer.readUInt16LE(4) === NLMSG_ERROR ? { error: -body.readInt32LE(0) } : { body };
}

function message(type: number, flags: number, body: Buffer): Buffer {
  const bytes = Buffer.alloc(HEADER + body.length);
  bytes.writeUInt32LE(bytes.length, 0);
  bytes.writeUInt16LE(type, 4);
  bytes.writeUInt16LE(flags, 6);
  body.copy(bytes, HEADER);
  return bytes;
}

function lengthAt(at: number, size: number): number {
  const length = answer.readUInt32LE(at);
  if (length < HEADER || at + length > size) throw new Error("netlink: a message is cut off");
  return length;
}

/** The first four bytes of an attribute: length and, above it, type. @throws where the attribute is cut off */
function headAt(bytes: Buffer, at: number, to: number): number {
  const head = bytes.readUInt32LE(at);
  const length = head & 0xffff;
  if (length < 4 || at + length > to) throw new Error("netlink: an attribute is cut off");
  return head;
}

/** The two upper bits say that it is nested, or in network order. */
const typeOf = (head: number): number => (head >>> 16) & 0x3fff;

/** Attributes one by one: of a list, all are of one type. @throws where one is cut off */
export function attributesOf(bytes: Buffer): [type: number, value: Buffer][] {
  const found: [number, Buffer][] = [];
  for (let at = 0; at + 4 <= bytes.length; ) {
    const head = headAt(bytes, at, bytes.length);
    const length = head & 0xffff;
    found.push([typeOf(head), bytes.subarray(at + 4, at + length)]);
    at += align(length);
  }
  return found;
}

/** Of more types of attributes than this nobody has heard: they count as type 0, which no kernel sends. */
const TYPES = 128;

/** The attributes of one message, or inside one of its attributes. They are read in place, and again for the next one. */
export class Attributes {
  private bytes: Buffer = answer;
  /** Where the value of each type begins, 0 where it is not there, and ends. */
  private readonly begins = new Int32Array(TYPES);
  private readonly ends = new Int32Array(TYPES);
  private readonly inner: Attributes[] = [];

  /** Reads those between two places of a message. @throws where one is cut off */
  read(bytes: Buffer, from: number, to: number): this {
    this.bytes = bytes;
    this.begins.fill(0);
    for (let at = from; at + 4 <= to; ) {
      const head = headAt(bytes, at, to);
      const length = head & 0xffff;
      const type = typeOf(head) < TYPES ? typeOf(head) : 0;
      this.begins[type] = at + 4;
      this.ends[type] = at + length;
      at += align(length);
    }
    return this;
  }

  has(type: number): boolean {
    return this.begins[type] !== 0;
  }

  hasOther(known: ReadonlySet<number>): boolean {
    return this.begins.some((begin, type) => begin !== 0 && !known.has(type));
  }

  /** Whether its value is there with so many bytes. */
  private holds(type: number, bytes: number): boolean {
    return this.has(type) && this.ends[type]! - this.begins[type]! >= bytes;
  }

  u8(type: number): number | undefined {
    return this.holds(type, 1) ? this.bytes[this.begins[type]!] : undefined;
  }

  /** @param offset of the number in the value */
  u32(type: number, offset = 0): number | undefined {
    return this.holds(type, offset + 4) ? this.bytes.readUInt32LE(this.begins[type]! + offset) : undefined;
  }

  i32(type: number, offset = 0): number | undefined {
    const value = this.u32(type, offset);
    return value === undefined ? undefined : value | 0;
  }

  /** A text of the kernel ends with a zero. */
  text(type: number): string | undefined {
    if (!this.has(type)) return undefined;
    let end = this.ends[type]!;
    while (end > this.begins[type]! && this.bytes[end - 1] === 0) end--;
    return this.bytes.toString("utf8", this.begins[type], end);
  }

  /** Its value, which is overwritten with the message. */
  value(type: number): Buffer | undefined {
    return this.has(type) ? this.bytes.subarray(this.begins[type], this.ends[type]) : undefined;
  }

  /** The attributes inside one; none where it is not there. */
  inside(type: number): Attributes {
    const inner = (this.inner[type] ??= new Attributes());
    return this.has(type) ? inner.read(this.bytes, this.begins[type]!, this.ends[type]!) : inner.read(this.bytes, 0, 0);
  }
}

export function attribute(type: number, value: Buffer): Buffer {
  const bytes = Buffer.alloc(align(4 + value.length));
  bytes.writeUInt16LE(4 + value.length, 0);
  bytes.writeUInt16LE(type, 2);
  value.copy(bytes, 4);
  return bytes;
}

export const align = (length: number): number => (length + 3) & ~3;
