// A TCP stream that can be seen to live: `stream.mjs listen PORT` echoes; `stream.mjs ADDRESS PORT ENOUGH` sends a number every
// few milliseconds until the file ENOUGH is there, then prints how many came back and the longest silence, in milliseconds.
import { existsSync } from "node:fs";
import { connect, createServer } from "node:net";

const [first, port, enough] = process.argv.slice(2);
if (first === "listen") createServer((socket) => socket.pipe(socket)).listen(Number(port), () => console.log("ready"));
else stream();

function stream() {
  const socket = connect({ host: first, port: Number(port), noDelay: true });
  let [sent, back, last, silence, open] = [0, "", 0, 0, true];
  const timer = setInterval(() => {
    open = !existsSync(enough);
    if (!open) clearInterval(timer);
    socket.write(`${sent++}\n`);
  }, 2);
  socket.on("connect", () => {
    last = performance.now();
    console.log("ready");
  });
  socket.on("data", (chunk) => {
    back += chunk;
    silence = Math.max(silence, performance.now() - last);
    last = performance.now();
    if (!open && back.split("\n").length > sent) end();
  });
  socket.on("error", (error) => {
    console.log(JSON.stringify({ error: error.message }));
    process.exit(1);
  });
  const end = () => {
    const whole = back
      .split("\n")
      .slice(0, -1)
      .every((line, index) => line === String(index));
    console.log(JSON.stringify({ sent, whole, silence: Math.round(silence) }));
    process.exit(0);
  };
}
