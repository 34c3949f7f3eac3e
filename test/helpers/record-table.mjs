// Runs inside a box: prints what the kernel answers while the built library reads a table, in hexadecimal.
// node record-table.mjs TABLE
import { loadSystem } from "../../dist/host/netlink/system.js";
import { NETLINK_NETFILTER, readTable } from "../../dist/host/netlink/tables.js";

const system = await loadSystem();
const answers = [];
const recording = {
  ...system,
  receive(fd, into) {
    const size = system.receive(fd, into);
    answers.push(into.toString("hex", 0, size));
    return size;
  },
};
const fd = system.socket(NETLINK_NETFILTER);
readTable(recording, fd, process.argv[2]);
system.close(fd);
process.stdout.write(answers.map((answer) => `${answer}\n`).join(""));
