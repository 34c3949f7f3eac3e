// Open vSwitch bridges: ovs-vsctl(8), ovs-vswitchd.conf.db(5). They live on the host; the mark is external_ids:netlab.
import { asked, type Owner, owned, type Resource } from "../core/resource.js";
import { HOST } from "../topology/lab.js";
import { born } from "./born.js";
import type { Kind } from "./kind.js";
import * as slot from "./slots.js";
import { macFor } from "./takeover.js";

/** Datapath types of ovs-vswitchd: the kernel's, and the one in ovs-vswitchd itself. */
const DATAPATH = { kernel: "system", userspace: "netdev" } as const;

export const markedOwner = (ids: Record<string, string>, lab: string): Owner =>
  ids.netlab === undefined ? "none" : ids.netlab === lab ? "lab" : { lab: ids.netlab };

const resource = (name: string, fields: Resource["fields"]): Resource => ({
  id: `ovs-bridge:${name}`,
  kind: "ovs-bridge",
  place: HOST,
  fields,
  at: { name },
});

const nameOf = (r: Resource) => r.at.name as string;
export const clause = (...args: string[]) => ({ tool: "ovs-vsctl", place: HOST, args });

export const ovsBridge: Kind = {
  name: "ovs-bridge",
  about: "An Open vSwitch bridge of the host.",
  fields: {
    datapath: { about: "datapath_type: system (kernel) or netdev (userspace)", way: "replace", traffic: "rebuild" },
    mac: { about: "other_config:hwaddr", way: "update", traffic: "flap" },
    mtu: {
      about: "mtu_request of its own device, without which that follows the smallest of the ports",
      way: "update",
      traffic: "none",
    },
    mark: { about: "external_ids:netlab, the lab's name", way: "update", traffic: "none" },
  },

  expand: (lab, facts) =>
    lab.host.bridges
      .filter(({ kind }) => kind === "ovs")
      .map(({ name, datapath, origin }) => {
        const device = lab.host.interfaces.find((one) => one.name === name);
        const mac = macFor(device, facts);
        const wanted = datapath === "auto" ? (facts.ovsKernelDatapath ? "kernel" : "userspace") : datapath;
        const fields = { datapath: DATAPATH[wanted], ...(mac && { mac }), mtu: device?.mtu ?? null, mark: lab.name };
        return asked(resource(name, fields), origin);
      }),

  sources: () => [{ rows: "ovs" }],

  read: ({ ovs }, { lab }) => {
    const devices = new Map(ovs?.interfaces.map((one) => [one.name, one]));
    return (ovs?.bridges ?? []).map(({ name, datapath_type, other_config, external_ids }) => {
      const fields = {
        datapath: datapath_type || DATAPATH.kernel,
        mac: other_config.hwaddr ?? null,
        mtu: devices.get(name)?.mtu_request ?? null,
        mark: external_ids.netlab ?? null,
      };
      return owned(resource(name, fields), markedOwner(external_ids, lab));
    });
  },

  provides: (r) => [slot.ovs(nameOf(r)), slot.link(HOST, nameOf(r))],
  claims: (r) => [slot.ovs(nameOf(r)), slot.name(HOST, nameOf(r))],
  after: () => [slot.defaults(HOST)],
  // Of a tap, which it is on the userspace datapath, ovs-vswitchd can set the address only while it is down.
  flaps: (from, to) =>
    to.fields.datapath === DATAPATH.userspace && to.fields.mac !== undefined && to.fields.mac !== from.fields.mac
      ? [slot.up(HOST, nameOf(to))]
      : [],
  lingers: true,
  atomic: true,
  spawns: (r) => {
    const { mac = null, mtu } = r.fields;
    return [born(HOST, nameOf(r), { group: 0, mac, ...(mtu && { mtu }) })];
  },

  create: (r) => [
    clause("add-br", nameOf(r)),
    clause("set", "Bridge", nameOf(r), `datapath_type=${r.fields.datapath}`, ...mark(r), ...hwaddr(r)),
    ...(r.fields.mtu ? [requestMtu(r)] : []),
  ],
  update: (_, to, fields) => [
    ...(fields.includes("mac") ? [rehwaddr(to)] : []),
    ...(fields.includes("mtu") ? [requestMtu(to)] : []),
    ...(fields.includes("mark") ? [remark("Bridge", to)] : []),
  ],
  remove: (r) => [clause("--if-exists", "del-br", nameOf(r))],
};

/** ovs-vsctl takes a colon in a map's value for a separator, unless the value is quoted. */
const hwaddr = (r: Resource) => (r.fields.mac ? [`other_config:hwaddr="${r.fields.mac}"`] : []);

const rehwaddr = (r: Resource) =>
  r.fields.mac
    ? clause("set", "Bridge", nameOf(r), ...hwaddr(r))
    : clause("remove", "Bridge", nameOf(r), "other_config", "hwaddr");

const mark = (r: Resource) => (r.fields.mark ? [`external_ids:netlab=${r.fields.mark}`] : []);

/** For the device of a bridge or of an internal port; ovs-vswitchd undoes what `ip link set mtu` says otherwise. */
export const requestMtu = (r: Resource) =>
  r.fields.mtu
    ? clause("set", "Interface", nameOf(r), `mtu_request=${r.fields.mtu}`)
    : clause("clear", "Interface", nameOf(r), "mtu_request");

/** Sets the mark, or takes it off: back to how it was before it was adopted. */
export const remark = (table: "Bridge" | "Port", r: Resource) =>
  r.fields.mark
    ? clause("set", table, nameOf(r), ...mark(r))
    : clause("remove", table, nameOf(r), "external_ids", "netlab");
