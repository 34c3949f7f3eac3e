// The few system calls that Node has not, through koffi: entering a network namespace and talking to a netlink socket.
import { closeSync, openSync } from "node:fs";
import { createRequire } from "node:module";
import { endianness } from "node:os";
import type Koffi from "koffi";

/** include/linux/sched.h */
const CLONE_NEWNET = 0x40000000;
const AF_NETLINK = 16;
const SOCK_RAW_CLOEXEC = 0x80003;
const [SOL_SOCKET, SO_RCVTIMEO, SO_RCVBUF, SOL_NETLINK, NETLINK_GET_STRICT_CHK] = [1, 20, 8, 270, 12];
const SIOCETHTOOL = 0x8946;
const ETHTOOL_GTXCSUM = 0x16;

/** Seconds; the kernel answers at once. */
const PATIENCE = 10;

export interface System {
  /** Calls `work` with this thread in a namespace; it must not wait for anything. @throws where it cannot be entered */
  inside<T>(path: string, work: () => T): T;
  /** Calls `work` with this thread in a new namespace, which ends with it. @throws without the right to make one */
  insideNew<T>(work: () => T): T;
  /** A netlink socket of the namespace that this thread is in; it keeps it wherever the thread goes. netlink(7) */
  socket(protocol: number): number;
  send(fd: number, message: Buffer): void;
  /** @returns how many bytes came */
  receive(fd: number, into: Buffer): number;
  close(fd: number): void;
  /** Whether a device of the socket's namespace leaves transmit checksums to the hardware: ethtool(8) `tx-checksumming`. */
  transmitChecksum(fd: number, device: string): boolean;
}

let loaded: Promise<System | undefined> | undefined;

/** Undefined where koffi, an optional dependency, has no binary for this platform. */
export function loadSystem(): Promise<System | undefined> {
  loaded ??= bind().catch(() => undefined);
  return loaded;
}

async function bind(): Promise<System | undefined> {
  if (endianness() !== "LE") return undefined;
  const koffi: typeof Koffi = createRequire(import.meta.url)("koffi");
  const lib = koffi.load(null);
  const setns = lib.func("int setns(int, int)");
  const unshare = lib.func("int unshare(int)");
  const socket = lib.func("int socket(int, int, int)");
  const setsockopt = lib.func("int setsockopt(int, int, int, const void *, unsigned int)");
  const send = lib.func("long send(int, const void *, size_t, int)");
  const recv = lib.func("long recv(int, void *, size_t, int)");
  const ioctl = lib.func("int ioctl(int, unsigned long, void *)");
  const home = openSync("/proc/thread-self/ns/net", "r");
  const good = (result: number, call: string): number => {
    if (result < 0) throw new Error(`${call}: error ${koffi.errno()}`);
    return result;
  };
  /** A child that is started while this thread is elsewhere would be born there: better no netlab than that. */
  const away = <T>(work: () => T): T => {
    try {
      return work();
    } finally {
      if (setns(home, CLONE_NEWNET) !== 0) process.abort();
    }
  };
  const [patience, room, yes] = [Buffer.alloc(16), number(1 << 20), number(1)];
  patience.writeBigInt64LE(BigInt(PATIENCE));
  const ifreq = Buffer.alloc(40);
  const value = Buffer.alloc(8);
  return {
    inside(path, work) {
      const there = openSync(path, "r");
      try {
        good(setns(there, CLONE_NEWNET), "setns");
      } finally {
        closeSync(there);
      }
      return away(work);
    },
    insideNew(work) {
      good(unshare(CLONE_NEWNET), "unshare");
      return away(work);
    },
    socket(protocol) {
      const fd = good(socket(AF_NETLINK, SOCK_RAW_CLOEXEC, protocol), "socket");
      setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, patience, patience.length);
      setsockopt(fd, SOL_SOCKET, SO_RCVBUF, room, 4);
      setsockopt(fd, SOL_NETLINK, NETLINK_GET_STRICT_CHK, yes, 4);
      return fd;
    },
    send: (fd, message) => void good(send(fd, message, message.length, 0), "send"),
    receive: (fd, into) => good(recv(fd, into, into.length, 0), "recv"),
    close: (fd) => closeSync(fd),
    transmitChecksum(fd, device) {
      value.writeUInt32LE(ETHTOOL_GTXCSUM, 0);
      ifreq.fill(0);
      ifreq.write(device, 0, 15);
      ifreq.writeBigUInt64LE(koffi.address(value), 16);
      return ioctl(fd, SIOCETHTOOL, ifreq) === 0 && value.readUInt32LE(4) !== 0;
    },
  };
}

function number(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes;
}
