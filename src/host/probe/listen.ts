// The listener of a TCP probe: tells each client who it is and from where it sees it, and sends its data back.
import { createServer, type Server, type Socket } from "node:net";
import type { Outcome } from "./outcome.js";

/** A client that sends more is none of ours. */
const MOST_BYTES = 4 * 1024 * 1024;

export interface Listener {
  outcome: Outcome;
  /** Frees the port before it returns. */
  close(): void;
}

/**
 * Listens on `port` of every address of both families, in the namespace of this process. `name` is what clients are told.
 * libuv clears IPV6_V6ONLY, so the sysctl bindv6only does not matter; where the kernel has no IPv6, IPv4 alone is used.
 */
export async function listen(port: number, name: string): Promise<Listener> {
  const both = await listenOn("::", port, name);
  if (both.code !== "EAFNOSUPPORT" && both.code !== "EADDRNOTAVAIL") return both;
  return listenOn("0.0.0.0", port, name);
}

function listenOn(host: string, port: number, name: string): Promise<Listener & { code?: string }> {
  const clients = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    clients.add(socket);
    socket.on("close", () => clients.delete(socket));
    echo(socket, name);
  });
  const close = () => {
    server.close();
    for (const socket of clients) socket.destroy();
  };
  return new Promise((resolve) => {
    server.on("error", (error: NodeJS.ErrnoException) =>
      resolve({ outcome: refusal(error, port), code: error.code, close }),
    );
    listenExclusively(server, host, port, () => resolve({ outcome: { is: "ok", got: "listening" }, close }));
  });
}

function listenExclusively(server: Server, host: string, port: number, ready: () => void): void {
  server.listen({ host, port, ipv6Only: false, exclusive: true }, ready);
}

function echo(socket: Socket, name: string): void {
  const received: Buffer[] = [];
  let size = 0;
  // An IPv4 client of a socket of both families is seen as ::ffff:192.0.2.1 (ipv6(7)).
  const peer = (socket.remoteAddress ?? "").replace(/^::ffff:(?=\d+\.)/, "");
  socket.on("error", () => socket.destroy());
  socket.on("data", (chunk) => {
    received.push(chunk);
    size += chunk.length;
    if (size > MOST_BYTES) socket.destroy();
  });
  socket.on("end", () => {
    socket.write(`${JSON.stringify({ listener: name, peer })}\n`);
    socket.end(Buffer.concat(received));
  });
}

function refusal(error: NodeJS.ErrnoException, port: number): Outcome {
  if (error.code === "EADDRINUSE") return { is: "impossible", got: `port ${port} is already taken` };
  if (error.code === "EACCES") return { is: "impossible", got: `listening on port ${port} needs root` };
  return { is: "impossible", got: error.message };
}
