// Runs inside a box: prints what each of the two readers of the built library says of every place.
import { listNamespaces } from "../../dist/host/namespaces.js";
import { thisMachine } from "../../dist/host/this-machine.js";

const places = [...listNamespaces().inodes.keys()];
const keys = [
  ...["net.ipv4.ip_forward", "net.ipv6.conf.all.forwarding", "net.ipv6.conf.all.disable_ipv6"],
  "net.ipv4.conf.lo.rp_filter",
];
/** Where settings of devices are wanted, too, these do not speak for the namespace. */
const single = (place) => (place === "each" ? ["net.ipv6.conf.lo.disable_ipv6"] : []);
const sources = [
  { rows: "link" },
  { rows: "route" },
  ...places.flatMap((place) => [
    { rows: "sysctl", place, keys: [...keys, ...single(place)] },
    { rows: "nft", place, table: "netlab_x" },
    { rows: "offload", place },
  ]),
];
const read = (reader) => thisMachine({ reader }).observe("x", sources);
process.stdout.write(JSON.stringify({ ip: await read("ip"), netlink: await read("netlink") }));
