// Runs inside a box: prints what each of the two readers of the built library says of every place, and of each nftables
// table of the family inet whether netlink alone is enough.
import { execFileSync } from "node:child_process";
import { listNamespaces } from "../../dist/host/namespaces.js";
import { loadSystem } from "../../dist/host/netlink/system.js";
import { NETLINK_NETFILTER, readTable } from "../../dist/host/netlink/tables.js";
import { thisMachine } from "../../dist/host/this-machine.js";

const places = [...listNamespaces().inodes.keys()];
const keys = [
  ...["net.ipv4.ip_forward", "net.ipv6.conf.all.forwarding", "net.ipv6.conf.all.disable_ipv6"],
  "net.ipv4.conf.lo.rp_filter",
];
/** Where settings of devices are wanted, too, these do not speak for the namespace. */
const single = (place) => (place === "each" ? ["net.ipv6.conf.lo.disable_ipv6"] : []);
const netns = (place) => (place === "host" ? "/proc/self/ns/net" : `/run/netns/${place}`);

function tablesIn(place) {
  const list = execFileSync("nsenter", [`--net=${netns(place)}`, "nft", "-j", "list", "tables"], { encoding: "utf8" });
  const tables = JSON.parse(list).nftables.flatMap(({ table }) => (table?.family === "inet" ? [table.name] : []));
  return tables.filter((name) => name.startsWith("netlab_"));
}
const tables = Object.fromEntries(places.map((place) => [place, tablesIn(place)]));

const system = await loadSystem();
function isKnown(place, table) {
  return system.inside(netns(place), () => {
    const fd = system.socket(NETLINK_NETFILTER);
    try {
      return readTable(system, fd, table) !== "unknown";
    } finally {
      system.close(fd);
    }
  });
}

const sources = [
  { rows: "link" },
  { rows: "route" },
  ...places.flatMap((place) => [
    { rows: "sysctl", place, keys: [...keys, ...single(place)] },
    ...["netlab_x", ...tables[place]].map((table) => ({ rows: "nft", place, table })),
    { rows: "offload", place },
  ]),
];
const read = (reader) => thisMachine({ reader }).observe("x", sources);
const known = Object.fromEntries(
  places.flatMap((place) => tables[place].map((table) => [`${place} ${table}`, isKnown(place, table)])),
);
process.stdout.write(JSON.stringify({ ip: await read("ip"), netlink: await read("netlink"), known }));
