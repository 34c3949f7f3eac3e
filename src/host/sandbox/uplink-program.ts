// The programs that carry a sandbox's packets out through ordinary sockets: slirp4netns(1) and pasta(1), in the same words.
import { MachineError } from "../machine.js";
import { which } from "../process/environment.js";
import type { Published } from "./uplink-ports.js";

/** The device in the sandbox's root namespace. */
export const DEVICE = "uplink";

/**
 * The network between sandbox and program, where slirp4netns has its parts at fixed numbers. RFC 6598 sets the IPv4
 * range aside for what lies between a network and its carrier's translation; the IPv6 one cannot be chosen.
 */
export const NET = {
  4: { address: "100.64.0.100", gateway: "100.64.0.2", dns: "100.64.0.3", subnet: "100.64.0.0/24", prefix: 24 },
  6: { address: "fd00::100", gateway: "fd00::2", dns: "fd00::3", subnet: "fd00::/64", prefix: 64 },
} as const;

export type Program = "slirp4netns" | "pasta";

/** slirp4netns first: the pasta of Debian 12 repeats what a server says to a client that has closed its own half. */
const PROGRAMS: Program[] = ["slirp4netns", "pasta"];

/** @throws MachineError with the packages where none is installed */
export function uplinkProgram(): Program {
  const found = PROGRAMS.find(which);
  if (found) return found;
  throw new MachineError("an uplink needs slirp4netns or pasta, and neither is installed", {
    hint: "install slirp4netns, on Debian and Ubuntu: apt install slirp4netns (pasta is in the package passt)",
    details: { missing: PROGRAMS },
  });
}

/**
 * The words that start a program, which finds the sandbox's network namespace as its standard input: it gives up the
 * right to look at other processes before it opens it.
 * @param socket where slirp4netns is told what to publish
 */
export function programWords(program: Program, published: Published[], socket: string): string[] {
  const netns = "/proc/self/fd/0";
  if (program === "slirp4netns") {
    // It would not let the answers of a published UDP port through either.
    const apart = published.some(({ protocol }) => protocol === "udp") ? [] : ["--disable-host-loopback"];
    const words = ["--netns-type=path", `--cidr=${NET[4].subnet}`, "--enable-ipv6", ...apart];
    return [program, ...words, `--api-socket=${socket}`, netns, DEVICE];
  }
  const addresses = [NET[4], NET[6]].flatMap(({ address, gateway, dns }) => [
    ...["--address", address, "--gateway", gateway],
    ...["--dns-forward", dns],
  ]);
  const ports = (["tcp", "udp"] as const).flatMap((protocol) => {
    const specs = published.filter((one) => one.protocol === protocol).map(({ port }) => `127.0.0.1/${port}`);
    return (specs.length > 0 ? specs : ["none"]).flatMap((spec) => [`--${protocol}-ports`, spec]);
  });
  const none = ["--no-dhcp", "--no-dhcpv6", "--no-ra", "--no-map-gw", "--tcp-ns", "none", "--udp-ns", "none"];
  // Root of the machine or of a user namespace: it has nobody else to become who may enter the sandbox.
  const words = ["--foreground", "--runas", "0:0", "--netns", netns, "--ns-ifname", DEVICE];
  return [program, ...words, ...addresses, "--netmask", String(NET[4].prefix), ...ports, ...none];
}
