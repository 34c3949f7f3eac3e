// What a lab asks of a machine, read off the commands of its plan: a new kind needs nothing here.

import { makePlan } from "../../core/planner.js";
import type { Command, State } from "../../core/resource.js";
import { stepsOf } from "../../core/simulate.js";
import type { Facts } from "../../kinds/rows.js";
import { everyPlace, HOST, type Lab } from "../../topology/lab.js";
import { model } from "../model.js";
import { desiredWith } from "../state.js";

export interface Needs {
  lab: string;
  sandbox: boolean;
  /** A way out of the sandbox. */
  uplink: boolean;
  desired: State;
  /** Programs. */
  tools: Set<string>;
  /** As host/doctor/kernel.ts calls them. */
  features: Set<string>;
  /** `system`, `netdev`: datapaths of its Open vSwitch bridges. */
  datapaths: Set<string>;
  namespaces: number;
  /** Devices of the host that it makes. */
  devices: string[];
  /** The Linux bridge with the most ports. */
  ports: { bridge: string; count: number };
  /** By family. */
  addresses: { 4: number; 6: number };
}

export function needsOf(lab: Lab, facts: Facts): Needs {
  const desired: State = desiredWith(lab, facts);
  const commands = stepsOf(makePlan(model, { lab: lab.name, desired, live: {} })).flatMap((step) => step.commands);
  const all = Object.values(desired);
  const addresses = (family: 4 | 6) => all.filter((r) => r.kind === "address" && r.at.family === family).length;
  return {
    lab: lab.name,
    sandbox: lab.sandbox !== undefined,
    uplink: lab.sandbox?.uplink === true,
    desired,
    tools: new Set([...commands.flatMap(toolsOf), ...toolsAround(lab), ...programs(lab)]),
    features: new Set(commands.flatMap(featuresOf)),
    datapaths: new Set(all.filter(({ kind }) => kind === "ovs-bridge").map(({ fields }) => String(fields.datapath))),
    namespaces: lab.namespaces.length,
    devices: lab.host.interfaces.map(({ name }) => name),
    ports: mostPorts(lab),
    addresses: { 4: addresses(4), 6: addresses(6) },
  };
}

const toolsOf = ({ tool, place }: Command): string[] => (place === HOST ? [tool] : [tool, "nsenter"]);

/** What netlab itself calls: in host/: read/facts.ts, lock.ts, probe/, sandbox/hold.ts. */
const toolsAround = ({ namespaces, checks, sandbox }: Lab): string[] => [
  ...["ip", "flock"],
  ...(namespaces.length > 0 ? ["nsenter", "unshare", "grep"] : []),
  ...(sandbox ? ["nsenter", "unshare"] : []),
  ...(checks.some(({ test }) => "ping" in test) ? ["ping"] : []),
];

/** What the services run; of netlab's own scripts, what they are for. */
const programs = (lab: Lab): string[] =>
  everyPlace(lab)
    .flatMap(({ services }) => services)
    .map(({ command: [program, , , script] }) =>
      script === "dnsmasq" ? script : script === "dhcp-client" ? "udhcpc" : program!,
    )
    .filter((program) => !program.includes("/"));

function featuresOf({ tool, args, stdin = "" }: Command): string[] {
  if (tool === "nft") {
    return [4, 6].flatMap((family) => {
      const ip = family === 6 ? "ip6" : "ip";
      const masquerades = new RegExp(`(\\b${ip} saddr|meta nfproto ipv${family}|oifname)[^\\n]* masquerade`).test(
        stdin,
      );
      return [
        ...(masquerades ? [`nft masquerade ipv${family}`] : []),
        ...(new RegExp(`dnat ${ip} to`).test(stdin) ? [`nft dnat ipv${family}`] : []),
      ];
    });
  }
  if (tool !== "ip") return [];
  if (args[0] === "tuntap") return ["tun"];
  const type = args[0] === "link" && args[1] === "add" ? args[args.indexOf("type") + 1] : undefined;
  return [...(type === undefined ? [] : [type]), ...(args.includes("vlan_filtering") ? ["bridge vlan_filtering"] : [])];
}

function mostPorts(lab: Lab): Needs["ports"] {
  let most = { bridge: "", count: 0 };
  for (const { interfaces } of everyPlace(lab)) {
    const counts = new Map<string, number>();
    for (const { port } of interfaces)
      if (port?.kind === "linux") counts.set(port.bridge, (counts.get(port.bridge) ?? 0) + 1);
    for (const [bridge, count] of counts) if (count > most.count) most = { bridge, count };
  }
  return most;
}
