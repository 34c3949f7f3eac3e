// Servers of the outside world: TCP port 80 says whose connection it is, UDP port 53 answers every name with 203.0.113.5.
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer } from "node:net";

const web = createServer((socket) => socket.end(`hello ${socket.remoteAddress}\n`)).listen(80, "::");
const names = createSocket("udp4").bind(53, "203.0.113.5");

/** The question with one answer behind it, RFC 1035 section 4.1: name as in the question, class IN, 60 seconds. */
names.on("message", (query, { address, port }) => {
  const end = query.indexOf(0, 12) + 5;
  const isA = query.readUInt16BE(end - 4) === 1;
  const head = Buffer.from(query.subarray(0, 12));
  head.writeUInt16BE(0x8180, 2);
  head.writeUInt16BE(isA ? 1 : 0, 6);
  head.writeUInt32BE(0, 8);
  const answer = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 203, 0, 113, 5]);
  names.send(Buffer.concat([head, query.subarray(12, end), ...(isA ? [answer] : [])]), port, address);
});

await Promise.all([once(web, "listening"), once(names, "listening")]);
console.log("ready");
