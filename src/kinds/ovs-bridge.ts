// Open vSwitch bridges: ovs-vsctl(8), ovs-vswitchd.conf.db(5). They live on the host; the mark is external_ids:netlab.
import type { Owner, Resource } from "../core/resource.js";
import { groupOf } from "../topology/derive.js";
import { HOST } from "../topology/lab.js";
import type { Kind } from "./kind.js";
import * as slot from "./slots.js";

/** Datapath types of ovs-vswitchd: the kernel's, and the one in ovs-vswitchd itself. */
const DATAPATH = { kernel: "system", userspace: "netdev" } as const;

export const markedOwner = (ids: Record<string, string>, lab: string): Owner =>
  ids.netlab === undefined ? "none" : ids.netlab === lab ? "lab" : { lab: ids.netlab };

const resource = (name: string, fields: Resource["fields"], at: Resource["at"]): Resource => ({
  id: `ovs-bridge:${name}`,
  kind: "ovs-bridge",
  place: HOST,
  fields,
  at: { name, ...at },
});

const nameOf = (r: Resource) => r.at.name as string;
const clause = (...args: string[]) => ({ tool: "ovs-vsctl", place: HOST, args });

export const ovsBridge: Kind = {
  name: "ovs-bridge",
  about: "An Open vSwitch bridge of the host.",
  fields: {
    datapath: { about: "datapath_type: system (kernel) or netdev (userspace)", way: "replace", traffic: "rebuild" },
    mac: { about: "other_config:hwaddr", way: "update", traffic: "flap" },
  },

  expand: (lab, facts) =>
    lab.host.bridges
      .filter(({ kind }) => kind === "ovs")
      .map(({ name, datapath, origin }) => {
        const device = lab.host.interfaces.find((one) => one.name === name);
        const wanted = datapath === "auto" ? (facts.ovsKernelDatapath ? "kernel" : "userspace") : datapath;
        const fields = { datapath: DATAPATH[wanted], ...(device?.mac && { mac: device.mac }) };
        return { ...resource(name, fields, { lab: lab.name, group: groupOf(lab.name) }), origin };
      }),

  sources: () => [{ rows: "ovs" }],

  read: (rows, { lab }) =>
    (rows.ovs?.bridges ?? []).map(({ name, datapath_type, other_config, external_ids }) => ({
      ...resource(
        name,
        { datapath: datapath_type || DATAPATH.kernel, mac: other_config.hwaddr ?? null },
        { lab: external_ids.netlab ?? null },
      ),
      owner: markedOwner(external_ids, lab),
    })),

  provides: (r) => [slot.ovs(nameOf(r)), slot.link(HOST, nameOf(r))],
  claims: (r) => [slot.ovs(nameOf(r)), slot.name(HOST, nameOf(r))],
  after: () => [slot.defaults(HOST)],
  lingers: true,
  spawns: (r) => [
    {
      id: `interface:${HOST}/${nameOf(r)}`,
      kind: "interface",
      place: HOST,
      fields: { up: false, alias: null, group: 0, mac: r.fields.mac ?? null, mtu: 1500 },
      at: { name: nameOf(r) },
      owner: "lab",
    },
  ],

  create: (r) => [
    clause("add-br", nameOf(r)),
    clause(
      "set",
      "Bridge",
      nameOf(r),
      `datapath_type=${r.fields.datapath}`,
      `external_ids:netlab=${r.at.lab}`,
      ...hwaddr(r),
    ),
  ],
  update: (_, to) => [clause("set", "Bridge", nameOf(to), ...hwaddr(to))],
  remove: (r) => [clause("--if-exists", "del-br", nameOf(r))],
  mark: (r) => [clause("set", "Bridge", nameOf(r), `external_ids:netlab=${r.at.lab}`)],
};

/** ovs-vsctl takes a colon in a map's value for a separator, unless the value is quoted. */
const hwaddr = (r: Resource) => (r.fields.mac ? [`other_config:hwaddr="${r.fields.mac}"`] : []);
