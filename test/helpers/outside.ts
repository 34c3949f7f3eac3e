// An outside world for a box, which has none: a router and servers behind it, with IPv4, IPv6 and names.
import path from "node:path";
import type { Box } from "./box.js";

const SERVER = path.resolve(import.meta.dirname, "outside-server.mjs");

/** Addresses of the server: TCP port 80, and every name. */
export const OUTSIDE = { 4: "203.0.113.5", 6: "2001:db8:5::5" };
/** The box's own addresses towards it. */
export const BOX = { 4: "198.51.100.2", 6: "2001:db8:1::2" };

/** Gives the box default routes, a name server, and something behind them. */
export async function openOutside(box: Box): Promise<void> {
  await box.sh(`
    ip netns add outside
    ip link add uplink0 type veth peer name eth0 netns outside
    ip address add ${BOX[4]}/24 dev uplink0
    ip address add ${BOX[6]}/64 dev uplink0 nodad
    ip link set uplink0 up
    ip -n outside link set lo up
    ip -n outside link set eth0 up
    ip -n outside address add 198.51.100.1/24 dev eth0
    ip -n outside address add 2001:db8:1::1/64 dev eth0 nodad
    ip -n outside address add ${OUTSIDE[4]}/32 dev lo
    ip -n outside address add ${OUTSIDE[6]}/128 dev lo
    ip route add default via 198.51.100.1
    ip route add default via 2001:db8:1::1
    echo nameserver ${OUTSIDE[4]} >/run/resolv.conf
    mount --bind /run/resolv.conf /etc/resolv.conf`);
  await box.start(["ip", "netns", "exec", "outside", process.execPath, SERVER]).until(/ready/);
}
