// Hostile strings, and topologies with a string in every place that has one.
import { readdirSync, readFileSync } from "node:fs";

export type Path = (string | number)[];

const folder = new URL("../../examples/", import.meta.url);
/** What no example has. */
const MORE = `
name: more
sandbox: { uplink: false }
namespaces:
  a:
    interfaces: { e0: { mac: "02:00:00:00:00:01", addresses: [10.0.0.1/24] }, t0: { kind: tap, owner: root, bridge: b0 } }
    bridges: { b0: { mac: "02:00:00:00:00:02", addresses: [10.1.0.1/24], ports: { p0: {} } } }
    routes:
      - { to: 10.9.0.0/16, nexthops: [{ via: 10.0.0.2, dev: e0 }, { via: 10.0.0.3 }] }
      - { to: 10.8.0.0/16, via: 10.0.0.2, dev: e0, src: 10.0.0.1 }
    files: { motd: "hello" }
    sysctl: { net.ipv4.ip_local_port_range: "1024 65535" }
    nat:
      masquerade: [{ source: 10.1.0.0/24, out: e0 }]
      forward: [{ protocol: tcp, port: 80, address: 10.0.0.1, to: "10.1.0.2:80" }]
  b: { interfaces: { e0: { addresses: [10.0.0.2/24, 10.0.0.3/24] } } }
bridges: { lan0: { mac: "02:00:00:00:00:03", addresses: [10.2.0.1/24] } }
links:
  - endpoints: [{ end: "a:e0" }, "b:e0"]
  - endpoints: [{ end: "host:h0", mac: "02:00:00:00:00:04", addresses: [10.3.0.1/24] }, "a/b0:p0"]
host: { sysctl: { net.ipv4.tcp_rmem: "4096 1 2" } }
checks:
  - { from: a, ping: 10.0.0.2 }
  - { from: [a, b], tcp: "10.0.0.2:80", listen: "b:80", seen_as: 10.0.0.1 }
`;
/** The topologies of the examples, and one more. */
export const texts = [MORE].concat(
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".yaml"))
    .map((name) => readFileSync(new URL(name, folder), "utf8")),
);

/** What a shell, a batch, a script or a path could take for more than letters, or an eye for others. */
export const HOSTILE = [
  "a b",
  " a",
  "a;reboot",
  ";",
  '"',
  "'",
  "\n",
  "\0",
  "--",
  "-",
  "..",
  "a/../b",
  "\uff45th0", // a wide letter
  "10.0.0.1 accept",
  "a\nlink delete eth0",
  "a\tb",
  "a\0b",
  'a"; flush ruleset; #',
  "a'b",
  "$(reboot)",
  "`reboot`",
  "-all",
  "--help",
  "../../etc/passwd",
  "a\\",
  "{a,b}",
  "*",
  "\u0435th0", // a Cyrillic letter
  "a\u00a0b",
  "\u202eeth0",
  "",
  "x".repeat(70),
];

/** A string somewhere: what the schema says of it, and where it stands (of a key: `key` is set). */
export interface Spot {
  rule: string;
  path: Path;
  key?: boolean;
}

/** A copy with another string in one spot. */
export function withString(value: unknown, { path, key }: Spot, text: string): unknown {
  const copy = structuredClone(value) as never;
  const parent = path.slice(0, -1).reduce<{ [key: string]: unknown }>((here, step) => here[step] as never, copy);
  const last = String(path.at(-1));
  if (!key) parent[last] = text;
  else {
    parent[text] = parent[last];
    delete parent[last];
  }
  return copy;
}
