// Netlink messages: requests out, answers and their attributes in. netlink(7), include/uapi/linux/netlink.h.
import type { System } from "./netlink-system.js";

const [NLMSG_ERROR, NLMSG_DONE] = [2, 3];
const [NLM_F_REQUEST, NLM_F_DUMP, NLM_F_DUMP_INTR] = [1, 0x300, 0x10];
const HEADER = 16;
/** The kernel fills what it is offered, up to 32 KB a message. */
const answer = Buffer.alloc(128 * 1024);

/** Attribute type → its bytes. */
export type Attributes = Map<number, Buffer>;

/** An error number that the kernel answered with. */
class NetlinkError extends Error {
  constructor(readonly errno: number) {
    super(`netlink: error ${errno}`);
  }
}

/**
 * Asks for all objects of a kind.
 * @param body the fixed part of the message, then attributes
 * @param take gets each answer's body, which is overwritten later
 * @returns false where the objects changed meanwhile: the answers are then no picture of any moment
 */
export function dump(system: System, fd: number, type: number, body: Buffer, take: (body: Buffer) => void): boolean {
  system.send(fd, message(type, NLM_F_REQUEST | NLM_F_DUMP, body));
  let whole = true;
  for (;;) {
    for (const one of messages(system.receive(fd, answer))) {
      if (one.flags & NLM_F_DUMP_INTR) whole = false;
      if (one.type === NLMSG_DONE) return whole;
      if (one.type === NLMSG_ERROR) throw new NetlinkError(-one.body.readInt32LE(0));
      take(one.body);
    }
  }
}

/** Asks for one object. @returns its body, which is overwritten later, or else the kernel's error number */
export function ask(system: System, fd: number, type: number, body: Buffer): { body?: Buffer; error?: number } {
  system.send(fd, message(type, NLM_F_REQUEST, body));
  const [first] = messages(system.receive(fd, answer));
  return first?.type === NLMSG_ERROR ? { error: -first.body.readInt32LE(0) } : { body: first!.body };
}

function message(type: number, flags: number, body: Buffer): Buffer {
  const bytes = Buffer.alloc(HEADER + body.length);
  bytes.writeUInt32LE(bytes.length, 0);
  bytes.writeUInt16LE(type, 4);
  bytes.writeUInt16LE(flags, 6);
  body.copy(bytes, HEADER);
  return bytes;
}

function* messages(size: number): Generator<{ type: number; flags: number; body: Buffer }> {
  for (let at = 0; at + HEADER <= size; ) {
    const length = answer.readUInt32LE(at);
    if (length < HEADER || at + length > size) throw new Error("netlink: a message is cut off");
    const body = answer.subarray(at + HEADER, at + length);
    yield { type: answer.readUInt16LE(at + 4), flags: answer.readUInt16LE(at + 6), body };
    at += align(length);
  }
}

/** @param from where the attributes begin */
export function attributes(bytes: Buffer, from = 0): Attributes {
  const found: Attributes = new Map();
  for (let at = from; at + 4 <= bytes.length; ) {
    const length = bytes.readUInt16LE(at);
    if (length < 4) break;
    // The two upper bits say that it is nested, or in network order.
    found.set(bytes.readUInt16LE(at + 2) & 0x3fff, bytes.subarray(at + 4, at + length));
    at += align(length);
  }
  return found;
}

export function attribute(type: number, value: Buffer): Buffer {
  const bytes = Buffer.alloc(align(4 + value.length));
  bytes.writeUInt16LE(4 + value.length, 0);
  bytes.writeUInt16LE(type, 2);
  value.copy(bytes, 4);
  return bytes;
}

export const align = (length: number): number => (length + 3) & ~3;

export const nested = (bytes: Buffer | undefined): Attributes => (bytes ? attributes(bytes) : new Map());

/** A text of the kernel ends with a zero. */
export const textOf = (bytes: Buffer): string => bytes.toString("utf8").replace(/\0+$/, "");
