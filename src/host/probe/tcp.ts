// The client of a TCP probe: connects, and where a listener of ours is behind it, sees that data comes through unchanged.
import { randomBytes } from "node:crypto";
import { connect as open, type Socket } from "node:net";
import type { Outcome, Target } from "./outcome.js";

/** Enough for segmentation and checksum offload to take part: what breaks them lets small packets through. */
const TOKEN_BYTES = 128 * 1024;

/** What connect(2) says when nothing answers, a router answers no, or a route or the lack of one or of an address does. */
const UNREACHABLE: Record<string, string> = {
  ETIMEDOUT: "timed out",
  EHOSTUNREACH: "No route to host",
  EHOSTDOWN: "Host is down",
  ENETUNREACH: "Network is unreachable",
  EACCES: "Permission denied",
  EINVAL: "Invalid argument",
  EADDRNOTAVAIL: "Cannot assign requested address",
};

/** Connects to `target` from the namespace of this process; all of it within `seconds`. Never throws. */
export function connect(target: Target, seconds: number): Promise<Outcome> {
  return new Promise((resolve) => {
    const socket = open({ host: target.address, port: target.port });
    let connected = false;
    const end = (outcome: Outcome) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(outcome);
    };
    const timer = setTimeout(() => end(tooLate(connected, seconds)), seconds * 1000);
    socket.on("error", (error: NodeJS.ErrnoException) => end(failed(connected, error)));
    socket.on("connect", () => {
      connected = true;
      if (target.listener === undefined) end({ is: "ok", got: "connected" });
      else converse(socket, target.listener, end);
    });
  });
}

/** Sends a random token and compares what comes back: one line of JSON about the listener and us, then the token. */
function converse(socket: Socket, listener: string, end: (outcome: Outcome) => void): void {
  const token = randomBytes(TOKEN_BYTES);
  const received: Buffer[] = [];
  socket.on("data", (chunk) => received.push(chunk));
  socket.on("end", () => end(compare(Buffer.concat(received), token, listener)));
  socket.end(token);
}

function compare(reply: Buffer, token: Buffer, listener: string): Outcome {
  const cut = reply.indexOf("\n");
  const hello = parseHello(reply.subarray(0, Math.max(cut, 0)).toString());
  if (hello === undefined) return { is: "broken", got: `connected, but not to the listener in ${listener}` };
  if (hello.listener !== listener) return { is: "broken", got: `connected, but to the listener in ${hello.listener}` };
  if (!reply.subarray(cut + 1).equals(token)) return { is: "broken", got: "connected, but the data came back changed" };
  return { is: "ok", got: `seen as ${hello.peer}`, seenAs: hello.peer };
}

/** The listener's first line; undefined where something else answered. */
function parseHello(line: string): { listener: string; peer: string } | undefined {
  try {
    const { listener, peer } = JSON.parse(line);
    return typeof listener === "string" && typeof peer === "string" ? { listener, peer } : undefined;
  } catch {
    return undefined;
  }
}

function tooLate(connected: boolean, seconds: number): Outcome {
  if (!connected) return { is: "unreachable", got: "timed out" };
  return { is: "broken", got: `connected, but the data did not come back in ${seconds} s` };
}

function failed(connected: boolean, error: NodeJS.ErrnoException): Outcome {
  const code = error.code ?? "";
  if (connected) return { is: "broken", got: `connected, then ${code || error.message}` };
  if (code === "ECONNREFUSED") return { is: "refused", got: "refused" };
  const words = UNREACHABLE[code];
  if (words !== undefined) return { is: "unreachable", got: words };
  return { is: "impossible", got: error.message };
}
