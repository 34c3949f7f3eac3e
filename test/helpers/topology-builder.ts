// Builds a valid topology from numbers: every choice is taken modulo what there is to choose from.
import type * as T from "../../src/topology/types.gen.js";

/** How a device looks. */
export interface Face {
  /** 0 to 5: the subnet modulo 3; from 3 on a second address of the same subnet. */
  v4: number[];
  v6: boolean;
  mtu: number | undefined;
  mac: boolean;
  up: boolean;
}

export interface Choices {
  /** n1 to n12. */
  places: string[];
  bridges: { where: number; name: number; ovs: boolean; stp: boolean; face: Face }[];
  cables: {
    kind: number;
    near: number;
    far: number;
    name: number;
    named: boolean;
    faces: [Face, Face];
    option: number;
  }[];
  internals: { where: number; bridge: number; name: number; face: Face; option: number }[];
  taps: { where: number; bridge: number; name: number; face: Face; option: number }[];
  services: { where: number; name: number; shape: number }[];
  routes: { where: number; to: number; hop: number; second: number; shape: number; metric: number; v6: boolean }[];
  settings: { where: number; key: number; value: number }[];
  forwarding: { where: number; value: number }[];
  nat: { where: number; source: number; out: number; forward: number; shape: number }[];
  withoutIpv6: number[];
}

const HOST = "host";
const pick = <V>(list: readonly V[], choice: number): V | undefined => list[choice % Math.max(1, list.length)];

/** Takes the names of an end when it is called. */
type EndMaker = () => T.Endpoint;

interface Device {
  name: string;
  addresses: string[];
  up: boolean;
  spec: { [key: string]: unknown };
}

export class TopologyBuilder {
  private readonly places = new Map<string, Device[]>();
  private readonly bridges: { place: string; name: string; ovs: boolean; ports: { [name: string]: T.BridgePort } }[] =
    [];
  private readonly topology: T.Topology & { namespaces: { [name: string]: NonNullable<T.Namespace> } };
  private readonly joined = new Set<string>();

  constructor(
    name: string,
    private readonly choices: Choices,
  ) {
    this.topology = { name, namespaces: {}, bridges: {}, links: [], host: { interfaces: {} } };
    for (const place of choices.places) this.topology.namespaces[place] = { interfaces: {}, bridges: {}, routes: [] };
    for (const place of [HOST, ...choices.places]) this.places.set(place, []);
  }

  build(): T.Topology {
    const { choices } = this;
    for (const place of choices.withoutIpv6) {
      const name = pick(choices.places, place);
      if (name) this.topology.namespaces[name]!.ipv6 = false;
    }
    for (const one of choices.bridges) this.bridge(one);
    for (const one of choices.cables) this.cable(one);
    for (const one of choices.internals) this.internal(one);
    for (const one of choices.taps) this.tap(one);
    for (const one of choices.services) this.service(one);
    for (const one of choices.routes) this.route(one);
    for (const one of choices.settings) this.setting(one);
    for (const { where, value } of choices.forwarding) {
      const forwarding = pick([true, false, "ipv4", "ipv6"] as const, value)!;
      this.spec(this.place(where)).forwarding = forwarding;
    }
    for (const one of choices.nat) this.nat(one);
    if (choices.forwarding.length % 2) this.topology.host!.firewall = "accept";
    return this.topology;
  }

  private place = (choice: number): string => pick([HOST, ...this.choices.places], choice)!;
  private spec = (place: string) => (place === HOST ? this.topology.host! : this.topology.namespaces[place]!);
  private isFree = (place: string, name: string) => !this.places.get(place)!.some((device) => device.name === name);

  /** Takes the name, and makes addresses that nobody else has: they follow from place and name. */
  private device(place: string, name: string, face: Face): Device {
    const devices = ["lan0", "lan1", "sw0", "sw1", "br0", "br1", "e0", "e1", "e2", "e3", "t0", "t1", "v0", "v1"];
    const nth = place === HOST ? 0 : Number(place.slice(1));
    // Five places to a block of addresses.
    const [block, number] = [Math.floor(nth / 5), (nth % 5) * 20 + devices.indexOf(name) + 1];
    const isV6 = face.v6 && this.topology.namespaces[place]?.ipv6 !== false;
    const v4 = face.v4.map((choice) => `10.${choice % 3}.${block}.${number + (choice >= 3 ? 100 : 0)}/24`);
    const v6 = isV6
      ? face.v4.slice(0, 1).map((choice) => `fd00:${choice % 3}::${(block * 100 + number).toString(16)}/64`)
      : [];
    const addresses = [...v4, ...v6];
    const spec = {
      ...(addresses.length > 0 && { addresses }),
      ...(face.mtu !== undefined && { mtu: face.mtu }),
      ...(face.mac && { mac: `02:00:00:00:0${block}:${number.toString(16).padStart(2, "0")}` }),
      ...(!face.up && { up: false }),
    };
    const device = { name, addresses, up: face.up, spec };
    this.places.get(place)!.push(device);
    return device;
  }

  private bridge({ where, name: choice, ovs, stp, face }: Choices["bridges"][number]): void {
    const place = ovs ? HOST : this.place(where);
    const name = `${ovs ? "sw" : place === HOST ? "lan" : "br"}${choice % 2}`;
    if (!this.isFree(place, name)) return;
    const ports = {};
    const { spec } = this.device(place, name, face);
    const bridge = { ...spec, ...(ovs ? { kind: "ovs" as const } : stp && { stp }), ports };
    const home = place === HOST ? this.topology.bridges! : this.topology.namespaces[place]!.bridges!;
    home[name] = bridge;
    this.bridges.push({ place, name, ovs, ports });
  }

  /** 0: two places; 1: a place and a bridge; 2: a bridge of the host and one of another sort or place. */
  private cable(cable: Choices["cables"][number]): void {
    const kinds = this.bridges.length > 0 ? [0, 1, 1, 2] : [0];
    const kind = pick(kinds, cable.kind);
    const ends =
      kind === 2
        ? this.trunk(cable)
        : [this.plainEnd(cable.near, cable, 0), kind === 1 ? this.portEnd(cable) : this.plainEnd(cable.far, cable, 1)];
    const makers = ends.filter((end) => end !== undefined);
    if (makers.length === 2) this.topology.links!.push({ endpoints: makers.map((make) => make()) });
  }

  /** Both ends of a cable may be in one place: there have to be two names left. */
  private plainEnd(where: number, { name, faces }: Choices["cables"][number], side: 0 | 1): EndMaker | undefined {
    const place = this.place(where);
    const free = () => ["e0", "e1", "e2", "e3"].filter((one) => this.isFree(place, one));
    if (free().length < 2) return undefined;
    return () => {
      const device = pick(free(), name)!;
      const { spec } = this.device(place, device, faces[side]);
      if (place === HOST) return { end: `host:${device}`, ...spec };
      this.topology.namespaces[place]!.interfaces![device] = spec;
      return `${place}:${device}`;
    };
  }

  private portEnd({ far, near, name, named, option }: Choices["cables"][number]): EndMaker {
    const bridge = pick(this.bridges, far)!;
    return () => {
      const end = `${bridge.place === HOST ? "" : `${bridge.place}/`}${bridge.name}`;
      const port = `p${(near * 4 + name) % 16}`;
      if (!named || !this.isFree(bridge.place, port)) return end;
      this.places.get(bridge.place)!.push({ name: port, addresses: [], up: false, spec: {} });
      bridge.ports[port] = portOptions(bridge.ovs, option);
      return `${end}:${port}`;
    };
  }

  /** Bridges are joined like a tree: two of one set never again. */
  private trunk({ near, far }: Choices["cables"][number]): EndMaker[] {
    const [a, b] = [pick(this.bridges, near)!, pick(this.bridges, far)!];
    const root = (key: string) => [...this.joined].filter((group) => group.split(" ").includes(key))[0] ?? key;
    const key = ({ place, name }: typeof a) => `${place}/${name}`;
    const [x, y] = [root(key(a)), root(key(b))];
    if (x === y) return [];
    this.joined.delete(x);
    this.joined.delete(y);
    this.joined.add(`${x} ${y}`);
    return [a, b].map((bridge, side) => () => {
      const port = `x${side}-${this.topology.links!.length}`;
      this.places.get(bridge.place)!.push({ name: port, addresses: [], up: false, spec: {} });
      return `${bridge.place === HOST ? "" : `${bridge.place}/`}${bridge.name}:${port}`;
    });
  }

  private internal({ where, bridge: choice, name: number, face, option }: Choices["internals"][number]): void {
    const bridge = pick(
      this.bridges.filter(({ ovs }) => ovs),
      choice,
    );
    const name = `t${number % 2}`;
    if (!bridge || [...this.places.keys()].some((place) => !this.isFree(place, name))) return;
    const place = this.place(where);
    const { spec } = this.device(place, name, face);
    this.spec(place).interfaces![name] = { kind: "internal", bridge: bridge.name, ...spec };
    bridge.ports[name] = portOptions(true, option);
  }

  /** Alone, or as a port of a bridge in its place. */
  private tap({ where, bridge: choice, name: number, face, option }: Choices["taps"][number]): void {
    const place = this.place(where);
    const name = `v${number % 2}`;
    if (!this.isFree(place, name)) return;
    const bridge = pick([undefined, ...this.bridges.filter((one) => one.place === place)], choice);
    const owner = option % 2 ? { owner: "nobody" } : {};
    const options = { kind: "tap" as const, ...owner, ...(option > 1 && { vnet_hdr: true }) };
    if (bridge) {
      this.places.get(place)!.push({ name, addresses: [], up: false, spec: {} });
      bridge.ports[name] = portOptions(bridge.ovs, option);
      this.spec(place).interfaces![name] = { ...options, bridge: bridge.name };
    } else this.spec(place).interfaces![name] = { ...options, ...this.device(place, name, face).spec };
  }

  private service({ where, name, shape }: Choices["services"][number]): void {
    const place = this.place(where);
    if (place !== HOST && shape === name) this.topology.namespaces[place]!.files = { hosts: `192.0.2.${name} shop\n` };
    const services = (this.spec(place).services ??= {});
    services[`s${name}`] = pick<T.Service>(
      [
        { command: ["sleep", "1000"] },
        { command: "echo up; exec sleep 1000", ready: { log: "^up$" } },
        { command: "sleep 1000", restart: "always", env: { A: "a b" }, directory: "/tmp" },
      ],
      shape,
    )!;
  }

  private route({ where, to, hop, second, shape, metric, v6 }: Choices["routes"][number]): void {
    const place = this.place(where);
    const spec = this.spec(place);
    if (v6 && this.topology.namespaces[place]?.ipv6 === false) return;
    const isOf = (address: string) => address.includes(":") === v6;
    const ready = this.places.get(place)!.filter(({ up, addresses }) => up && addresses.some(isOf));
    const dst = pick(v6 ? ["default", "fd99::/64", "fd98::5"] : ["default", "172.20.0.0/16", "172.21.1.1"], to)!;
    const route: T.Route = {
      to: v6 && dst === "default" ? "::/0" : dst,
      ...pick([{}, {}, { metric: 50 }, { table: 100 }], metric),
    };
    const via = (choice: number) => {
      const { name, addresses } = pick(ready, choice)!;
      const via = addresses.find(isOf)!.replace(v6 ? /::.*/ : /\.\d+\/24/, v6 ? "::ffff" : ".254");
      return { via, dev: name };
    };
    const has = (spec.routes ??= []).some(
      (one) => one.to === route.to && one.metric === route.metric && one.table === route.table,
    );
    if (has) return;
    if (shape === 0)
      spec.routes.push({ ...route, type: pick(["blackhole", "unreachable", "prohibit"] as const, hop)! });
    else if (ready.length === 0) return;
    else if (shape === 1) {
      const { name, addresses } = pick(ready, hop)!;
      spec.routes.push({ ...route, dev: name, src: addresses.find(isOf)!.split("/")[0]! });
    } else if (shape === 2 && pick(ready, hop) !== pick(ready, second))
      spec.routes.push({ ...route, nexthops: [{ ...via(hop), weight: (metric % 3) + 1 }, via(second)] });
    else spec.routes.push({ ...route, ...via(hop) });
  }

  private setting({ where, key, value }: Choices["settings"][number]): void {
    const place = pick(this.choices.places, where);
    if (!place) return;
    const device = pick(Object.keys(this.spec(place).interfaces!), value) ?? "lo";
    const name = pick(["all", "default", device], key)!;
    this.topology.namespaces[place]!.sysctl = {
      ...this.topology.namespaces[place]!.sysctl,
      [`net.ipv4.conf.${name}.rp_filter`]: value % 3,
    };
  }

  private nat({ where, source, out, forward, shape }: Choices["nat"][number]): void {
    const place = this.place(where);
    const device = pick(this.places.get(place)!, out);
    const subnet = { source: `10.${source % 3}.0.0/24` };
    const masquerade = pick(
      [[subnet], device ? [{ out: device.name }] : [], [{ source: "fd00:1::/64" }, subnet]],
      shape,
    )!;
    const port = 8000 + (forward % 3);
    const target = { protocol: "tcp" as const, port, to: `10.${source % 3}.0.${1 + forward}:80` };
    const isV6Off = this.topology.namespaces[place]?.ipv6 === false;
    this.spec(place).nat = {
      masquerade: masquerade.filter((one) => !isV6Off || !("source" in one && one.source.includes(":"))),
      forward: forward % 2 ? [target] : [],
    };
    if (this.spec(place).nat!.masquerade!.length + (forward % 2) === 0) delete this.spec(place).nat;
  }
}

const portOptions = (ovs: boolean, option: number): T.BridgePort =>
  ovs ? pick([{}, { tag: 10 }, { trunks: [10, 20] }, { tag: 20 }], option)! : option % 2 ? { hairpin: true } : {};
