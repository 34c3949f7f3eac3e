// Ports of 127.0.0.1 outside a sandbox that lead to a `forward` of its root namespace.
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { connect, createServer } from "node:net";
import { HOST, type Lab } from "../../topology/lab.js";
import { MachineError } from "../machine.js";

export interface Published {
  protocol: "tcp" | "udp";
  port: number;
  /** Where the lab forwards it to. */
  to: string;
  toPort: number;
}

/** 127.0.0.1 is IPv4, and so is what it can lead to; an address of its own to listen on is not where it comes in. */
export function publishedPorts({ host }: Pick<Lab, "host">): Published[] {
  return (host.nat?.forward ?? []).flatMap(({ family, address, protocol, port, to, toPort }) =>
    family === 4 && address === undefined && port !== undefined && (protocol === "tcp" || protocol === "udp")
      ? [{ protocol, port, to, toPort: toPort ?? port }]
      : [],
  );
}

/**
 * Tries all of them, and gives them back.
 * @throws MachineError that names every port that cannot be had, and why
 */
export async function requireFree(published: Published[]): Promise<void> {
  const trials = await Promise.all(published.map(async (one) => ({ ...one, code: await tryPort(one) })));
  const name = ({ protocol, port }: Published) => `127.0.0.1:${port}/${protocol}`;
  const forbidden = trials.filter(({ code }) => code === "EACCES");
  if (forbidden.length > 0) {
    throw new MachineError(`${forbidden.map(name).join(", ")}: an ordinary user may not listen there`, {
      hint: `take a port from 1024 in ${HOST}.nat.forward, or: sudo sysctl -w net.ipv4.ip_unprivileged_port_start=${Math.min(...forbidden.map(({ port }) => port))}`,
    });
  }
  const taken = trials.filter(({ code }) => code !== undefined);
  if (taken.length === 0) return;
  throw new MachineError(`${taken.map(name).join(", ")}: another program of this machine listens there`, {
    hint: `ss -ltunp shows which; end it, or take another port in ${HOST}.nat.forward`,
  });
}

/** @returns the code of what went wrong, listen(2) */
async function tryPort({ protocol, port }: Published): Promise<string | undefined> {
  const socket = protocol === "tcp" ? createServer() : createSocket("udp4");
  try {
    const listening = once(socket, "listening");
    if ("listen" in socket) socket.listen({ host: "127.0.0.1", port, exclusive: true });
    else socket.bind({ address: "127.0.0.1", port, exclusive: true });
    await listening;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  }
  await new Promise<void>((resolve) => socket.close(() => resolve()));
  return undefined;
}

/**
 * Asks slirp4netns to publish them: slirp4netns(1), API SOCKET.
 * @throws MachineError with its words
 */
export async function askSlirp(path: string, published: Published[]): Promise<void> {
  for (const { protocol, port } of published) {
    const words = { proto: protocol, host_addr: "127.0.0.1", host_port: port };
    const call = { execute: "add_hostfwd", arguments: { ...words, guest_port: port } };
    const answer = JSON.parse(await ask(path, JSON.stringify(call))) as { error?: { desc: string } };
    if (answer.error) throw new MachineError(`127.0.0.1:${port}/${protocol} cannot be published: ${answer.error.desc}`);
  }
}

/** One question a connection. */
async function ask(path: string, question: string): Promise<string> {
  const socket = connect(path);
  const chunks: Buffer[] = [];
  socket.on("data", (chunk: Buffer) => chunks.push(chunk));
  socket.setTimeout(5000, () => socket.destroy(new Error("slirp4netns does not answer")));
  const closed = once(socket, "close");
  socket.end(question);
  await closed;
  return Buffer.concat(chunks).toString("utf8");
}
