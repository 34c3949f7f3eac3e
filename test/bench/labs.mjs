// The labs that are measured: each as netlab's file, and as the best script of `ip -batch` that was found for it.
// In a script, everything of the host is one batch, every namespace another; a bridge comes up last, since one that is up
// carries what each new port sends to all others.
const GATEWAY = "10.0.255.254";
const addressOf = (i) => `10.0.${Math.floor(i / 250)}.${(i % 250) + 1}`;
const each = (size, one) => Array.from({ length: size }, (_, i) => one(i));
const inside = (command) => `xargs -P2 -I{} nsenter --net=/run/netns/{} ${command} <nodes`;

/** What a script of batches consists of. @returns {{ files: Record<string, string>, up: string, down: string, naive?: string }} */
function script({ root, nodes, last = [], extra = {}, up = ["", ""], down = "", naive }) {
  const names = Object.keys(nodes);
  const files = { root, last, down: names.map((name) => `netns del ${name}`), nodes: names, ...extra };
  for (const name of names) files[`ns-${name}`] = nodes[name];
  return {
    files: Object.fromEntries(Object.entries(files).map(([name, lines]) => [name, `${lines.join("\n")}\n`])),
    up: `ip -batch root\n${up[0]}\n${inside("ip -batch ns-{}")}\nip -batch last\n${up[1]}`,
    down: `${down}\nip -batch down`,
    ...(naive && { naive: naive.join("\n") }),
  };
}

const netlab = (name, lines) => ({ "netlab.yaml": `${[`name: ${name}`, ...lines].join("\n")}\n` });

export const starFile = (name, size, bridge, node = []) =>
  netlab(name, [
    ...["bridges:", "  br0:", ...bridge, `    addresses: [${GATEWAY}/16]`, "namespaces:"],
    ...each(size, (i) => [
      ...[`  n${i}:`, "    interfaces:", `      eth0: { addresses: [${addressOf(i)}/16] }`],
      ...["    routes:", `      - { to: default, via: ${GATEWAY} }`, ...node],
    ]).flat(),
    ...["links:", ...each(size, (i) => `  - endpoints: [n${i}:eth0, br0:v${i}]`)],
  ]);

const node = (i) => [
  ...["link set lo up", "link set eth0 up", `addr add ${addressOf(i)}/16 brd + dev eth0`],
  `route add default via ${GATEWAY}`,
];
const nodesOf = (size) => Object.fromEntries(each(size, (i) => [`n${i}`, node(i)]));
const cables = (size, master) =>
  each(size, (i) => [`netns add n${i}`, `link add v${i} ${master}up type veth peer name eth0 netns n${i}`]).flat();
const bridgeUp = [`addr add ${GATEWAY}/16 brd + dev br0`, "link set br0 up"];
const bridgeDown = "ip link set br0 down; ip link del br0";
const acrossStar = (size) => ({ from: "n0", to: addressOf(size - 1) });

/** `size` namespaces on one Linux bridge of the host. */
function star(size) {
  const root = ["link add br0 address 02:00:0a:00:ff:fe type bridge", ...cables(size, "master br0 ")];
  const naive = ["ip link add br0 type bridge", `ip addr add ${GATEWAY}/16 dev br0`, "ip link set br0 up"];
  for (let i = 0; i < size; i++)
    naive.push(
      ...[`ip netns add n${i}`, `ip link add v${i} type veth peer name p${i}`, `ip link set p${i} netns n${i}`],
      ...[`ip netns exec n${i} ip link set p${i} name eth0`, `ip link set v${i} master br0`, `ip link set v${i} up`],
      ...node(i).map((words) => `ip netns exec n${i} ip ${words}`),
    );
  return {
    netlab: starFile("star", size, []),
    batch: script({ root, nodes: nodesOf(size), last: bridgeUp, down: bridgeDown, naive }),
    across: acrossStar(size),
  };
}

/** The same on one Open vSwitch bridge; TCP crosses its userspace datapath only with transmit checksums made. */
function ovs(size) {
  const ports = each(size, (i) => `-- add-port br0 v${i}`).join(" ");
  const add = `ovs-vsctl add-br br0 -- set bridge br0 datapath_type=netdev ${ports}`;
  return {
    netlab: starFile("ovs", size, ["    kind: ovs", "    datapath: userspace"]),
    batch: script({
      ...{ root: cables(size, ""), nodes: nodesOf(size), last: bridgeUp },
      up: [add, inside("ethtool -K eth0 tx off >/dev/null")],
      down: "ovs-vsctl del-br br0",
    }),
    across: acrossStar(size),
  };
}

/** The same on a Linux bridge, every namespace a router with an nftables table of its own. */
function nat(size) {
  const rules = `      masquerade: [{ source: 192.168.0.0/24, out: eth0 }]`;
  const table = [
    ...["table ip nat {", "chain postrouting {", "type nat hook postrouting priority 100;"],
    ...['ip saddr 192.168.0.0/24 oifname "eth0" masquerade', "}", "}"],
  ];
  const root = ["link add br0 address 02:00:0a:00:ff:fe type bridge", ...cables(size, "master br0 ")];
  return {
    netlab: starFile("nat", size, [], ["    forwarding: ipv4", "    nat:", rules]),
    batch: script({
      ...{
        root,
        nodes: nodesOf(size),
        last: bridgeUp,
        extra: { table },
        down: bridgeDown,
      },
      up: ["", `${inside("sh -c 'echo 1 >/proc/sys/net/ipv4/ip_forward; exec nft -f table'")}`],
    }),
    across: acrossStar(size),
  };
}

/** `size` routers in a row. A packet crosses half of them and its answer comes back: it lives for 64 hops. */
function chain(size) {
  const net = (i, host) => `10.1.${i >> 6}.${(i & 63) * 4 + host}`;
  const [first, last] = [0, size - 1];
  const nodes = {};
  const file = ["namespaces:"];
  for (let i = 0; i < size; i++) {
    const ends = [...(i > first ? [["left", net(i - 1, 2)]] : []), ...(i < last ? [["right", net(i, 1)]] : [])];
    const routes = [
      ["default", i < last ? net(i, 2) : net(i - 1, 1)],
      ...(i > 1 ? [["10.1.0.0/30", net(i - 1, 1)]] : []),
    ];
    file.push(`  r${i}:`, "    forwarding: ipv4", "    interfaces:");
    file.push(...ends.map(([name, address]) => `      ${name}: { addresses: [${address}/30] }`), "    routes:");
    file.push(...routes.map(([to, via]) => `      - { to: ${to}, via: ${via} }`));
    nodes[`r${i}`] = [
      "link set lo up",
      ...ends.flatMap(([name, address]) => [`link set ${name} up`, `addr add ${address}/30 brd + dev ${name}`]),
      ...routes.map(([to, via]) => `route add ${to} via ${via}`),
    ];
  }
  const between = each(size - 1, (i) => i);
  const link = (i) => `link add right netns r${i} type veth peer name left netns r${i + 1}`;
  file.push("links:", ...between.map((i) => `  - endpoints: [r${i}:right, r${i + 1}:left]`));
  // A gateway must be on a link that is up at both ends only for packets, not for its route.
  const forward = inside("sh -c 'echo 1 >/proc/sys/net/ipv4/ip_forward'");
  const root = [...each(size, (i) => `netns add r${i}`), ...between.map(link)];
  return {
    netlab: netlab("chain", file),
    batch: script({ root, nodes, up: ["", forward] }),
    across: { from: "r0", to: net(Math.floor(size / 2), 2) },
  };
}

export const labs = { star, ovs, nat, chain };
