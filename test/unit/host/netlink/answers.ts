// Answers of a kernel that is not there.
import { request } from "../../../../src/host/netlink/message.js";
import type { System } from "../../../../src/host/netlink/system.js";

export const DONE = 3;

export function message(type: number, body: Buffer, flags = 0): Buffer {
  const bytes = request(type, body);
  bytes.writeUInt16LE(flags, 6);
  return bytes;
}

export const done = (): Buffer => message(DONE, Buffer.alloc(4));

/** A system whose sockets give these answers, one after the other, and no others. */
export function answering(answers: Buffer[]): System {
  const left = [...answers];
  const no = () => {
    throw new Error("not there");
  };
  return {
    ...{ inside: no, insideNew: no, transmitChecksum: no },
    socket: () => 0,
    send: () => undefined,
    receive: (_, into) => left.shift()?.copy(into) ?? no(),
    close: () => undefined,
  };
}
